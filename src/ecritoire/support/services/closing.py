"""What happens to a request by itself: reminders, closing; and what the person does after: opening it again, saying what they thought."""

from __future__ import annotations

import datetime as dt

from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from ecritoire.accounts.models import Account
from ecritoire.directory.models import Organisation
from ecritoire.support import tasks
from ecritoire.support.desk import Days, desk_of
from ecritoire.support.models import Satisfaction, Ticket, TicketEvent, TicketMessage

from .attaching import Files, files_keep
from .steps import audit, move, say, step

State, Kind, Side, Audience = Ticket.State, TicketEvent.Kind, TicketMessage.Side, TicketMessage.Audience
SALT = "support.satisfaction"
LINK_DAYS = 60
ROUND = 500


class TooLate(Exception):
    """The request was closed too long ago to be opened again."""


class AlreadyRated(Exception):
    """One opinion a request."""


def may_reopen(ticket: Ticket) -> bool:
    days = desk_of(ticket.organisation_id).days.reopen
    closed_at = ticket.resolved_at or ticket.updated_at
    recent = timezone.now() - closed_at <= dt.timedelta(days=days)
    return ticket.state == State.CLOSED and not ticket.merged_into_id and recent


def ticket_reopen(*, ticket: Ticket, acting_user: Account, text: str, files: Files = ()) -> None:
    """By the person, saying why, for some days. Raises TooLate."""
    with transaction.atomic():
        row = Ticket.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=ticket.pk)
        if not may_reopen(row):
            raise TooLate
        said = say(row, author=acting_user, side=Side.PERSON, audience=Audience.PUBLIC, text=text)
        files_keep(ticket=row, message=said, files=files)
        move(row, State.IN_PROGRESS)
        step(row, Kind.REOPENED, acting_user, {"state": [State.CLOSED, State.IN_PROGRESS]})
        audit(row, acting_user, "ticket.reopen")


def tickets_close(now: dt.datetime | None = None) -> int:
    """Those resolved long enough ago; returns how many. Each person is then asked what they thought."""
    done = 0
    for organisation, days in _academies():
        if days.close:
            before = (now or timezone.now()) - dt.timedelta(days=days.close)
            rows = Ticket.objects.filter(organisation=organisation, state=State.RESOLVED, resolved_at__lt=before)
            done += sum(_close(pk) for pk in _some(rows))
    return done


def _close(pk: int) -> int:
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update().filter(pk=pk, state=State.RESOLVED).first()
        if ticket is None:
            return 0
        move(ticket, State.CLOSED)
        step(ticket, Kind.CLOSED, None, {"state": [State.RESOLVED, State.CLOSED]})
    return 1


def tickets_remind(now: dt.datetime | None = None) -> int:
    """People who are waited for, once for each question; returns how many."""
    at, done = now or timezone.now(), 0
    for organisation, days in _academies():
        if days.remind:
            before = at - dt.timedelta(days=days.remind)
            rows = Ticket.objects.filter(organisation=organisation, state=State.WAITING, last_message_at__lt=before)
            asked_anew = Q(reminded_at=None) | Q(reminded_at__lt=F("last_message_at"))
            done += sum(_remind(pk, at) for pk in _some(rows.filter(asked_anew)))
    return done


def _remind(pk: int, at: dt.datetime) -> int:
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update().filter(pk=pk, state=State.WAITING).first()
        if ticket is None:
            return 0
        ticket.reminded_at = at
        ticket.save(update_fields=["reminded_at", "updated_at"])
        step(ticket, Kind.REMINDED)
        tasks.send_reminder.defer(ticket_id=ticket.pk)
    return 1


def _academies() -> list[tuple[int, Days]]:
    keys = Organisation.objects.values_list("pk", flat=True)
    return [(key, desk_of(key).days) for key in keys]


def _some(rows: QuerySet[Ticket]) -> list[int]:
    """A round's worth: the next round takes the others."""
    return list(rows.order_by("pk").values_list("pk", flat=True)[:ROUND])


def satisfaction_token(ticket: Ticket) -> str:
    """For the link in the closing mail: whoever holds it may give the opinion, once."""
    return signing.dumps(ticket.pk, salt=SALT)


def satisfaction_ticket(token: str) -> Ticket | None:
    """None for a link that is not ours or too old."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=dt.timedelta(days=LINK_DAYS))
    except signing.BadSignature:
        return None
    return Ticket.objects.select_related("organisation").filter(pk=pk).first()


def satisfaction_give(
    *, ticket: Ticket, score: Satisfaction.Score, comment: str, acting_user: Account | None
) -> Satisfaction:
    """Raises AlreadyRated."""
    try:
        with transaction.atomic():
            row = Satisfaction.objects.create(ticket=ticket, score=score, comment=comment[:1000])
            step(ticket, Kind.RATED, acting_user, {"score": [None, int(score)]})
    except IntegrityError:
        raise AlreadyRated from None
    return row
