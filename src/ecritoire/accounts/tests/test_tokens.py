"""One-minute tokens, and the service that checks them."""

import asyncio
import contextlib
import socket
import struct
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecritoire.accounts import tokens
from ecritoire.accounts.saslauthd import FIELD_LIMIT, Malformed, answer, frame, read_request


def test_it_works():
    assert tokens.token_check("u7", tokens.token_issue("u7"))


def test_a_token_opens_one_mailbox():
    assert not tokens.token_check("u8", tokens.token_issue("u7"))


def test_a_token_ends_after_a_minute(monkeypatch):
    token = tokens.token_issue("u7")
    late = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: late)
    assert not tokens.token_check("u7", token)


def test_its_end_cannot_be_moved():
    expiry, _, digest = tokens.token_issue("u7").partition(".")
    assert not tokens.token_check("u7", f"{int(expiry) + 60}.{digest}")


@given(st.text())
def test_no_text_is_a_token(text):
    assert not tokens.token_check("u7", text)


def parse(content: bytes) -> list[str]:
    async def run() -> list[str]:
        reader = asyncio.StreamReader()
        reader.feed_data(content)
        reader.feed_eof()
        return await read_request(reader)

    return asyncio.run(run())


@given(st.lists(st.text(max_size=100), min_size=4, max_size=4))
def test_a_request_is_read_as_it_was_sent(fields):
    assert parse(b"".join(frame(field.encode()) for field in fields)) == fields


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(content):
    with contextlib.suppress(Malformed, asyncio.IncompleteReadError):
        assert len(parse(content)) == 4


def test_an_oversized_field_is_refused():
    with pytest.raises(Malformed):
        parse(struct.pack(">H", FIELD_LIMIT + 1))


@pytest.mark.parametrize(
    ("login", "good", "expected"), [("u7", True, b"OK"), ("u7", False, b"NO"), ("U7@store", True, b"OK")]
)
def test_the_service_answers_over_its_socket(tmp_path, login, good, expected):
    token = tokens.token_issue("u7") if good else "1.faux"
    content = b"".join(frame(field.encode()) for field in (login, token, "imap", ""))

    async def run() -> bytes:
        path = tmp_path / "mux"
        async with await asyncio.start_unix_server(answer, path):
            reader, writer = await asyncio.open_unix_connection(path)
            writer.write(content)
            return await reader.read()

    assert asyncio.run(run()) == frame(expected)


def test_the_running_service_refuses_a_wrong_token():
    from django.conf import settings

    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(settings.CONFIG.data_dir / "run" / "auth" / "mux"))
        connection.sendall(b"".join(frame(field) for field in (b"u1", b"faux", b"imap", b"")))
        assert connection.recv(10) == frame(b"NO")
