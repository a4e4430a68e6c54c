"""A school's mailbox through the real daemons: mail in, two members, an answer out, a member who moves."""

from __future__ import annotations

import datetime as dt
import re
import smtplib
import subprocess
import uuid
from dataclasses import replace

import pytest

from ecritoire.demo.people import SCHOOLS, Someone, staff_csv
from launcher import config
from tests.end_to_end.conftest import NARROW, WIDE, wait_until
from tests.end_to_end.test_mail_flow import message, swaks
from tests.end_to_end.test_pages import look

DOMAIN = "ac-valmont.test"
SCHOOL, OTHER = (SCHOOLS[number].uai.lower() for number in (2, 3))
ADDRESS = f"ce.{SCHOOL}@{DOMAIN}"


def folder(uai):
    return f'"Other Users/ce-{uai}"'


def arrives(site, subject):
    sent = swaks(site, "--from", "claire.martin@partenaire.test", "--to", ADDRESS, "--h-Subject", subject)
    assert sent.returncode == 0, sent.stdout


def sees(connection, uai, subject):
    if connection.select(folder(uai))[0] != "OK":
        return []
    return connection.search(None, "HEADER", "Subject", f'"{subject}"')[1][0].split()


def feed(someone):
    content = staff_csv(dt.date.today(), [someone])
    subprocess.run([str(config.PROJECT_ROOT / "ecritoire"), "manage", "feed_import", "-"], input=content, check=True)


@pytest.fixture
def submit(site, tls):
    def send(person, sender, recipient, subject):
        with smtplib.SMTP_SSL("localhost", site.config.listen.submissions, context=tls, timeout=30) as connection:
            connection.login(person["sign_in"], person["app_password"])
            connection.sendmail(sender, [recipient], message(sender, recipient, subject))

    return send


def test_it_works(site, people, imap, signed_in, outside):
    """The partner writes to the school; head and secretary both see it; one answers as the school."""
    subject = f"Inscription {uuid.uuid4().hex[:8]}"
    arrives(site, subject)
    secretary = imap(people["Odile"]["sign_in"], people["Odile"]["app_password"])
    wait_until(lambda: sees(secretary, SCHOOL, subject), "the letter in the secretary's application")
    page = signed_in("Sophie")
    page.goto("/courrier/")
    page.get_by_role("navigation", name="Boîtes").get_by_role("link", name="Collège Jeanne-Barret").click()
    page.locator(".mail-row__subject", has_text=subject).click()
    page.get_by_role("link", name="Répondre", exact=True).first.click()
    assert page.get_by_label("De", exact=True).input_value() == "as"
    text = f"Bien reçu {uuid.uuid4().hex}"
    page.get_by_label("Message", exact=True).fill(text)
    page.get_by_role("button", name="Envoyer").click()
    page.get_by_text("Message envoyé.").wait_for()
    assert "/courrier/boite/" in page.url
    received = outside("claire.martin", text)
    assert received["From"].endswith(f"<{ADDRESS}>")
    assert "d=ac-valmont.test" in received["DKIM-Signature"]
    assert received["Sender"] is None
    assert "sophie" not in received.as_string().lower()
    assert wait_until(lambda: seen_by_team(secretary, subject), "read and answered for the secretary too")


def seen_by_team(connection, subject):
    found = sees(connection, SCHOOL, subject)
    flags = connection.fetch(found[0], "(FLAGS)")[1][0]
    return b"\\Seen" in flags and b"\\Answered" in flags


def test_a_member_s_application_writes_as_the_school_and_nobody_else_s(people, submit, outside):
    subject = uuid.uuid4().hex
    submit(people["Odile"], ADDRESS, "claire.martin@partenaire.test", subject)
    assert outside("claire.martin", subject)["From"] == ADDRESS
    with pytest.raises((smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused)):
        submit(people["Julien"], ADDRESS, "claire.martin@partenaire.test", subject)


