"""Messages in a mbox file, read back by Python's own reader."""

from __future__ import annotations

import datetime as dt
import mailbox
import re

from ecritoire.mailstore.export.mbox import mbox_message
from ecritoire.mailstore.export.names import Names, file_name, imap_name
from ecritoire.mailstore.export.reader import uid_set

AT = dt.datetime(2026, 11, 3, 10, 20, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))
PLAIN = b"Return-Path: <b@ailleurs.test>\r\nSubject: Essai\r\n\r\nBonjour\r\nFrom ici\r\n>From la\r\n\r\nFin"


def read_back(tmp_path, *messages: bytes) -> list[mailbox.mboxMessage]:
    (tmp_path / "x.mbox").write_bytes(b"".join(messages))
    return list(mailbox.mbox(str(tmp_path / "x.mbox")))


def test_it_works(tmp_path):
    first = mbox_message(PLAIN, ["\\Seen", "\\Flagged", "$label1"], AT)
    read = read_back(tmp_path, first, mbox_message(PLAIN, [], AT))
    assert len(read) == 2
    assert read[0].get_from() == "b@ailleurs.test Tue Nov  3 09:20:30 2026"
    assert set(read[0].get_flags()) == {"R", "O", "F"}
    assert read[0]["X-Keywords"] == "$label1"
    assert read[0]["X-Mozilla-Status"] == "0005"
    assert set(read[1].get_flags()) == {"O"}


def test_quoting_is_undone_without_loss(tmp_path):
    body = read_back(tmp_path, mbox_message(PLAIN, [], AT))[0].as_bytes().partition(b"\n\n")[2]
    assert b"\n>From ici\n>>From la\n" in body
    undone = re.sub(rb"(?m)^>(>*From )", rb"\1", body)
    assert undone.rstrip(b"\n").replace(b"\n", b"\r\n") == PLAIN.partition(b"\r\n\r\n")[2]


def test_a_sender_that_is_missing_or_odd(tmp_path):
    for content in (b"Subject: x\r\n\r\n", b"Return-Path: <>\r\n\r\nx", b"Return-Path: <a b@c>\r\n\r\nx"):
        assert mbox_message(content, [], AT).startswith(b"From MAILER-DAEMON Tue")


def test_a_status_header_from_outside_does_not_count(tmp_path):
    forged = b"Status: RO\r\nX-Status: F\r\nSubject: x\r\n\r\nx\r\n"
    assert set(read_back(tmp_path, mbox_message(forged, [], AT))[0].get_flags()) == {"O"}


def test_names_that_every_system_takes():
    assert file_name('Re: a/b\\c "d"?') == "Re- a-b-c -d"
    assert file_name("CON") == "_CON"
    assert file_name(" . ") == "sans nom"
    assert len(file_name("é" * 200).encode()) <= 80
    names = Names()
    assert [names.take("c/", name, ".mbox") for name in ("Été", "été", "x")] == [
        "c/Été.mbox",
        "c/été (2).mbox",
        "c/x.mbox",
    ]


def test_folders_are_named_as_imap_wants():
    assert imap_name("Projets/Été & fêtes") == '"Projets/&AMk-t&AOk- &- f&AOo-tes"'
    assert imap_name('a"b\\c') == '"a\\"b\\\\c"'


def test_neighbours_are_a_range():
    assert uid_set([1, 2, 3, 7, 9, 10]) == "1:3,7,9:10"
