"""QR codes that real applications read, as pictures without network or script."""

from __future__ import annotations

import json

import segno

from .client_settings import servers
from .models import AppPassword, MailProtocol

TLS, PASSWORD, IMAP, POP3, SMTP = 3, 1, 0, 1, 0


def picture(text: str) -> str:
    """``text`` as a data URI of an SVG: dark on light whatever the page's colours, with its quiet zone."""
    return str(segno.make(text, error="m", micro=False).svg_data_uri(scale=4, border=4, dark="#000", light="#fff"))


def mobile_import(*, app_password: AppPassword, secret: str) -> str:
    """Thunderbird's "Export for Mobile" (format 1), which Thunderbird for Android and K-9 Mail import by camera."""
    known = {
        server.protocol: server for server in servers(app_password.account.person.organisation, app_password.protocols)
    }
    incoming, outgoing = known.get(MailProtocol.IMAP) or known[MailProtocol.POP3], known[MailProtocol.SMTP]
    login, name = app_password.account.login, app_password.account.display_name
    kind = IMAP if incoming.protocol == MailProtocol.IMAP else POP3
    reading = [kind, incoming.host, incoming.port, TLS, PASSWORD, login, "", secret]
    writing = [SMTP, outgoing.host, outgoing.port, TLS, PASSWORD, login, secret]
    payload = [1, [1, 1], reading, [[writing, [login, name]]]]
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
