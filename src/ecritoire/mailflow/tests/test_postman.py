"""The letterbox daemon, spoken to over its socket: when it says 250, when 451, when 550."""

import asyncio
import contextlib
import smtplib
import threading

import pytest

from ecritoire.mailflow import postman
from ecritoire.mailflow.letterbox import LetterRefused, letterboxes
from launcher.site import LETTERBOXES


@pytest.fixture
def taken(monkeypatch):
    """What the rooms were handed; a subject may make them fail."""
    kept = []

    def deliver(*, sender, recipient, content):
        if b"panne" in content:
            raise OSError("the database is away")
        if b"trop" in content:
            raise LetterRefused("too many")
        kept.append((sender, recipient, content))

    monkeypatch.setattr(postman, "deliver", deliver)
    monkeypatch.setattr(postman, "addressee", lambda address: address.startswith("assistance") or None)
    monkeypatch.setattr(postman, "close_old_connections", lambda: None)
    return kept


@pytest.fixture
def lmtp(taken, tmp_path):
    loop = asyncio.new_event_loop()
    path, ready = tmp_path / "lmtp", threading.Event()

    async def run():
        server = await postman.listen(path)
        ready.set()
        async with server:
            await server.serve_forever()

    task = loop.create_task(run())

    def work():
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(task)

    thread = threading.Thread(target=work)
    thread.start()
    assert ready.wait(10)
    client = smtplib.LMTP(str(path))
    yield client
    client.close()
    loop.call_soon_threadsafe(task.cancel)
    thread.join(10)


def test_it_works(lmtp, taken):
    assert lmtp.sendmail("a@b.test", "assistance+x@c.test", b"Subject: x\r\n\r\nBonjour\r\n") == {}
    assert taken == [("a@b.test", "assistance+x@c.test", b"Subject: x\r\n\r\nBonjour\r\n")]


@pytest.mark.parametrize(("word", "code"), [(b"panne", 451), (b"trop", 550)])
def test_what_fails_is_kept_by_postfix_what_is_refused_is_told(lmtp, taken, word, code):
    with pytest.raises(smtplib.SMTPDataError) as error:
        lmtp.sendmail("a@b.test", "assistance@c.test", b"\r\n" + word)
    assert error.value.smtp_code == code
    assert not taken


def test_an_unknown_box_is_refused(lmtp):
    with pytest.raises(smtplib.SMTPRecipientsRefused) as error:
        lmtp.sendmail("a@b.test", "personne@c.test", b"\r\nx")
    assert error.value.recipients["personne@c.test"][0] == 550


def test_one_recipient_at_a_time(lmtp):
    lmtp.ehlo_or_helo_if_needed()
    lmtp.mail("a@b.test")
    lmtp.rcpt("assistance@c.test")
    assert lmtp.rcpt("assistance@d.test")[0] == 452


def test_postfix_knows_the_boxes_the_rooms_have():
    assert set(LETTERBOXES) == set(letterboxes())
