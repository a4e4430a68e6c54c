"""The desk's list: narrowed, counted and turned page by page, as quick at the two hundredth page as at the first."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from ecritoire.accounts.models import Account
from ecritoire.directory.addresses import fold

from .models import Ticket
from .selectors import QueueFilters, ticket_queue

PAGE = 50
COUNTED = 1000
"""Counting stops here: « 1 000 + » says enough, and half a million would take its time."""
SEARCHED = 5000
ORDERS = {
    "pressing": ("priority", "created_at", "id"),
    "oldest": ("created_at", "id"),
    "newest": ("-created_at", "-id"),
    "due": ("due_at", "id"),
}


@dataclass(frozen=True)
class DeskFilters(QueueFilters):
    """What the desk adds. ``whose`` may also be an agent's key; ``line`` and ``incident`` are keys, ``school`` is a UAI."""

    line: str = ""
    channel: str = ""
    school: str = ""
    incident: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    sort: str = "pressing"


@dataclass(frozen=True)
class DeskPage:
    """Rows between two places. ``previous`` and ``following`` are the places to go on from, '' at an end."""

    rows: list[Ticket]
    previous: str
    following: str

    def __iter__(self) -> Iterator[Ticket]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def desk_tickets(*, viewer: Account, filters: DeskFilters) -> QuerySet[Ticket]:
    """In no order yet."""
    return desk_in_state(desk_in_every_state(viewer=viewer, filters=filters), filters.state)


def desk_in_every_state(*, viewer: Account, filters: DeskFilters) -> QuerySet[Ticket]:
    """What all the filters but the state leave: the search is done once for the list and for its counts."""
    wide = dataclasses.replace(filters, search="", state="all")
    rows = ticket_queue(viewer=viewer, filters=wide).order_by()
    exact = {
        "queue": filters.line,
        "channel": filters.channel,
        "structure__uai": filters.school.strip().upper(),
        "incident": filters.incident,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if filters.since:
        rows = rows.filter(created_at__gte=_midnight(filters.since))
    if filters.until:
        rows = rows.filter(created_at__lt=_midnight(filters.until + dt.timedelta(days=1)))
    return _searched(rows, filters.search) if filters.search.strip() else rows


def desk_in_state(rows: QuerySet[Ticket], state: str) -> QuerySet[Ticket]:
    if state == "all":
        return rows
    return rows.filter(state__in=Ticket.OPEN) if state == "open" else rows.filter(state=state)


def _searched(rows: QuerySet[Ticket], typed: str) -> QuerySet[Ticket]:
    """By words of the texts and beginnings of names and numbers; when none has them, by any part of a name or subject.

    The hits are fetched first, in no order, so that the index of words answers: asked for the first fifty in order, PostgreSQL walks
    half a million rows looking for a rare word. A word that hits more than SEARCHED is soon met on that walk.
    """
    hits = rows.filter(RawSQL("support_ticket.search @@ desk_query(%s)", [typed], BooleanField()))
    keys = list(hits.values_list("pk", flat=True)[: SEARCHED + 1])
    if len(keys) > SEARCHED:
        return hits
    if keys:
        return rows.filter(RawSQL("support_ticket.id = ANY(%s)", [keys], BooleanField()))
    for word in fold(typed).split():
        rows = rows.filter(search_name__contains=word)
    return rows


def desk_page(rows: QuerySet[Ticket], *, sort: str, after: str = "", before: str = "") -> DeskPage:
    """The rows after a place, or before one. A place that means nothing is the beginning."""
    order = ORDERS.get(sort, ORDERS["pressing"])
    place = _place(after or before, order)
    backwards = bool(before and not after and place)
    names = _reversed(order) if backwards else order
    if place:
        rows = rows.filter(_beyond(names, place))
    found = list(rows.order_by(*names)[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    if backwards:
        found.reverse()
    has_previous, has_following = (more, True) if backwards else (bool(place), more)
    return DeskPage(
        found,
        _mark(found[0], order) if found and has_previous else "",
        _mark(found[-1], order) if found and has_following else "",
    )


def _reversed(order: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in order)


def _beyond(names: tuple[str, ...], place: list[object]) -> RawSQL:
    """A comparison of whole rows: one walk of the index from there. The names are ours, never the reader's."""
    sign = "<" if names[0].startswith("-") else ">"
    columns = ", ".join(f"support_ticket.{name.lstrip('-')}" for name in names)
    marks = ", ".join(["%s"] * len(names))
    return RawSQL(f"({columns}) {sign} ({marks})", place, BooleanField())  # noqa: S611


def _mark(ticket: Ticket, order: tuple[str, ...]) -> str:
    moments = {
        "created_at": ticket.created_at.isoformat(),
        "due_at": ticket.due_at.isoformat() if ticket.due_at else "",
    }
    values = {"priority": ticket.priority, "id": ticket.pk, **moments}
    return "_".join(str(values[name.lstrip("-")]) for name in order)


def _place(mark: str, order: tuple[str, ...]) -> list[object]:
    parts = mark.split("_")
    if len(parts) != len(order):
        return []
    values: list[object] = []
    for name, part in zip(order, parts, strict=True):
        try:
            value = parse_datetime(part) if name.endswith("_at") else int(part)
        except ValueError:
            return []
        if value is None or (isinstance(value, int) and not 0 <= value < 2**63):
            return []
        values.append(value)
    return values


def desk_counts(rows: QuerySet[Ticket]) -> dict[str, int]:
    """How many in each state, COUNTED + 1 meaning more; one query."""
    states = [rows.filter(state=state).values_list("state", flat=True)[: COUNTED + 1] for state in Ticket.State.values]
    found = Counter(states[0].union(*states[1:], all=True))
    return {str(state): found[state] for state in Ticket.State.values}


def desk_beside(rows: QuerySet[Ticket], *, ticket: Ticket, sort: str) -> tuple[str, str]:
    """The numbers of the request before and of the one after ``ticket`` in the list, '' at an end."""
    order = ORDERS.get(sort, ORDERS["pressing"])
    place = _place(_mark(ticket, order), order)
    if not place:
        return "", ""
    numbers = []
    for names in (_reversed(order), order):
        near = rows.filter(_beyond(names, place)).order_by(*names)
        numbers.append(near.values_list("number", flat=True).first() or "")
    return numbers[0], numbers[1]


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
