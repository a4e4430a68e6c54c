"""Reading a message: what it says of itself, and that no bytes are an error."""

import hashlib
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecritoire.mailflow import reading
from ecritoire.mailflow.reading import authenticated, best_text, files_of, html_text, message_read, trimmed


def read(text: str):
    return message_read(text.encode())


def test_it_works():
    message = EmailMessage()
    message["From"] = "Anne Durand <anne@ac-valmont.test>"
    message["Message-ID"] = "<a@b>"
    message["References"] = "<1@x> <2@x>"
    message.set_content("Bonjour\n")
    message.add_alternative("<p>Bonjour</p>", subtype="html")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="é.pdf")
    found = message_read(message.as_bytes())
    assert reading.sender_address(found) == "anne@ac-valmont.test"
    assert reading.sender_name(found) == "Anne Durand"
    assert reading.message_id(found) == "a@b"
    assert reading.answered_ids(found) == ["2@x", "1@x"]
    assert best_text(found) == "Bonjour"
    assert [(file.name, file.content) for file in files_of(found)] == [("é.pdf", b"%PDF")]
    assert not reading.is_automatic(found, "anne@ac-valmont.test")


NAMES = [
    b"From",
    b"Subject",
    b"Content-Type",
    b"Message-ID",
    b"References",
    b"Authentication-Results",
    b"Content-Disposition",
]
TAILS = [
    b"multipart/mixed; boundary=B",
    b"text/plain; charset=",
    b"message/rfc822",
    b"message/delivery-status",
    b"=?utf-8?b?",
    b"attachment; filename*=utf-8''%ff",
]
lines = st.builds(
    lambda name, tail, rest: name + b": " + tail + rest + b"\n",
    st.sampled_from(NAMES),
    st.sampled_from([b"", *TAILS]),
    st.binary(max_size=60),
)
bodies = st.lists(
    st.sampled_from([b"--B\n", b"--B--\n", b"\n", b"Content-Transfer-Encoding: base64\n", b"Content-Type: text/html\n"])
    | st.binary(max_size=80)
)
messages = st.binary(max_size=400) | st.builds(
    lambda head, body: b"".join(head) + b"\n" + b"".join(body), st.lists(lines, max_size=8), bodies
)


@settings(max_examples=400, deadline=None)
@given(messages)
def test_no_bytes_are_an_error(content):
    message = message_read(content)
    texts = [reading.header(message, "Subject"), reading.sender_address(message), reading.sender_name(message)]
    texts += [
        reading.message_id(message),
        best_text(message),
        trimmed(best_text(message)),
        *reading.answered_ids(message),
    ]
    texts += [file.name for file in files_of(message)] + reading.undelivered_to(message)
    reading.is_automatic(message, "a@b")
    reading.is_bounce(message, "")
    authenticated(message)
    for text in texts:
        assert "\0" not in text
        text.encode()


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_text_is_never_trimmed_to_nothing(text):
    assert bool(trimmed(text)) == bool(text.strip())


@pytest.mark.parametrize(
    "quoted",
    [
        "Le lun. 2 mars 2026 à 10:00, Assistance <a@b> a écrit :\n> vieux",
        "Le lundi 2 mars 2026 à 10:00, Une Très Longue Assistance\n<a@b> a écrit :\n> vieux",
        "On Mon, Mar 2, 2026 Someone wrote:\n> old",
        "-----Message d'origine-----\nDe : x",
        "De : Assistance\nEnvoyé : lundi\nObjet : x\n\nvieux",
        "-- \nAnne Durand\nCollège",
        "> vieux",
    ],
)
def test_quotations_and_signatures_are_left_out(quoted):
    assert trimmed(f"Merci.\n\n{quoted}") == "Merci."


def test_what_is_only_quoted_stays():
    assert trimmed("> tout") == "> tout"


