"""Mail the help desk sends about a request: every message leads back to it, and none of them starts a loop."""

from __future__ import annotations

from email.utils import formataddr, make_msgid
from mimetypes import guess_type

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from ecritoire.mailflow.letterbox import sealed_address
from ecritoire.mailflow.reading import LOOP

from .models import Ticket, TicketLetter, TicketMessage
from .services.attaching import content_of

BOX = "assistance"
REFERENCES = 10
ENCLOSED_BYTES = 15 * 1024 * 1024
"""Of one mail; more is read on the page."""
Kind = TicketLetter.Kind


def letter_send(
    *,
    ticket: Ticket,
    kind: TicketLetter.Kind,
    address: str,
    subject: str,
    template: str,
    said: TicketMessage | None = None,
    automatic: str = "",
    context: dict[str, object] | None = None,
) -> None:
    """Send, once a person and message even when the job is tried again: a second copy would carry the same Message-ID. A notice
    to the desk is each a message of its own: the store would take a second alert for a copy of the first.

    ``automatic`` is the value of Auto-Submitted (RFC 3834), '' for what a human being wrote.
    """
    here = ticket.organisation
    key = {"ticket": ticket, "message": said, "kind": kind, "address": address[:254]}
    row = None if kind == Kind.NOTICE else TicketLetter.objects.filter(**key).first()
    row = row or TicketLetter.objects.create(**key, identifier=make_msgid(ticket.number, here.mail_domain).strip("<>"))
    back = sealed_address(BOX, here, ticket.number)
    headers = {
        "From": formataddr((_("Assistance – %(name)s") % {"name": here.name}, f"{BOX}@{here.mail_domain}")),
        "Reply-To": back,
        "Message-ID": f"<{row.identifier}>",
        "X-Auto-Response-Suppress": "All",
        LOOP: here.mail_domain,
        **_threading(row),
    }
    if automatic:
        headers["Auto-Submitted"] = automatic
    files, left_out = _enclosed(said)
    known = {"site_name": here.name, "base_url": here.base_url, "ticket": ticket, "said": said, "left_out": left_out}
    body = render_to_string(f"support/mail/{template}.txt", known | (context or {}))
    mail = EmailMessage(f"[{ticket.number}] {subject}", body, back, [address], headers=headers)
    for name, content in files:
        mail.attach(name, content, guess_type(name)[0] or "application/octet-stream")
    mail.send()


def _threading(row: TicketLetter) -> dict[str, str]:
    """What this one answers: the messages exchanged with that address before it."""
    before = TicketLetter.objects.filter(ticket=row.ticket_id, address=row.address, pk__lt=row.pk)
    known = [f"<{name}>" for name in before.exclude(identifier="").values_list("identifier", flat=True)]
    if not known:
        return {}
    return {"In-Reply-To": known[-1], "References": " ".join(known[-REFERENCES:])}


def _enclosed(said: TicketMessage | None) -> tuple[list[tuple[str, bytes]], list[str]]:
    """Files of the answer, as many as one mail carries, and the names of the others."""
    files: list[tuple[str, bytes]] = []
    left_out: list[str] = []
    room = ENCLOSED_BYTES
    for row in said.attachments.filter(is_original=False) if said else []:
        if row.size > room:
            left_out.append(row.name)
            continue
        room -= row.size
        files.append((row.name, content_of(row)))
    return files, left_out
