"""A line of Postfix's log: understood, or left aside without an error; what strangers write in it fools nobody."""

import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ecritoire.mailflow.tests import trace_log as log
from ecritoire.mailflow.trace.lines import Identified, Opened, Refused, Sized, Tried, Turned, line_read

NOW = dt.datetime(2026, 11, 30, 3, tzinfo=dt.UTC)
AT = dt.datetime(2026, 11, 30, 2, 28, 36, tzinfo=dt.UTC)
JULIEN, CLAIRE = "julien.moreau@ac-valmont.test", "claire.martin@partenaire.test"


def read(line, now=NOW):
    return line_read(f"Nov 30 02:28:36 {line}", now=now)


def test_it_works():
    events = [read(line) for line in [*log.opened("4jd7HS3f5Yzs7LX", CLAIRE), log.removed("4jd7HS3f5Yzs7LX")]]
    queue_id = "4jd7HS3f5Yzs7LX"
    assert events == [
        None,
        Opened(AT, queue_id, "192.0.2.7", False),
        Identified(AT, queue_id, f"{queue_id}@x.test"),
        Sized(AT, queue_id, CLAIRE, 233),
        Turned(AT, queue_id, "removed"),
    ]


def test_deliveries():
    tried = read(log.sent_in("4jd7HS3f5Yzs7LX", JULIEN))
    assert tried == Tried(
        AT,
        "4jd7HS3f5Yzs7LX",
        "u8@store.internal",
        JULIEN,
        "mail.ac-valmont.test",
        "2.1.5",
        "sent",
        "250 2.1.5 Success SESSIONID=<cyrus-1>",
    )
    away = read(log.bounced("4jd7HS3f5Yzs7LX", "inconnu@partenaire.test"))
    assert (away.status, away.dsn, away.recipient, away.original) == (
        "bounced",
        "5.1.1",
        "inconnu@partenaire.test",
        "",
    )
    assert away.words.endswith("(in reply to RCPT TO command)")
    assert read(log.deferred("4jd7HS3f5Yzs7LX", CLAIRE)).relay == ""


def test_whoever_is_signed_in():
    assert read(log.submitted("4jd7HS3f5Yzs7LX", JULIEN)[0]).is_submitted


def test_refusals():
    door = read(log.refused(CLAIRE, "personne@ac-valmont.test"))
    assert (door.queue_id, door.code, door.dsn, door.recipient) == ("", "550", "5.1.1", "personne@ac-valmont.test")
    assert door.words.startswith("<personne@ac-valmont.test>: Recipient address rejected")
    spam = read(log.filtered("4jd7HT01cXzs91k", CLAIRE, JULIEN))
    assert (spam.queue_id, spam.words, spam.is_whole) == ("4jd7HT01cXzs91k", "Gtube pattern", True)


def test_a_refused_header_is_not_kept():
    line = (
        f"{log.HOST}/cleanup[1]: 4jd7HT01cXzs91k: reject: header Subject: Tres secret from localhost[127.0.0.1]; "
        f"from=<{JULIEN}> to=<{CLAIRE}> proto=ESMTP helo=<x>: 5.7.1 messages are not forwarded by rules"
    )
    found = read(line)
    assert (found.dsn, found.words) == ("5.7.1", "messages are not forwarded by rules")
    assert "secret" not in repr(found)


@pytest.mark.parametrize(
    ("turn", "line"),
    [
        ("expired", f"qmgr[1]: 4jd7HT01cXzs91k: from=<{JULIEN}>, status=expired, returned to sender"),
        ("expired", f"qmgr[1]: 4jd7HT01cXzs91k: from=<{JULIEN}>, status=force-expired, returned to sender"),
        ("held", "postsuper[1]: 4jd7HT01cXzs91k: placed on hold"),
        ("released", "postsuper[1]: 4jd7HT01cXzs91k: released from hold"),
        ("told", "bounce[1]: 4jd7HT01cXzs91k: sender non-delivery notification: 4jd7HS49hPzs8tD"),
        ("delayed", "bounce[1]: 4jd7HT01cXzs91k: sender delay notification: 4jd7HS49hPzs8tD"),
    ],
)
def test_turns(turn, line):
    assert read(f"{log.HOST}/{line}") == Turned(AT, "4jd7HT01cXzs91k", turn)


def test_an_address_that_looks_like_the_log_passes_for_nothing():
    """As Postfix wrote them for ``RCPT TO:<"; from=<a@…> to=<b@…> proto=ESMTP helo=<"@ac-valmont.test>``: quoted and bare."""
    inner = "; from=<a@ac-valmont.test> to=<b@ac-valmont.test> proto=ESMTP helo=<"
    words = f"554 5.7.1 <{inner}@ac-valmont.test>: Relay access denied"
    assert read(log.refused(CLAIRE, f'"{inner}"@ac-valmont.test', words)) is None
    quoted = read(log.bounced("4jd7HS3f5Yzs7LX", '">, relay=x, dsn=2.0.0, status=sent (ok"@partenaire.test'))
    assert (quoted.status, quoted.dsn) == ("bounced", "5.1.1")


def test_the_year_is_the_latest_that_is_not_to_come():
    line = f"Dec 31 23:59:59 {log.removed('4jd7HT01cXzs91k')}"
    found = line_read(line, now=dt.datetime(2027, 1, 1, 0, 0, 5, tzinfo=dt.UTC))
    assert found == Turned(dt.datetime(2026, 12, 31, 23, 59, 59, tzinfo=dt.UTC), "4jd7HT01cXzs91k", "removed")
    assert read(log.removed("4jd7HT01cXzs91k")).at.year == 2026


SOME = [
    *log.opened("4jd7HS3f5Yzs7LX", CLAIRE),
    log.sent_in("4jd7HS3f5Yzs7LX", JULIEN),
    log.bounced("4jd7HS3f5Yzs7LX", CLAIRE),
    log.refused(CLAIRE, JULIEN),
    log.filtered("4jd7HS3f5Yzs7LX", CLAIRE, JULIEN),
]
LIMITS = {"queue_id": 20, "client": 45, "sender": 320, "recipient": 320, "original": 320, "message_id": 400}
LIMITS |= {"relay": 255, "words": 400, "dsn": 13}


def fits(event):
    assert event is None or isinstance(event, Opened | Identified | Sized | Tried | Refused | Turned)
    for name, limit in LIMITS.items():
        assert len(getattr(event, name, "")) <= limit


@given(st.text())
def test_any_line_is_read_or_left(line):
    fits(line_read(line, now=NOW))


@given(st.sampled_from(SOME), st.integers(0, 400), st.integers(0, 40), st.text(max_size=600))
@example(SOME[3], 58, 3, "9" * 400)
def test_any_damaged_line_is_read_or_left(line, at, length, other):
    line = f"Nov 30 02:28:36 {line}"
    fits(line_read(line[:at] + other + line[at + length :], now=NOW))


@given(st.from_regex(r"[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}", fullmatch=True), st.datetimes())
def test_any_date_is_read_or_left(stamp, now):
    fits(line_read(f"{stamp} {log.removed('4jd7HT01cXzs91k')}", now=now.replace(tzinfo=dt.UTC)))


@given(st.emails(), st.emails())
def test_any_address_comes_back(sender, recipient):
    for given_, line in (
        (recipient, log.sent_out("4jd7HS3f5Yzs7LX", recipient)),
        (sender, log.opened("4jd7HS3f5Yzs7LX", sender)[3]),
    ):
        event = read(line)
        assert given_ in {getattr(event, "recipient", ""), getattr(event, "sender", "")}
