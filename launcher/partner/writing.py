"""Messages the partner writes, signed with its own key."""

from __future__ import annotations

import email.policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import localtime, make_msgid
from pathlib import Path

import dkim

from launcher.dkim import SELECTOR

from .people import NAMES

SIGNED = [b"from", b"to", b"subject", b"date", b"message-id", b"in-reply-to", b"references", b"content-type"]
ANSWERS = {
    "réunion": "La date me convient, je la note dans mon agenda. Merci de m'envoyer l'ordre du jour.",
    "devis": "Je transmets votre demande à notre service commercial ; le devis vous parviendra sous huit jours.",
    "visite": "Nous serions ravis d'accueillir la classe. Combien d'élèves et d'accompagnateurs seriez-vous ?",
    "merci": "Avec plaisir, et bonne journée à vous.",
}
DEFAULT_ANSWER = "J'ai bien reçu votre message et je vous réponds précisément dès que possible."


class Signer:
    def __init__(self, domain: str, key: Path) -> None:
        self.domain = domain
        self._key = key.read_bytes()

    def sign(self, message: EmailMessage) -> bytes:
        """The message as it travels, with its DKIM-Signature (RFC 6376) first."""
        content = message.as_bytes(policy=email.policy.SMTP)
        signature = dkim.sign(
            content,
            SELECTOR.encode(),
            self.domain.encode(),
            self._key,
            include_headers=SIGNED,
            canonicalize=(b"relaxed", b"relaxed"),
        )
        return bytes(signature) + content


def letter(sender: str, recipient: str, subject: str, text: str) -> EmailMessage:
    message = EmailMessage()
    local, _, domain = sender.partition("@")
    message["From"] = Address(NAMES.get(local, ""), local, domain)
    message["To"], message["Subject"] = recipient, subject
    message["Date"], message["Message-ID"] = localtime(), make_msgid(domain=domain)
    message.set_content(text)
    return message


def is_automatic(message: EmailMessage, envelope_sender: str) -> bool:
    """Mail one never answers (RFC 3834): it would loop, or annoy a list."""
    submitted = str(message.get("Auto-Submitted", "no")).lower()
    bulk = str(message.get("Precedence", "")).lower() in {"bulk", "junk", "list"}
    return not envelope_sender or submitted != "no" or bulk or "List-Id" in message


def answer(original: EmailMessage, sender: str, recipient: str, *, echo: bool, away: bool) -> EmailMessage:
    """What ``sender`` answers to ``original``."""
    subject = str(original.get("Subject", ""))
    bare = subject if subject.lower().startswith("re:") else f"Re: {subject}"
    body = original.get_body(("plain",))
    text = body.get_content() if body else ""
    reply = letter(sender, recipient, bare, _words(subject + text, text, echo=echo, away=away))
    identifier = str(original.get("Message-ID", "")).strip()
    if identifier:
        reply["In-Reply-To"] = identifier
        reply["References"] = f"{original.get('References', '')} {identifier}".strip()
    if away:
        reply["Auto-Submitted"] = "auto-replied"
    return reply


def _words(clue: str, text: str, *, echo: bool, away: bool) -> str:
    if away:
        return "Bonjour,\n\nJe suis en congé ; je lirai votre message à mon retour.\n\nPaul Absent\n"
    quoted = "".join(f"> {line}\n" for line in text.splitlines())
    if echo:
        return f"Reçu :\n\n{quoted}"
    chosen = next((words for key, words in ANSWERS.items() if key in clue.lower()), DEFAULT_ANSWER)
    return f"Bonjour,\n\n{chosen}\n\nBien cordialement\n\n{quoted}"
