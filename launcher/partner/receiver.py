"""Mail arriving at partenaire.test."""

from __future__ import annotations

import asyncio
import email
import email.policy
import mailbox
from email.message import EmailMessage
from pathlib import Path

import dkim
import dns.exception
import dns.resolver
from aiosmtpd.smtp import SMTP, Envelope, Session

from .outbox import Outbox
from .people import MANNERS, Manner
from .writing import Signer, answer, is_automatic

ANSWERING = {Manner.ANSWERS, Manner.ECHOES, Manner.IS_AWAY}


class Receiver:
    """An aiosmtpd handler: who is known is accepted, kept with the outcome of the DKIM check, and maybe answered."""

    def __init__(self, domain: str, maildir: Path, outbox: Outbox, signer: Signer, dns_port: int) -> None:
        self._domain, self._maildir, self._outbox, self._signer = domain, maildir, outbox, signer
        self._deferred: set[tuple[str, str]] = set()
        self._resolver = dns.resolver.Resolver(configure=False)
        self._resolver.nameservers, self._resolver.port = ["127.0.0.1"], dns_port

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        local, _, domain = address.lower().partition("@")
        manner = MANNERS.get(local)
        if domain != self._domain:
            return "550 5.7.1 we do not relay"
        if manner is None:
            return f"550 5.1.1 <{address}>: nobody of that name here"
        if manner is Manner.IS_FULL:
            return f"552 5.2.2 <{address}>: mailbox full"
        key = (envelope.mail_from or "", address)
        if manner is Manner.IS_SLOW and key not in self._deferred:
            self._deferred.add(key)
            return f"450 4.2.0 <{address}>: come back in a while"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 fine"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        verdict = "pass" if await asyncio.to_thread(self._signed, content) else "none"
        message = email.message_from_bytes(content, policy=email.policy.SMTP)
        if not isinstance(message, EmailMessage):
            return "554 5.6.0 not a message"
        for recipient in envelope.rcpt_tos:
            self._keep(recipient, verdict, content)
            self._maybe_answer(message, recipient, envelope.mail_from or "")
        return "250 2.0.0 kept"

    def _signed(self, content: bytes) -> bool:
        try:
            return bool(dkim.verify(content, dnsfunc=self._text_record))
        except (dkim.DKIMException, ValueError):
            return False

    def _text_record(self, name: bytes, timeout: int = 5) -> bytes | None:
        try:
            records = self._resolver.resolve(name.decode(), "TXT", lifetime=timeout)
        except dns.exception.DNSException:
            return None
        return b"".join(next(iter(records)).strings)

    def _keep(self, recipient: str, verdict: str, content: bytes) -> None:
        folder = mailbox.Maildir(self._maildir / recipient.partition("@")[0].lower())
        folder.add(f"X-Partner-DKIM: {verdict}\r\n".encode() + content)

    def _maybe_answer(self, message: EmailMessage, recipient: str, sender: str) -> None:
        manner = MANNERS[recipient.partition("@")[0].lower()]
        if manner not in ANSWERING or is_automatic(message, sender):
            return
        echo, away = manner is Manner.ECHOES, manner is Manner.IS_AWAY
        reply = answer(message, recipient.lower(), sender, echo=echo, away=away)
        self._outbox.put("" if away else recipient.lower(), sender, self._signer.sign(reply))
