"""What a batch of the log says, in the database. The caller's transaction holds the bookmark too."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ecritoire.mailflow.models import MailInTransit, MailTrace

from .lines import Event, Identified, Opened, Refused, Sized, Tried, Turned
from .whose import Domains, direction

STEPS_KEPT = 20
"""Of one message to one recipient: the first, and the last ones."""
AT_ONCE = 500
Status = MailTrace.Status
STATUSES = {"sent": Status.SENT, "bounced": Status.BOUNCED, "deferred": Status.DEFERRED, "expired": Status.BOUNCED}
VERDICTS = {"hold": Status.HELD, "discard": Status.DISCARDED}
TURNED = {"expired": Status.BOUNCED, "held": Status.HELD, "released": Status.DEFERRED}
SAID = ("client", "is_submitted", "message_id", "sender", "size")
LATER = ("last_at", "status", "dsn", "relay", "delivered_to", "steps")
Key = tuple[str, str, str]


def events_record(events: list[Event]) -> None:
    if events:
        Batch(events).write()


class Batch:
    """The rows the events touch: read in three queries, written back in four at most."""

    def __init__(self, events: list[Event]) -> None:
        ids = {event.queue_id for event in events} - {""}
        self._domains = Domains.read()
        self._held = {row.queue_id: row for row in MailInTransit.objects.filter(queue_id__in=ids)}
        self._rows: dict[str, dict[tuple[str, str], MailTrace]] = {}
        self._new: list[MailTrace] = []
        self._changed: dict[int, MailTrace] = {}
        self._said: set[str] = set()
        self._gone: set[str] = set()
        for row in MailTrace.objects.filter(queue_id__in=list(self._held)) if self._held else ():
            self._of(row.queue_id)[row.recipient, row.delivered_to] = row
        for event in events:
            self._take(event)

    def write(self) -> None:
        MailTrace.objects.bulk_create(self._new, AT_ONCE, ignore_conflicts=True)
        if self._changed:
            MailTrace.objects.bulk_update(self._changed.values(), LATER, AT_ONCE)
        if self._gone:
            MailInTransit.objects.filter(queue_id__in=self._gone).delete()
        said = [self._held[key] for key in self._said if key in self._held]
        MailInTransit.objects.bulk_create(
            said, AT_ONCE, update_conflicts=True, unique_fields=["queue_id"], update_fields=SAID
        )

    def _take(self, event: Event) -> None:
        match event:
            case Opened():
                self._say(event, client="" if event.is_submitted else event.client, is_submitted=event.is_submitted)
            case Identified():
                self._say(event, message_id=event.message_id)
            case Sized():
                self._say(event, sender=event.sender, size=event.size)
            case Tried():
                self._tried(event)
            case Refused():
                self._refused(event)
            case Turned():
                self._turned(event)

    def _say(self, event: Event, **said: Any) -> None:
        row = self._held.get(event.queue_id) or MailInTransit(queue_id=event.queue_id, at=event.at)
        for name, value in said.items():
            setattr(row, name, value)
        self._held[event.queue_id] = row
        self._said.add(event.queue_id)
        self._gone.discard(event.queue_id)

    def _tried(self, event: Tried) -> None:
        status = STATUSES.get(event.status)
        if status is None:  # a probe of an address: no message
            return
        recipient, delivered_to = event.original or event.recipient, event.recipient.lower() if event.original else ""
        row = self._row(event, recipient, delivered_to)
        if row is not None:
            self._step(row, event.at, status, dsn=event.dsn, relay=event.relay, words=event.words)

    def _refused(self, event: Refused) -> None:
        postponed = event.code.startswith("4") or event.dsn.startswith("4")
        status = VERDICTS.get(event.verdict) or (Status.POSTPONED if postponed else Status.REJECTED)
        held = self._held.get(event.queue_id) or MailInTransit(queue_id=event.queue_id, at=event.at)
        held.sender = held.sender or event.sender
        submitted = held.is_submitted or event.is_submitted
        held.is_submitted, held.client = submitted, "" if submitted else event.client
        row = self._row(event, event.recipient, "", held)
        if row is not None:
            words = " ".join(part for part in (event.code, event.dsn, event.words) if part)
            self._step(row, event.at, status, dsn=event.dsn, relay="", words=words)
        if event.is_whole and event.verdict != "hold":
            self._forget(event.queue_id)

    def _turned(self, event: Turned) -> None:
        if event.turn == "removed":
            self._forget(event.queue_id)
            return
        for row in self._of(event.queue_id).values():
            over = row.status in {Status.SENT, Status.REJECTED} or (
                event.turn != "told" and row.status == Status.BOUNCED
            )
            if not over:
                self._step(row, event.at, TURNED.get(event.turn), turn=event.turn)

    def _forget(self, queue_id: str) -> None:
        self._held.pop(queue_id, None)
        self._gone.add(queue_id)

    def _of(self, queue_id: str) -> dict[tuple[str, str], MailTrace]:
        return self._rows.setdefault(queue_id, {})

    def _row(
        self, event: Event, written_to: str, delivered_to: str, held: MailInTransit | None = None
    ) -> MailTrace | None:
        """The one of that message and recipient; None when it is nobody's of ours."""
        recipient = self._domains.plain(written_to)
        rows = self._of(event.queue_id)
        row = rows.get((recipient, delivered_to)) or rows.get((recipient, ""))
        if row is None:
            held = held or self._held.get(event.queue_id) or MailInTransit(queue_id=event.queue_id, at=event.at)
            row = self._begun(held, recipient, written_to)
            if row is None:
                return None
            self._new.append(row)
        row.delivered_to = delivered_to
        if event.queue_id:
            rows[recipient, delivered_to] = row
        return row

    def _begun(self, held: MailInTransit, recipient: str, written_to: str) -> MailTrace | None:
        sender = self._domains.plain(held.sender)
        ours, theirs = self._domains.of(sender), self._domains.of(recipient)
        if ours is None and theirs is None:
            return None
        way = direction(ours, theirs)
        party = {"in": sender, "out": recipient}.get(way, "").rpartition("@")[2]
        return MailTrace(
            at=held.at,
            last_at=held.at,
            queue_id=held.queue_id,
            message_id=held.message_id,
            sender=sender,
            recipient=recipient,
            written_to="" if written_to.lower() == recipient else written_to,
            party=party[:253],
            sender_organisation_id=ours,
            recipient_organisation_id=theirs,
            direction=way,
            is_submitted=held.is_submitted,
            client=held.client,
            size=held.size,
        )

    def _step(
        self, row: MailTrace, at: dt.datetime, status: MailTrace.Status | None, *, turn: str = "", **said: str
    ) -> None:
        """``status`` is None for what changes nothing: the sender was told."""
        row.last_at = max(row.last_at, at)
        row.status = status or row.status
        row.dsn, row.relay = said.get("dsn", row.dsn), said.get("relay", row.relay)
        step = {"at": at.isoformat(), "status": turn or str(status), **{k: v for k, v in said.items() if v}}
        row.steps = [*row.steps[:1], *row.steps[1:][-(STEPS_KEPT - 2) :], step] if row.steps else [step]
        if row.pk is not None:
            self._changed[row.pk] = row
