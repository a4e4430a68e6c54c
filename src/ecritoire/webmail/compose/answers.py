"""What a reply or a forward starts from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from .addresses import Person, format_address, format_addresses
from .originals import has_html, plain_text

MODES = ("reply", "reply-all", "forward")
PREFIXES = ("re:", "re :", "tr:", "tr :", "fwd:", "fw:")


@dataclass
class Message:
    """A message being written; addresses as typed, attachments as JMAP parts (blobId, name, type, size)."""

    to: str = ""
    cc: str = ""
    bcc: str = ""
    subject: str = ""
    body: str = ""
    attachments: list[dict[str, Any]] = field(default_factory=list)
    in_reply_to: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)


def answer(email: dict[str, Any], mode: str, own: list[str], signature: str) -> Message:
    """``email``: the JMAP Email answered; ``own``: the writer's addresses, left out of a reply to all."""
    if mode == "forward":
        return forward(email, signature)
    to = email["replyTo"] or email["from"] or []
    if all(person["email"].lower() in own for person in to):
        to = email["to"] or []
    cc: list[Person] = []
    if mode == "reply-all":
        already = {person["email"].lower() for person in to} | set(own)
        cc = [p for p in [*(email["to"] or []), *(email["cc"] or [])] if p["email"].lower() not in already]
    return Message(
        to=format_addresses(to),
        cc=format_addresses(cc),
        subject=prefixed("Re: ", email["subject"] or ""),
        body=f"\n\n{signature}{attribution(email)}\n{quote(body_text(email))}",
        in_reply_to=email["messageId"] or [],
        references=[*(email["references"] or []), *(email["messageId"] or [])],
    )


def forward(email: dict[str, Any], signature: str) -> Message:
    head = [
        _("---------- Message transféré ----------"),
        _("De : %(value)s") % {"value": format_addresses(email["from"])},
        _("Date : %(value)s") % {"value": moment(email)},
        _("Objet : %(value)s") % {"value": email["subject"] or ""},
        _("À : %(value)s") % {"value": format_addresses(email["to"])},
    ]
    kept = [{key: part[key] for key in ("blobId", "name", "type", "size")} for part in email["attachments"]]
    body = f"\n\n{signature}" + "\n".join(head) + f"\n\n{body_text(email)}"
    references = [*(email["references"] or []), *(email["messageId"] or [])]
    return Message(subject=prefixed("Tr: ", email["subject"] or ""), body=body, attachments=kept, references=references)


def prefixed(prefix: str, subject: str) -> str:
    """``Re: Re: Re:`` helps nobody."""
    bare = subject.strip()
    while bare.lower().startswith(PREFIXES):
        bare = bare.partition(":")[2].strip()
    return prefix + bare


def attribution(email: dict[str, Any]) -> str:
    sender = format_address((email["from"] or [{"email": "?"}])[0])
    return _("Le %(moment)s, %(sender)s a écrit :") % {"moment": moment(email), "sender": sender}


def moment(email: dict[str, Any]) -> str:
    at = timezone.localtime(dt.datetime.fromisoformat(email["sentAt"] or email["receivedAt"]))
    return date_format(at, "j F Y à H:i")


def body_text(email: dict[str, Any]) -> str:
    text = plain_text(email)
    if text.strip() or not has_html(email):
        return text
    html = "".join(email["bodyValues"].get(part["partId"], {}).get("value", "") for part in email["htmlBody"])
    return "\n".join(line.strip() for line in strip_tags(html).splitlines() if line.strip())


def quote(text: str) -> str:
    return "\n".join(f">{'' if line.startswith('>') else ' '}{line}".rstrip() for line in text.rstrip().splitlines())
