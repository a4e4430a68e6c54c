"""A trace told in order, in plain words, for a page and for a note."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ecritoire.mailflow.models import MailTrace

from .reasons import Reason, reason_of

Status, Direction = MailTrace.Status, MailTrace.Direction
UNHAPPY = {Status.DEFERRED, Status.BOUNCED, Status.REJECTED, Status.POSTPONED}
KINDS = {Status.SENT: "success", Status.DEFERRED: "warning", Status.BOUNCED: "error", Status.REJECTED: "error"}


@dataclass(frozen=True)
class Step:
    at: dt.datetime | None
    title: str
    words: str = ""
    reason: Reason | None = None


def badge_kind(status: str) -> str:
    return KINDS.get(Status(status), "info")


def steps_told(row: MailTrace) -> list[Step]:
    """How it came in, then each step; how a refused one came is in the refusal."""
    begun = [] if row.status in {Status.REJECTED, Status.POSTPONED} else [Step(row.at, _arrival(row))]
    return begun + [_told(row, step) for step in row.steps]


def _arrival(row: MailTrace) -> str:
    if row.is_submitted:
        return _("Déposé par une personne connectée, ou par le service.")
    if not row.client:
        return _("Écrit par notre service.") if not row.sender else _("Reçu, avant que le journal ne soit lu.")
    return _("Reçu du serveur %(client)s.") % {"client": row.client}


def _told(row: MailTrace, step: dict[str, str]) -> Step:
    status, words = step.get("status", ""), step.get("words", "")
    reason = reason_of(step.get("dsn", ""), words) if status in UNHAPPY and words else None
    return Step(parse_datetime(step.get("at", "")), _title(row, status, reached=bool(step.get("relay"))), words, reason)


def _title(row: MailTrace, status: str, *, reached: bool) -> str:
    leaves, party = row.direction == Direction.OUT, {"domain": row.party}
    if status == Status.SENT:
        return _("Accepté par le serveur de %(domain)s.") % party if leaves else _("Remis dans la boîte.")
    if status == Status.BOUNCED and reached:
        return _("Refusé par le serveur de %(domain)s.") % party if leaves else _("Refusé par la boîte.")
    titles = {
        Status.BOUNCED: _("Non remis."),
        Status.DEFERRED: _("Pas encore remis : un nouvel essai suivra."),
        Status.REJECTED: _("Refusé à l'entrée de notre service."),
        Status.POSTPONED: _("Refusé pour le moment : à l'expéditeur de le représenter."),
        Status.HELD: _("Retenu."),
        Status.DISCARDED: _("Écarté sans être remis."),
        "expired": _("Abandonné : le délai de remise est passé."),
        "held": _("Retenu par un administrateur."),
        "released": _("Remis en route par un administrateur."),
        "told": _("L'expéditeur en est averti par un message de non-remise."),
        "delayed": _("L'expéditeur est averti du retard."),
        "confirmed": _("L'expéditeur a reçu la confirmation demandée."),
    }
    return titles.get(status, status)


def trace_text(row: MailTrace) -> str:
    """For a note: what an agent would copy by hand."""
    sender = row.sender or _("le service de messagerie (avis)")
    head = _("Suivi du message de %(sender)s à %(recipient)s") % {"sender": sender, "recipient": row.recipient}
    lines = [
        head,
        f"Message-ID : {row.message_id}" if row.message_id else "",
        _("État : %(state)s") % {"state": row.get_status_display()},
    ]
    for step in steps_told(row):
        at = date_format(timezone.localtime(step.at), "j F Y H:i:s") if step.at else ""
        lines.append(f"{at} – {step.title}" + (f" « {step.words} »" if step.words else ""))
        if step.reason:
            lines.append(f"→ {step.reason.cause} {step.reason.advice}")
    return "\n".join(line for line in lines if line)
