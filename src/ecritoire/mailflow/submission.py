"""Handing a message over, as nginx's mail proxy does: Postfix decides who may write as whom."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence

from django.conf import settings

SECONDS = 60
TOO_LARGE = 552
TEMPORARY = range(400, 500)


class SubmissionError(Exception):
    """The message was not accepted; nothing was sent."""


class SubmissionUnavailable(SubmissionError):
    """For the moment; worth trying again."""


class SenderRefused(SubmissionError):
    """The sender's address does not belong to the sign-in."""


class MessageTooLarge(SubmissionError):
    pass


class RecipientsRefused(SubmissionError):
    """``refused``: address -> what the server said. The message went to nobody."""

    def __init__(self, refused: dict[str, str]) -> None:
        super().__init__(", ".join(refused))
        self.refused = refused


def message_submit(
    *, login: str, sender: str, recipients: Sequence[str], message: bytes, client_address: str = ""
) -> None:
    """Submit ``message`` for ``login``. All recipients are accepted, or it goes to none of them."""
    try:
        with smtplib.SMTP("127.0.0.1", settings.CONFIG.internal.submission, timeout=SECONDS) as connection:
            _introduce(connection, login, client_address)
            _envelope(connection, sender, recipients, message)
            _check(*connection.data(message))
    except (OSError, smtplib.SMTPServerDisconnected) as error:
        raise SubmissionUnavailable(str(error)) from error


def _introduce(connection: smtplib.SMTP, login: str, client_address: str) -> None:
    connection.ehlo()
    address = f" ADDR={'IPV6:' if ':' in client_address else ''}{client_address}" if client_address else ""
    connection.docmd("XCLIENT", f"LOGIN={login}{address}")
    connection.ehlo()


def _envelope(connection: smtplib.SMTP, sender: str, recipients: Sequence[str], message: bytes) -> None:
    options = [f"SIZE={len(message)}"]
    if connection.has_extn("8bitmime"):
        options.append("BODY=8BITMIME")
    _check(*connection.mail(sender, options))
    refused = {}
    for recipient in recipients:
        code, text = connection.rcpt(recipient)
        if code >= 500 and b"Sender address rejected" in text:  # noqa: PLR2004 - RFC 5321 4.2.1
            raise SenderRefused(text.decode(errors="replace"))
        if code >= 400:  # noqa: PLR2004 - RFC 5321 4.2.1
            refused[recipient] = text.decode(errors="replace")
    if refused:
        raise RecipientsRefused(refused)


def _check(code: int, text: bytes) -> None:
    reason = text.decode(errors="replace")
    if code == TOO_LARGE:
        raise MessageTooLarge(reason)
    if code in TEMPORARY:
        raise SubmissionUnavailable(reason)
    if code >= 500:  # noqa: PLR2004 - RFC 5321 4.2.1
        raise SenderRefused(reason) if "Sender" in reason else SubmissionError(reason)
