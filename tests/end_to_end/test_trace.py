"""What became of a message, through the real daemons: followed in the console by who may, whatever happens to the log and its reader."""

from __future__ import annotations

import datetime as dt
import os
import re
import signal
import smtplib
import uuid
from collections import Counter
from contextlib import suppress

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from launcher.mail_log import rotate
from launcher.supervisor import Supervisor
from tests.end_to_end.conftest import NARROW, wait_until

GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
CLAIRE = "claire.martin@partenaire.test"


def message(sender, recipient, text="Bonjour", number=""):
    head = f"From: {sender}\r\nTo: {recipient}\r\nSubject: tres secret\r\nMessage-ID: <{number or uuid.uuid4().hex}@essai.test>\r\n"
    return f"{head}\r\n{text}\r\n".encode()


@pytest.fixture
def julien(people):
    return people["Julien"]


@pytest.fixture
def submit(site, tls, julien):
    """Julien writes; returns the Message-ID."""

    def send(*recipients):
        number = uuid.uuid4().hex
        with smtplib.SMTP_SSL("localhost", site.config.listen.submissions, context=tls, timeout=30) as connection:
            connection.login(julien["sign_in"], julien["app_password"])
            connection.sendmail(julien["sign_in"], recipients, message(julien["sign_in"], recipients[0], number=number))
        return f"{number}@essai.test"

    return send


@pytest.fixture
def from_outside(site):
    """Claire writes from outside; a refusal is part of the test. Returns the Message-ID."""

    def send(sender, recipient, text="Bonjour"):
        number = uuid.uuid4().hex
        with (
            smtplib.SMTP("127.0.0.1", site.config.listen.smtp, timeout=30) as connection,
            suppress(smtplib.SMTPException),
        ):
            connection.sendmail(sender, [recipient], message(sender, recipient, text, number))
        return f"{number}@essai.test"

    return send


@pytest.fixture
def nadia(signed_in):
    return signed_in("Nadia")


def search(page, **fields):
    page.goto("/suivi/")
    for label, value in {"Motif": "essai", **fields}.items():
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Chercher").click()
    page.wait_for_url(re.compile(r"/suivi/.+/"))


def states(page, count):
    """What each recipient's message became, once there are ``count`` of them."""

    def look():
        page.reload()
        rows = [row.get_by_role("cell").all_inner_texts() for row in page.locator("tbody tr").all()]
        return [(row[2], row[4]) for row in rows] if len(rows) >= count else None

    return Counter(wait_until(look, f"{count} messages in the trace"))


def worker_starts(site):
    return (site.log / "jobs.log").read_text().count("Launching a worker")


def test_it_works(nadia, submit, julien, people):
    sophie = people["Sophie"]["sign_in"]
    number = submit("editions@partenaire.test", "inconnu@partenaire.test", "plein@partenaire.test", sophie)
    search(nadia, **{"Message-ID": f"<{number}>"})
    assert states(nadia, 4) == Counter(
        [
            ("editions@partenaire.test", "remis"),
            ("inconnu@partenaire.test", "non remis"),
            ("plein@partenaire.test", "non remis"),
            (sophie, "remis"),
        ]
    )
    nadia.locator("tr", has_text="inconnu@partenaire.test").get_by_role("link").click()
    expect(nadia.get_by_text("Refusé par le serveur de partenaire.test.")).to_be_visible()
    expect(nadia.get_by_text("Cette adresse n'existe pas, ou plus.")).to_be_visible()
    expect(nadia.get_by_text("L'expéditeur en est averti")).to_be_visible()
    assert "tres secret" not in nadia.content()


def test_one_that_waits(nadia, submit, site):
    supervisor = Supervisor(site)
    supervisor.stop("partner")
    try:
        number = submit("editions@partenaire.test")
        search(nadia, **{"Message-ID": number})
        assert states(nadia, 1) == Counter([("editions@partenaire.test", "en attente")])
    finally:
        supervisor.start_program("partner")
    nadia.locator("tbody tr").get_by_role("link").click()
    expect(nadia.get_by_text("Le serveur d'en face ne répond pas.")).to_be_visible()
    expect(nadia.get_by_text("Rien à faire")).to_be_visible()


def test_refused_at_the_door(nadia, from_outside, julien):
    sender = f"{uuid.uuid4().hex}@partenaire.test"
    from_outside(sender, "personne@ac-valmont.test")
    from_outside(sender, julien["sign_in"], GTUBE)
    from_outside(sender, julien["sign_in"])
    search(nadia, Correspondant=sender)
    assert states(nadia, 3) == Counter(
        [
            ("personne@ac-valmont.test", "refusé à l'entrée"),
            (julien["sign_in"], "refusé à l'entrée"),
            (julien["sign_in"], "remis"),
        ]
    )


def test_a_rotation_and_a_reader_killed(nadia, submit, site):
    """Nothing is lost and nothing is read twice."""
    supervisor = Supervisor(site)
    numbers = [submit("editions@partenaire.test")]
    rotate(site, now=dt.datetime.now(dt.UTC))
    numbers.append(submit("editions@partenaire.test"))
    started = worker_starts(site)
    os.kill(supervisor.states()["jobs"]["pid"], signal.SIGKILL)
    numbers.append(submit("editions@partenaire.test"))
    wait_until(lambda: worker_starts(site) > started, "another worker")
    for number in numbers:
        search(nadia, **{"Message-ID": number})
        assert states(nadia, 1) == Counter([("editions@partenaire.test", "remis")])


@pytest.mark.parametrize("width", [1280, NARROW])
def test_the_pages_are_accessible(signed_in, submit, width):
    page = signed_in("Nadia", width)
    number = submit("inconnu@partenaire.test")
    page.goto("/suivi/")
    assert not Axe().run(page).response["violations"]
    search(page, **{"Message-ID": number})
    states(page, 1)
    assert not Axe().run(page).response["violations"]
    page.locator("tbody tr").get_by_role("link").click()
    assert not Axe().run(page).response["violations"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_from_a_request(signed_in, open_page, submit, julien):
    number = submit("inconnu@partenaire.test")
    asking = signed_in("Julien")
    asking.goto("/assistance/nouvelle/")
    asking.get_by_label("En quelques mots").fill("Mon message revient")
    asking.get_by_label("Que se passe-t-il ?").fill("Il revient.")
    asking.get_by_role("button", name="Envoyer la demande").click()
    asking.wait_for_url(re.compile("/assistance/demandes/"))
    ticket = asking.url.rstrip("/").rpartition("/")[2]
    page = signed_in("Nadia")
    page.goto(f"/assistance/file/{ticket}/")
    page.get_by_role("link", name="Suivre un message").last.click()
    page.get_by_role("button", name="Suivre un message").click()
    page.wait_for_url(re.compile("/suivi/.+/"))
    states(page, 1)
    wait_until(lambda: _opened(page, number), "the message in the trace")
    page.get_by_role("button", name="Joindre à la demande").click()
    page.wait_for_url(re.compile(f"/assistance/file/{ticket}/"))
    expect(page.get_by_text("Suivi du message de").first).to_be_visible()


def _opened(page, number):
    """On the page of the newest message, when that is the one; back on the list otherwise."""
    page.reload()
    page.locator("tr", has_text="inconnu@partenaire.test").first.get_by_role("link").click()
    page.wait_for_url(re.compile(r"/suivi/.+/\d+/"))
    if number in page.content():
        return True
    page.go_back()
    return False
