"""Mail through the front door: submission, IMAP, in from outside, out and back."""

from __future__ import annotations

import email
import email.utils
import imaplib
import smtplib
import time
import uuid
from email.message import EmailMessage, Message

import dkim

from launcher.dkim import key_path
from launcher.errors import LauncherError
from launcher.site import PARTNER_DOMAIN, Site

from .web import probe_login, trusting

WAIT_SECONDS = 30
POLL_SECONDS = 0.1


class MailProbe:
    """The probe account's mailbox, and the messages this run has put there."""

    errors = (smtplib.SMTPException, imaplib.IMAP4.error, dkim.DKIMException)

    def __init__(self, site: Site) -> None:
        self.site = site
        self.login = probe_login(site)
        self._imap: imaplib.IMAP4_SSL | None = None
        self._inbound = self._to_self = ""

    def submission(self) -> str:
        self._to_self = self._submit(self.login)
        return "signed in with an app password, message accepted"

    def imap(self) -> str:
        self._wait("Message-ID", self._to_self)
        return "message sent to oneself read back"

    def inbound(self) -> str:
        sender = f"sonde@{PARTNER_DOMAIN}" if self.site.demo else "sonde@selfcheck.test"
        message = self._message(sender, self.login)
        listen = self.site.config.listen
        with smtplib.SMTP("127.0.0.1", listen.smtp, f"mail.{PARTNER_DOMAIN}", timeout=30) as connection:
            connection.send_message(message, sender, [self.login])
        self._inbound = message["Message-ID"]
        self._wait("Message-ID", self._inbound)
        return "delivered to the mailbox"

    def filtered(self) -> str:
        headers = self._wait("Message-ID", self._inbound)
        status = headers["X-Spam-Status"]
        if not status:
            raise LauncherError("the message came without the filter's header")
        return f"X-Spam-Status: {' '.join(status.split())[:80]}"

    def signature(self) -> str:
        """The copy delivered here carries a DKIM signature that the published key verifies."""
        self._wait("Message-ID", self._to_self)
        record = key_path(self.site, self.site.config.site.domain).with_suffix(".txt").read_bytes()
        message = self._fetch("Message-ID", self._to_self)
        if not dkim.verify(message, dnsfunc=lambda *_, **__: record):
            raise LauncherError("the DKIM signature is missing or does not verify")
        return f"DKIM d={self.site.config.site.domain} verifies"

    def out_and_back(self) -> str:
        echo = f"echo@{PARTNER_DOMAIN}" if self.site.demo else self.site.config.mail.echo_address
        if not echo:
            return "not tried: set mail.echo_address to a mailbox outside that answers"
        sent = self._submit(echo)
        self._wait("In-Reply-To", sent)
        return f"answer from {echo} received"

    def clean_up(self) -> None:
        """Leave the probe's mailbox empty."""
        try:
            mailbox = self._mailbox()
            mailbox.store("1:*", "+FLAGS.SILENT", r"(\Deleted)")
            mailbox.expunge()
            mailbox.logout()
        except (*self.errors, OSError, LauncherError):
            return

    def _message(self, sender: str, recipient: str) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, recipient, "Contrôle automatique"
        message["Date"] = email.utils.localtime()
        message["Message-ID"] = f"<{uuid.uuid4()}@{sender.rpartition('@')[2]}>"
        message.set_content("Message du contrôle automatique du service.\n")
        return message

    def _submit(self, recipient: str) -> str:
        message = self._message(self.login, recipient)
        port, context = self.site.config.listen.submissions, trusting(self.site)
        with smtplib.SMTP_SSL("localhost", port, timeout=30, context=context) as connection:
            connection.login(self.login, self.site.secret("probe-app-password"))
            connection.send_message(message)
        return str(message["Message-ID"])

    def _mailbox(self) -> imaplib.IMAP4_SSL:
        if self._imap is None:
            port, context = self.site.config.listen.imaps, trusting(self.site)
            self._imap = imaplib.IMAP4_SSL("localhost", port, ssl_context=context, timeout=30)
            self._imap.login(self.login, self.site.secret("probe-app-password"))
            self._imap.select("INBOX")
        return self._imap

    def _fetch(self, header: str, value: str) -> bytes:
        if not value:
            raise LauncherError("not tried: the message it looks for could not be sent")
        mailbox, deadline = self._mailbox(), time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            mailbox.noop()
            numbers = mailbox.search(None, "HEADER", header, f'"{value}"')[1][0].split()
            if numbers:
                return bytes(mailbox.fetch(numbers[-1].decode(), "(BODY.PEEK[])")[1][0][1])  # type: ignore[index]
            time.sleep(POLL_SECONDS)
        raise LauncherError(f"no message with that {header} came within {WAIT_SECONDS} s")

    def _wait(self, header: str, value: str) -> Message:
        return email.message_from_bytes(self._fetch(header, value))
