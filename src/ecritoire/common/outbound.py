"""Requests this service makes to addresses that somebody typed: guarded, so that they reach nothing they should not (SSRF).

HTTPS to public addresses only, and whatever networks ``ecritoire.toml`` adds (``[outbound] networks``, where plain HTTP is
admitted too). The name is resolved once and that very address is called: a name that answers otherwise the second time
gains nothing. No redirect is followed, and of the answer only the beginning is read.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

SECONDS = 10
EXCERPT = 500
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Refused(Exception):
    """The address may not be called; the message says why, to whoever typed it."""


@dataclass(frozen=True)
class Target:
    """An address that may be called, and the one its name stood for."""

    parts: SplitResult
    ip: str

    @property
    def host(self) -> str:
        return self.parts.hostname or ""

    @property
    def port(self) -> int:
        return self.parts.port or (443 if self.parts.scheme == "https" else 80)


@dataclass(frozen=True)
class Reply:
    """``status`` 0 when nobody answered; ``excerpt`` then says what happened."""

    status: int
    excerpt: str

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004 - HTTP's


def target_of(url: str) -> Target:
    """Resolve, and raise Refused for what may not be called."""
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError:
        raise Refused(_("Ce n'est pas une adresse web.")) from None
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.username is not None:
        raise Refused(_("Une adresse en https:// est attendue, sans nom d'utilisateur."))
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Refused(_("« %(host)s » n'existe pas dans le DNS.") % {"host": parts.hostname}) from None
    addresses = [ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in found]
    inside = all(_is_admitted(address) for address in addresses)
    if parts.scheme == "http" and not inside:
        raise Refused(_("Une adresse en https:// est attendue."))
    if not inside and not all(_is_public(address) for address in addresses):
        words = _("« %(host)s » n'est pas une adresse publique : l'exploitant doit admettre son réseau.")
        raise Refused(words % {"host": parts.hostname})
    return Target(parts, str(addresses[0]))


def _is_admitted(address: Address) -> bool:
    networks = (ipaddress.ip_network(network) for network in settings.CONFIG.outbound.networks)
    return any(address in network for network in networks)


def _is_public(address: Address) -> bool:
    """IPv6 addresses that lead to an IPv4 one are refused: they would be a way round."""
    if isinstance(address, ipaddress.IPv6Address):
        leads_on = address.ipv4_mapped or address.sixtofour or address.teredo or address in NAT64
        if leads_on:
            return False
    return address.is_global and not address.is_multicast


def post(url: str, body: bytes, headers: Mapping[str, str], *, seconds: float = SECONDS) -> Reply:
    """Send, and say what came back; nothing is raised for what the other side does."""
    try:
        target = target_of(url)
    except Refused as refused:
        return Reply(0, str(refused))
    connection = _connection(target, seconds)
    watch = threading.Timer(
        seconds, _cut, [connection]
    )  # a socket's own limit starts again with each byte that drips in
    watch.start()
    try:
        path = target.parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
        connection.request("POST", path, body, {"User-Agent": "Ecritoire", **headers})
        answer = connection.getresponse()
        text = answer.read(EXCERPT).decode(errors="replace").replace("\0", "")
        return Reply(answer.status, text)
    except TimeoutError:
        return Reply(0, _("Pas de réponse en %(seconds)s secondes.") % {"seconds": int(seconds)})
    except (OSError, http.client.HTTPException) as error:
        return Reply(0, f"{type(error).__name__}: {error}"[:EXCERPT])
    finally:
        watch.cancel()
        connection.close()


def _cut(connection: _Pinned) -> None:
    if connection.wire is not None:
        try:
            connection.wire.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # closed already


def _connection(target: Target, seconds: float) -> _Pinned:
    """To the address that was checked, under the name that was typed."""
    kind = _PinnedTls if target.parts.scheme == "https" else _Pinned
    connection = kind(target.host, target.port, timeout=seconds)
    connection.ip = target.ip
    return connection


class _Pinned(http.client.HTTPConnection):
    ip = ""
    wire: socket.socket | None = None
    """Kept here too: ``sock`` is given away with the answer."""

    def connect(self) -> None:
        self.sock = self.wire = socket.create_connection((self.ip, self.port), self.timeout)


class _PinnedTls(_Pinned):
    default_port = 443

    def connect(self) -> None:
        super().connect()
        self.sock = self.wire = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
