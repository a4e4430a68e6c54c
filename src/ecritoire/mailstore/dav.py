"""Address books and calendars as the store keeps them, over CalDAV and CardDAV on its unix socket."""

from __future__ import annotations

import base64
import http.client
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from django.conf import settings
from lxml import etree

from ecritoire.accounts.services import mail_token_issue

from .jmap import CHUNK, StoreUnavailable, UnixConnection
from .services import store_open

if TYPE_CHECKING:
    from ecritoire.accounts.models import Account

Home = Literal["addressbooks", "calendars"]
KIND = {
    "addressbooks": "{urn:ietf:params:xml:ns:carddav}addressbook",
    "calendars": "{urn:ietf:params:xml:ns:caldav}calendar",
}
PROPFIND = b'<?xml version="1.0"?><propfind xmlns="DAV:"><prop><displayname/><resourcetype/></prop></propfind>'
CONTACTS, CALENDARS = "https://cyrusimap.org/ns/jmap/contacts", "https://cyrusimap.org/ns/jmap/calendars"


@dataclass(frozen=True)
class Collection:
    """An address book or a calendar."""

    href: str
    name: str


class DavClient:
    """The store's collections as their owner sees them; a context manager, short-lived as its token is."""

    def __init__(self, *, account: Account, timeout: float = 60.0) -> None:
        self._account = account
        self._connection = UnixConnection(settings.CONFIG.data_dir / "run" / "cyrus-http" / "http", timeout)

    def __enter__(self) -> Self:
        """The store makes the homes of a new mailbox at a first JMAP call only."""
        with store_open(account=self._account) as client:
            homes = ("ContactGroup", "Calendar")
            client.call(*((f"{kind}/get", {"ids": []}, kind) for kind in homes), using=[CONTACTS, CALENDARS])
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._connection.close()

    def collections(self, home: Home) -> list[Collection]:
        """One's own address books or calendars, by name."""
        path = f"/dav/{home}/user/{self._account.store_id}/"
        headers = {"Depth": "1", "Content-Type": "application/xml"}
        tree = etree.fromstring(self.request("PROPFIND", path, PROPFIND, headers).read(), _parser())
        rows = [row for row in tree.iterfind("{DAV:}response") if row.find(f".//{KIND[home]}") is not None]
        found = [Collection(row.findtext("{DAV:}href", ""), row.findtext(".//{DAV:}displayname", "")) for row in rows]
        return sorted(found, key=lambda collection: (collection.name.casefold(), collection.href))

    def whole(self, collection: Collection) -> Iterator[bytes]:
        """All of a collection as one vCard or iCalendar stream."""
        response = self.request("GET", collection.href, None, {})
        return iter(lambda: response.read(CHUNK), b"")

    def request(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        """Raises StoreUnavailable for whatever is no success."""
        account = self._account
        credentials = base64.b64encode(f"{account.store_id}:{mail_token_issue(account=account)}".encode()).decode()
        try:
            self._connection.request(method, path, body, {"Authorization": f"Basic {credentials}", **headers})
            response = self._connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise StoreUnavailable("unavailable", str(error)) from error
        if response.status >= HTTPStatus.BAD_REQUEST:
            raise StoreUnavailable(str(response.status), response.read(500).decode(errors="replace"))
        return response


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True)