def test_a_stranger_sees_none_of_it(people, imap, signed_in):
    connection = imap(people["Julien"]["sign_in"], people["Julien"]["app_password"])
    assert connection.select(folder(SCHOOL))[0] == "NO"
    page = signed_in("Julien")
    assert page.goto("/courrier/boite/1/").status == 404


def test_whoever_moves_loses_one_at_once_and_gains_the_other(agent, imap):
    """By the HR feed alone, on a connection that stays open."""
    here = Someone(agent["number"], "mme", "Colette", agent["name"].split()[-1], "enseignant", 2, "Principale adjointe")
    feed(here)
    connection = imap(agent["sign_in"], agent["app_password"])
    wait_until(lambda: connection.select(folder(SCHOOL))[0] == "OK", "the first school's mailbox")
    feed(replace(here, ends_in_days=-1))
    feed(replace(here, school=3))
    wait_until(lambda: not answers(connection), "the end of the connection")

    def moved():
        again = imap(agent["sign_in"], agent["app_password"])
        return again.select(folder(OTHER))[0] == "OK" and again.select(folder(SCHOOL))[0] == "NO"

    wait_until(moved, "the second school's mailbox")


def answers(connection):
    try:
        return connection.noop()[0] == "OK"
    except (OSError, connection.error):
        return False


def test_a_closed_mailbox_says_so_to_whoever_writes(site, signed_in):
    name = f"essai{uuid.uuid4().hex[:8]}"
    page = signed_in("Hélène")
    page.goto("/boites/nouvelle/")
    page.get_by_label("Nom affiché").fill("Mission d'essai")
    page.get_by_label("Début de l'adresse").fill(name)
    page.get_by_role("button", name="Créer la boîte").click()
    page.get_by_text("Boîte créée").wait_for()
    address = f"{name}@{DOMAIN}"
    there = ["--from", "claire.martin@partenaire.test", "--to", address]
    assert swaks(site, *there).returncode == 0
    page.get_by_role("link", name="Fermer cette boîte").click()
    yesterday = dt.date.today() - dt.timedelta(days=1)
    page.get_by_label("Dernier jour").fill(yesterday.isoformat())
    page.get_by_label("Ce que lira l'expéditeur").fill("Écrivez à la DEC.")
    page.get_by_role("button", name="Fermer la boîte").click()
    page.get_by_text("Fermeture enregistrée").wait_for()
    refused = swaks(site, *there)
    assert refused.returncode != 0
    assert re.search(r"550 5.1.6 .*This mailbox is closed. Ecrivez a la DEC.", refused.stdout)


def test_a_letter_to_nobody_is_kept(site, signed_in):
    """A school without a head: mail is accepted, and the console says that nobody reads it."""
    orphan = f"ce.{SCHOOLS[10].uai.lower()}@{DOMAIN}"
    assert swaks(site, "--from", "claire.martin@partenaire.test", "--to", orphan).returncode == 0
    page = signed_in("Hélène")
    page.goto("/")
    page.get_by_role("link", name="Leur donner des membres").click()
    assert page.get_by_role("row").filter(has_text=orphan).get_by_text("personne").is_visible()


PAGES = [
    "/courrier/boite/{n}/",
    "/courrier/boite/{n}/ecrire/",
    "/courrier/boite/{n}/dossiers/",
    "/boites/miennes/",
    "/boites/miennes/{n}/",
]
CONSOLE = ["/boites/", "/boites/{n}/", "/boites/nouvelle/", "/boites/regles/", "/boites/{n}/fermeture/", "/"]


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize(("name", "urls"), [("Sophie", PAGES), ("Hélène", CONSOLE)])
def test_the_pages_are_fit_for_everybody(signed_in, width, name, urls):
    page = signed_in(name, width)
    number = number_of(signed_in)
    for url in urls:
        page.goto(url.format(n=number))
        look(page)


def number_of(signed_in):
    page = signed_in("Sophie")
    page.goto("/boites/miennes/")
    href = page.get_by_role("link", name="Collège Jeanne-Barret", exact=True).get_attribute("href")
    return href.rstrip("/").rpartition("/")[2]