def test_html_is_made_text():
    html = (
        "<style>p{}</style><p>Un <b>mot</b> gras</p><ul><li>A</li><li>B</li></ul><blockquote>cité</blockquote>&eacute;"
    )
    assert html_text(html).split("\n") == ["Un mot gras", "", "A", "", "B", "", "> cité", "é"]


@pytest.mark.parametrize(
    ("results", "passes"),
    [
        ("mx; dkim=pass header.d=ecole.test", True),
        ('mx; dkim=pass header.d=ecole.test header.s=m header.b="q/8+b"', True),
        ('mx; spf=pass smtp.mailfrom="a; dmarc=pass "@evil.test', False),
        ('mx; spf=pass smtp.mailfrom="a\\"; dmarc=pass "@evil.test', False),
        ("mx; dkim=fail header.d=ecole.test", False),
        ("mx; dkim=pass header.d=ailleurs.test", False),
        ("mx; spf=pass (mx: domain of a@ecole.test) smtp.mailfrom=a@ecole.test", True),
        ("mx; spf=pass smtp.mailfrom=a@ailleurs.test", False),
        ("mx; dmarc=pass (policy=none) header.from=ecole.test", True),
        ("mx; dmarc=pass (policy=none) header.from=ailleurs.test", False),
        ('mx; spf=pass smtp.mailfrom="x; dkim=pass header.d=ecole.test "@ailleurs.test', False),
        ("", False),
    ],
)
def test_who_is_believed(results, passes):
    assert authenticated(read(f"From: Anne <anne@ecole.test>\nAuthentication-Results: {results}\n\nx")) is passes


def test_two_senders_are_none():
    assert reading.sender_address(read("From: a@b.test, c@d.test\n\nx")) == ""
    assert reading.sender_address(read("From: a@b.test\nFrom: c@d.test\n\nx")) == ""


def enclosing(*files, encoding="base64"):
    message = EmailMessage()
    message["Subject"] = "Voici"
    message.set_content("Bonjour\n")
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="pdf", filename=name, cte=encoding)
    return message.as_bytes()


BIG = bytes(range(256)) * 40


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_message_is_kept_without_the_files_kept_beside_it(end):
    raw = enclosing(("un.pdf", BIG), ("deux.pdf", BIG[::-1])).replace(b"\n", end)
    message = message_read(raw)
    left = reading.without_files(raw, message, [BIG])
    assert len(left) < len(raw) - len(BIG)
    assert hashlib.sha256(BIG).hexdigest().encode() in b"".join(file.content for file in files_of(message_read(left)))
    assert [(file.name, file.content == BIG[::-1]) for file in files_of(message_read(left))] == [
        ("un.pdf", False),
        ("deux.pdf", True),
    ]
    assert left.startswith(raw[: raw.index(b"Content-Disposition")])


@pytest.mark.parametrize("kept", [[], [b"something else"], [b"Bonjour\n"]])
def test_what_is_kept_nowhere_else_stays_byte_for_byte(kept):
    raw = enclosing(("un.pdf", BIG))
    assert reading.without_files(raw, message_read(raw), kept) == raw


def test_a_message_enclosed_is_kept_once_too():
    inner, outer = message_read(enclosing(("un.pdf", BIG))), EmailMessage()
    outer.set_content("Voici ce que j'ai reçu.\n")
    outer.add_attachment(inner)
    raw = outer.as_bytes()
    (file,) = files_of(message_read(raw))
    assert len(reading.without_files(raw, message_read(raw), [file.content])) < 2000


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from([*NAMES, b": ", b"\n", b"\r\n", b"multipart/mixed; boundary=B", b"--B", b"x" * 80, b"\xff"]),
        max_size=40,
    )
)
def test_no_bytes_are_an_error_without_files_either(parts):
    raw = b"".join(parts)
    message = message_read(raw)
    assert len(reading.without_files(raw, message, [file.content for file in files_of(message)])) <= len(raw)
