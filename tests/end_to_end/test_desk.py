"""The help desk, the console and the home page in a browser, on the running demonstration."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time

import psycopg
import pytest

from launcher.audit import checkpoint_file
from launcher.config import PROJECT_ROOT
from launcher.house import manage_command
from tests.end_to_end.conftest import NARROW, WIDE, wait_until
from tests.end_to_end.test_pages import look

CALL = """
from ecritoire.accounts.models import Account
from ecritoire.accounts.services.access import HelpKind, help_request
who = Account.objects.get(login="{login}")
help_request(account=who, login=who.login, contact="sonde@partenaire.test", kind=HelpKind.LOCKED, text="{text}", urgent=True)
"""


def call_for_help(site, login, text):
    command = manage_command(site, ["shell", "-v", "0", "-c", CALL.format(login=login, text=text)])
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_it_works(site, people, signed_in, outside):
    """Opened by a signal, announced, taken, answered by mail, read by the person, settled."""
    mark = f"essai {time.time_ns()}"
    call_for_help(site, people["Sophie"]["sign_in"], f"Je suis bloquée, {mark}")
    desk = signed_in("Nadia")
    desk.locator(".site-header__pressing").click()
    desk.get_by_role("row").filter(has_text="Sophie Lemaire").first.get_by_role("link").click()
    desk.get_by_text(mark).first.wait_for()
    desk.get_by_text("non vérifiée").wait_for()
    desk.get_by_role("button", name="La prendre").click()
    desk.get_by_text("Confiée à Nadia Benali").wait_for()
    desk.get_by_label("Réponse à la personne").fill(f"Votre compte est débloqué ({mark}).")
    desk.get_by_label("Ensuite, la demande est").select_option("resolved")
    desk.get_by_role("button", name="Envoyer la réponse").click()
    desk.get_by_text("Réponse envoyée.").wait_for()
    message = outside("sonde", mark)
    number = re.search(r"\d{4}-\d{6}", str(message["Subject"]))
    assert number

    phone = signed_in("Sophie", NARROW)
    phone.goto("/assistance/")
    phone.locator(f"a[href*='{number[0]}']").click()
    phone.get_by_text(f"Votre compte est débloqué ({mark}).").wait_for()
    phone.get_by_role("button", name="C'est résolu : clore la demande").click()
    phone.get_by_text("Demande close").wait_for()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_critical_alert_is_read_and_taken(site, people, signed_in, width):
    """From the request itself, not only from the mail."""
    mark = f"alerte {time.time_ns()}"
    call_for_help(site, people["Sophie"]["sign_in"], mark)
    page = signed_in("Nadia", width)
    page.goto("/assistance/file/?priority=1&state=open&sort=newest")
    page.locator("[data-desk-open]").first.click()
    page.get_by_role("link", name="Alerte critique").click()
    page.get_by_role("heading", name="Alerte critique").wait_for()
    look(page)
    if page.get_by_role("button", name="Je m'en occupe").count():
        page.get_by_role("button", name="Je m'en occupe").click()
        page.get_by_text("Nadia Benali s'en occupe.").wait_for()
        look(page)


def test_asking_for_help_without_javascript(signed_in):
    page = signed_in("Julien", java_script_enabled=False)
    page.goto("/assistance/")
    page.get_by_role("link", name="Demander de l'aide").click()
    page.get_by_label("De quoi s'agit-il ?").select_option("mail")
    page.get_by_label("En quelques mots").fill("Pièce jointe refusée")
    page.get_by_label("Que se passe-t-il ?").fill("Trop grande, dit le service.")
    page.get_by_role("button", name="Envoyer la demande").click()
    page.get_by_text("enregistrée").wait_for()


def test_people_are_found_while_typing(signed_in):
    page = signed_in("Nadia")
    page.goto("/annuaire/")
    page.get_by_label("Nom, adresse, matricule ou établissement").press_sequentially("oeuvr zoe")
    rows = page.locator("#results tbody tr")
    wait_until(lambda: rows.count() == 1, "one row")
    assert "q=oeuvr" in page.url
    page.get_by_text("Filtrer").click()
    page.get_by_label("État du compte").select_option("suspended")
    page.get_by_text("Personne ne correspond").wait_for()


def test_people_are_found_without_javascript(signed_in):
    page = signed_in("Nadia", java_script_enabled=False)
    page.goto("/annuaire/")
    page.get_by_label("Nom, adresse, matricule ou établissement").fill("germain moreau")
    page.get_by_role("button", name="Chercher").click()
    assert page.locator("#results tbody tr").count() == 1
    page.get_by_role("link", name="Moreau Julien").click()
    page.get_by_role("heading", name="Julien Moreau").wait_for()


def test_a_local_contact_sees_their_school_alone(signed_in):
    page = signed_in("Karim")
    page.get_by_role("link", name="Mon établissement", exact=True).first.click()
    page.get_by_role("heading", name="Collège Jeanne-Barret").wait_for()
    page.get_by_role("link", name="Toutes les personnes").click()
    page.get_by_role("link", name="Lemaire Sophie").click()
    page.get_by_role("heading", name="Sophie Lemaire").wait_for()
    assert not page.get_by_text("Suspendre").count()
    assert not page.get_by_text("Dernières connexions").count()
    page.goto("/annuaire/?q=julien+moreau")
    page.get_by_text("Personne ne correspond").wait_for()


def test_an_act_asks_why(signed_in):
    page = signed_in("Nadia")
    page.goto("/annuaire/?q=guerin+hugo")
    page.locator("#results tbody a").first.click()
    page.get_by_role("link", name="Suspendre le compte").click()
    reason = f"essai {time.time_ns()}"
    page.get_by_label("Motif").fill(reason)
    page.get_by_role("button", name="Suspendre le compte").click()
    page.get_by_text("Compte suspendu : toutes ses portes").wait_for()
    page.get_by_text(reason).first.wait_for()
    page.get_by_role("link", name="Rétablir le compte").click()
    page.get_by_role("button", name="Rétablir le compte").click()
    page.get_by_text("Compte rétabli").wait_for()


@pytest.mark.parametrize("script", [True, False])
def test_favourites_come_first(signed_in, script):
    page = signed_in("Léa", java_script_enabled=script)
    page.get_by_role("button", name="Favori : Sessions").click()
    page.get_by_role("heading", name="Favoris").wait_for()
    page.goto("/")
    first = page.locator(".tile-group").first
    assert first.get_by_role("heading", level=3).all_inner_texts() == ["Sessions"]
    first.get_by_role("button", name="Favori : Sessions").click()
    wait_until(lambda: not page.get_by_role("heading", name="Favoris").count(), "no favourite")


def test_tiles_are_found_while_typing_and_opened_by_enter(signed_in):
    page = signed_in("Léa")
    page.get_by_label("Trouver un service").press_sequentially("rien de tel")
    page.get_by_text("Aucun service ne correspond").wait_for()
    page.get_by_label("Trouver un service").fill("telephone thunder")
    assert page.locator(".tile-group h3:visible").all_inner_texts() == ["Applications"]
    page.keyboard.press("Enter")
    page.wait_for_url("**/compte/applications/")


FORBIDDEN = [
    "UPDATE common_auditevent SET target = 'x'",
    "DELETE FROM common_auditevent",
    "TRUNCATE common_auditevent",
    "DROP TABLE common_auditevent",
    "DROP TRIGGER audit_append_only ON common_auditevent",
    "ALTER TABLE common_auditevent DISABLE TRIGGER ALL",
    "ALTER TABLE common_auditevent OWNER TO ecritoire",
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE RULE quiet AS ON INSERT TO common_auditevent DO INSTEAD NOTHING",
    "UPDATE common_audithead SET entries = 0",
    "DROP TABLE common_audithead",
    "DROP SCHEMA public CASCADE",
    "SET session_replication_role = replica",
    "SET ROLE ecritoire_audit",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_service_itself_cannot_touch_the_journal(site, statement):
    with psycopg.connect(host=str(site.run("postgres")), dbname="ecritoire", user="ecritoire") as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)
        connection.rollback()


def verify():
    command = [sys.executable, "-m", "launcher", "audit", "verify"]
    environment = {**os.environ, "PYTHONPATH": f"{PROJECT_ROOT}/src:{PROJECT_ROOT}"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=PROJECT_ROOT)


def as_owner(site, *statements):
    from launcher.daemons.postgres import psql

    silent = "ALTER TABLE common_auditevent DISABLE TRIGGER USER; {}; ALTER TABLE common_auditevent ENABLE TRIGGER USER"
    psql(site, silent.format("; ".join(statements)), "ecritoire")


def test_tampering_by_the_database_s_owner_is_found_and_exits_1(site):
    from launcher.daemons.postgres import psql

    assert verify().returncode == 0
    assert checkpoint_file(site).stat().st_mode & 0o777 == 0o600
    entry, target = psql(
        site, "SELECT id, target FROM common_auditevent ORDER BY id OFFSET 3 LIMIT 1", "ecritoire"
    ).split("|")
    as_owner(site, f"UPDATE common_auditevent SET target = 'autre' WHERE id = {entry}")  # noqa: S608
    try:
        done = verify()
    finally:
        as_owner(site, f"UPDATE common_auditevent SET target = '{target}' WHERE id = {entry}")  # noqa: S608
    assert done.returncode == 1
    assert f"entry {entry}" in done.stderr
    assert verify().returncode == 0
