"""A thin JMAP client (RFC 8620, RFC 8621) over the store's unix socket.

One ``JmapClient.call`` is one round trip, however many methods it carries; ``round_trips`` counts them so that
tests can bound what a page costs.
"""

from __future__ import annotations

import base64
import http.client
import json
import socket
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

CAPABILITIES = ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:mail"]
CYRUS = "https://cyrusimap.org/ns/jmap/mail"
SIEVE = "https://cyrusimap.org/ns/jmap/sieve"
CHUNK = 64 * 1024

Arguments = dict[str, Any]
Invocation = tuple[str, Arguments, str]


class JmapError(Exception):
    """The store refused a request or a method; ``kind`` is JMAP's error type or the HTTP status."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(f"{kind}: {detail}" if detail else kind)
        self.kind = kind


class StoreUnavailable(JmapError):
    """Nobody answers at the store's socket; worth trying again later."""


class SetError(JmapError):
    """One object of a /set was not created, updated or destroyed (RFC 8620 5.3)."""


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a unix socket: replies over TCP wait 40 ms in this store."""

    def __init__(self, path: Path, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


@dataclass(frozen=True)
class Blob:
    """A blob being read: its size in bytes when the store says it, and its content in chunks."""

    size: int | None
    content_type: str
    chunks: Iterator[bytes]


class JmapClient:
    """The store as one account sees it. A context manager: the connection closes with it.

    ``account_id`` is the store id of the mailbox; ``user_id`` that of who looks, when it is a shared one; ``token`` theirs,
    good for one minute.
    """

    def __init__(
        self, *, socket_path: Path, account_id: str, token: str, user_id: str = "", timeout: float = 30.0
    ) -> None:
        self.account_id = account_id
        self.round_trips = 0
        self._connection = UnixConnection(socket_path, timeout)
        credentials = base64.b64encode(f"{user_id or account_id}:{token}".encode()).decode()
        self._headers = {"Authorization": f"Basic {credentials}", "Accept": "application/json"}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    def call(
        self, *invocations: Invocation, using: Sequence[str] = (), optional: Collection[str] = ()
    ) -> dict[str, Arguments]:
        """Run ``invocations`` in one round trip; answers by call id. ``accountId`` is filled in where it is not said;
        ``using`` names capabilities beyond mail; the call ids of ``optional`` may fail, and have no answer then.

        Raises JmapError for the first other method that failed, StoreUnavailable when the store is away.
        """
        method_calls = [[name, {"accountId": self.account_id, **args}, tag] for name, args, tag in invocations]
        body = json.dumps({"using": [*CAPABILITIES, *using], "methodCalls": method_calls})
        response = self._request("POST", "/jmap/", body.encode(), {"Content-Type": "application/json"})
        answers: dict[str, Arguments] = {}
        for name, arguments, tag in json.loads(response.read())["methodResponses"]:
            if name == "error" and tag in optional:
                continue
            if name == "error":
                raise JmapError(arguments["type"], arguments.get("description", ""))
            answers[tag] = arguments
        return answers

    def set(self, object_type: str, *, using: Sequence[str] = (), **arguments: Any) -> Arguments:
        """One ``<object_type>/set``; raises SetError when any of its objects was refused."""
        answer = self.call((f"{object_type}/set", arguments, "0"), using=using)["0"]
        for refusals in ("notCreated", "notUpdated", "notDestroyed"):
            for error in (answer.get(refusals) or {}).values():
                raise SetError(error["type"], error.get("description", ""))
        return answer

    def upload(self, content: bytes, content_type: str) -> Arguments:
        """Store ``content``; returns ``blobId``, ``type`` and ``size`` (RFC 8620 6.1)."""
        path = f"/jmap/upload/{self.account_id}/"
        answer: Arguments = json.loads(self._request("POST", path, content, {"Content-Type": content_type}).read())
        return answer

    def download(self, blob_id: str, content_type: str = "application/octet-stream") -> Blob:
        """Read a blob as a stream, so that a large attachment is never held in memory."""
        path = f"/jmap/download/{self.account_id}/{quote(blob_id)}/blob?accept={quote(content_type, safe='')}"
        response = self._request("GET", path, None, {})
        size = response.headers.get("Content-Length")
        chunks = iter(lambda: response.read(CHUNK), b"")
        return Blob(size=int(size) if size else None, content_type=content_type, chunks=chunks)

    def _request(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        self.round_trips += 1
        try:
            self._connection.request(method, path, body, {**self._headers, **headers})
            response = self._connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise StoreUnavailable("unavailable", str(error)) from error
        if response.status >= HTTPStatus.BAD_REQUEST:
            detail = response.read(500).decode(errors="replace")
            raise (StoreUnavailable if response.status == HTTPStatus.SERVICE_UNAVAILABLE else JmapError)(
                str(response.status), detail
            )
        return response
