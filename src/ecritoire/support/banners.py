"""The incidents each reader is told of, on every page. Nothing is asked of the database while the cache knows."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from ecritoire.accounts.models import Account
from ecritoire.directory.models import Assignment

from .incidents import BANNERS
from .models import Incident
from .status_page import status_path

SECONDS = 15
HIDDEN = "incidents_hidden"
DISMISSED = frozenset({Incident.Severity.MAINTENANCE, Incident.Severity.MINOR})
KINDS = {"maintenance": "info", "minor": "info", "major": "warning", "critical": "error"}


@dataclass(frozen=True)
class Told:
    """An incident as its banner shows it; ``update`` is the key of its last update."""

    pk: int
    status: str
    organisation: int
    title: str
    severity: str
    state: str
    text: str
    update: int
    is_public: bool
    structures: frozenset[int]

    @property
    def kind(self) -> str:
        return KINDS[self.severity]

    @property
    def may_be_hidden(self) -> bool:
        return self.severity in DISMISSED

    @property
    def mark(self) -> str:
        """Hidden until something new is said."""
        return f"{self.pk}.{self.update}"


def told_now() -> list[Told]:
    """Every incident that is not over, from the cache; three queries when it does not know."""
    known: list[Told] | None = cache.get(BANNERS)
    if known is None:
        known = [_told(row) for row in _current()]
        cache.set(BANNERS, known, SECONDS)
    return known


def _current() -> list[Incident]:
    rows = Incident.objects.exclude(state=Incident.State.RESOLVED).select_related("organisation")
    return list(rows.prefetch_related("updates", "structures").order_by("-starts_at"))


def _told(row: Incident) -> Told:
    last = row.updates.all()[0]
    return Told(
        pk=row.pk,
        status=status_path(row.organisation),
        organisation=row.organisation_id,
        title=row.title,
        severity=row.severity,
        state=str(row.get_state_display()),
        text=last.text,
        update=last.pk,
        is_public=row.is_public,
        structures=frozenset(s.pk for s in row.structures.all()),
    )


def told_to(request: HttpRequest) -> list[Told]:
    """Those that concern whoever asks: of their académie, and of one of their structures where it says which."""
    if not hasattr(request, "user"):  # an error page for a request that went nowhere
        return []
    known, user = told_now(), request.user
    if not known:
        return []
    if not isinstance(user, Account):
        here = request.organisation  # type: ignore[attr-defined]
        return [t for t in known if t.is_public and not t.structures and t.organisation == here.pk]
    mine = [t for t in known if t.organisation == user.person.organisation_id]
    places = _places(user) if any(t.structures for t in mine) else frozenset()
    return [t for t in mine if not t.structures or t.structures & places]


def _places(user: Account) -> frozenset[int]:
    return frozenset(Assignment.objects.filter(person=user.person_id).values_list("structure_id", flat=True))


def incident_banner(request: HttpRequest) -> SafeString:
    hidden = set(request.session.get(HIDDEN, [])) if hasattr(request, "session") else set()
    told = [t for t in told_to(request) if not (t.may_be_hidden and t.mark in hidden)]
    if not told:
        return SafeString("")
    return render_to_string(
        "support/_banner.html", {"told": told, "signed_in": isinstance(request.user, Account)}, request
    )
