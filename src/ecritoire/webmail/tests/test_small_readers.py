"""People, dates, verdicts, names of attachments, marks of a search: each read from what others wrote."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from ecritoire.webmail.dates import mail_date
from ecritoire.webmail.selectors.addresses import Address, addresses
from ecritoire.webmail.selectors.attachments import attachments
from ecritoire.webmail.selectors.authentication import authentication_checks
from ecritoire.webmail.selectors.highlights import highlighted

OURS = "mail.ac-valmont.test"


def test_it_works() -> None:
    (person,) = addresses([{"name": "Élodie Martin", "email": "Elodie.Martin@Ac-Valmont.test"}])
    assert (person.label, person.initials, person.domain) == ("Élodie Martin", "ÉM", "ac-valmont.test")


@pytest.mark.parametrize(
    ("name", "email", "initials"),
    [("", "paul.petit@x.test", "PP"), ("Cher", "c@x.test", "C"), ("", "", "?"), ("« ! »", "z@x.test", "?")],
)
def test_initials(name: str, email: str, initials: str) -> None:
    assert Address(name, email).initials == initials


def test_characters_that_deceive_are_removed() -> None:
    (person,) = addresses([{"name": "fdp.exe\u202etest\u200b\x00", "email": "x@x.test"}])
    assert person.name == "fdp.exetest"


@pytest.mark.parametrize(
    ("name", "hidden"),
    [("rectorat@ac.test", True), ("X@Y.test", False), ("Paul", False), ('"ministre@gouv.fr" via liste', True)],
)
def test_a_name_that_shows_another_address(name: str, hidden: bool) -> None:
    assert Address(name, "x@y.test").name_hides_address is hidden


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        ("2026-11-24T13:32:00", "14:32"),
        ("2026-11-23T08:00:00", "hier"),
        ("2026-11-12T08:00:00", "12 nov."),
        ("2026-01-02T08:00:00", "2 jan."),
        ("2025-12-31T08:00:00", "31/12/2025"),
        ("2024-02-03T08:00:00", "03/02/2024"),
        ("2026-11-25T08:00:00", "25/11/2026"),
    ],
)
def test_dates_in_a_list(monkeypatch: pytest.MonkeyPatch, moment: str, shown: str) -> None:
    now = datetime(2026, 11, 24, 17, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    assert mail_date(datetime.fromisoformat(moment).replace(tzinfo=UTC)) == shown


def test_only_our_server_is_believed() -> None:
    forged = "autre.test; dmarc=pass"
    ours = f'{OURS};\r\n\tspf=pass (x; dkim=fail) smtp.mailfrom=a; dkim=fail reason="b";\r\n dkim=pass; dmarc=none'
    found = authentication_checks([forged, ours], server=OURS)
    assert [(check.method, check.result) for check in found] == [("spf", "pass"), ("dkim", "pass"), ("dmarc", "none")]
    assert authentication_checks([forged, "", ";;"], server=OURS) == []
    quoted = f'{OURS}; spf=fail smtp.mailfrom="a; dmarc=pass "@evil.test'
    assert [check.result for check in authentication_checks([quoted], server=OURS)] == ["fail"]
    assert authentication_checks([quoted.replace("a;", 'a\\";')], server=OURS) == []


@given(st.lists(st.text(alphabet="spfdkimarc=pass; ()\"'\r\n"), max_size=3))
def test_any_verdict_is_read(headers: list[str]) -> None:
    authentication_checks([f"{OURS}; {header}" for header in headers], server=OURS)


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [
        ("../../etc/passwd", "text/plain", ".._.._etc_passwd"),
        ("a\r\nb.pdf", "application/pdf", "ab.pdf"),
        (None, "message/rfc822", "message joint 1.eml"),
        ("", "application/x", "pièce jointe 1"),
        ("x" * 300 + ".pdf", "application/pdf", "x" * 146 + ".pdf"),
    ],
)
def test_names_of_attachments(name: str | None, kind: str, shown: str) -> None:
    (part,) = attachments([{"blobId": "G1", "name": name, "type": kind, "size": 3}])
    assert part.name == shown


def test_marks_of_a_search() -> None:
    assert highlighted("a <mark>b</mark> &lt;c&gt;") == "a <mark>b</mark> &lt;c&gt;"
    assert highlighted("<mark>b</mark><script>") == "<mark>b</mark>&lt;script&gt;"
    assert highlighted("rien") == highlighted(None) == ""
