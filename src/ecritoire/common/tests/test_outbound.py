"""Nothing that somebody types makes the service call where it should not."""

from __future__ import annotations

import time

import pytest

from ecritoire.common import outbound
from ecritoire.common.outbound import Refused, post, target_of
from ecritoire.support.tests.receiving import receiving


@pytest.fixture
def receiver():
    with receiving() as server:
        yield server


@pytest.fixture
def admitted(settings):
    value = settings.CONFIG.outbound.model_copy(update={"networks": ["127.0.0.0/8"]})
    settings.CONFIG = settings.CONFIG.model_copy(update={"outbound": value})


def resolve(monkeypatch, *addresses):
    rows = [(2, 1, 6, "", (address, 443)) for address in addresses]
    monkeypatch.setattr(outbound.socket, "getaddrinfo", lambda *args, **kwargs: rows)


def test_it_works(admitted, receiver):
    reply = post(receiver.url, b"{}", {"X-Test": "1"})
    assert (reply.status, reply.ok, len(reply.excerpt)) == (200, True, outbound.EXCERPT)
    assert (receiver.got[0].path, receiver.got[0].headers["x-test"]) == ("/hook", "1")


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1", "127.0.0.1", "169.254.169.254", "192.168.1.1", "100.64.0.1", "0.0.0.1", "224.0.0.1", "::1", "fc00::1",
        "fe80::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::",
    ],
)  # fmt: skip
def test_an_address_inside_is_refused(monkeypatch, address):
    resolve(monkeypatch, address)
    with pytest.raises(Refused):
        target_of("https://inside.example/")


def test_one_bad_address_among_good_ones_is_enough(monkeypatch):
    resolve(monkeypatch, "8.8.8.8", "10.0.0.1")
    with pytest.raises(Refused):
        target_of("https://both.example/")


def test_a_public_address_is_called_at_the_one_that_was_checked(monkeypatch):
    resolve(monkeypatch, "8.8.8.8")
    assert (target_of("https://good.example/x").ip, target_of("https://good.example:8443/").port) == ("8.8.8.8", 8443)
    called = []

    def connect(where, timeout):
        called.append(where)
        raise OSError("nobody")

    monkeypatch.setattr(outbound.socket, "create_connection", connect)
    assert post("https://good.example/x", b"", {}).status == 0
    assert called == [("8.8.8.8", 443)]


@pytest.mark.parametrize(
    "url",
    ["http://good.example/", "ftp://good.example/", "https://me@good.example/", "https://", "file:///etc/passwd", "x"],
)
def test_what_is_no_address_is_refused(monkeypatch, url):
    resolve(monkeypatch, "8.8.8.8")
    with pytest.raises(Refused):
        target_of(url)


def test_this_machine_is_refused_unless_admitted(receiver):
    reply = post(receiver.url, b"", {})
    assert reply.status == 0
    assert receiver.got == []


def test_no_redirect_is_followed(admitted, receiver):
    receiver.answers, receiver.location = [302], receiver.url
    assert post(receiver.url, b"", {}).status == 302
    assert len(receiver.got) == 1


def test_who_drips_is_cut_off(admitted, receiver):
    """Each byte comes in time; all of them would take minutes."""
    receiver.drips = 0.1
    began = time.monotonic()
    reply = post(receiver.url, b"", {}, seconds=0.5)
    assert time.monotonic() - began < 30
    assert len(reply.excerpt) < 100


def test_who_does_not_listen(admitted, receiver):
    closed = receiver.url.replace(str(receiver.port), "1")
    assert "ConnectionRefused" in post(closed, b"", {}).excerpt
