"""Passwords as people live them: renewed the day after, forgotten, refused, locked; and help for who cannot sign in."""

from __future__ import annotations

import mailbox
import re
import subprocess
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe

from launcher.config import PROJECT_ROOT
from tests.end_to_end.conftest import NARROW, WIDE, enter, wait_until
from tests.end_to_end.test_pages import RULES

NEW = "Tracteur-bleu-7-lune-haute"
Shell = Callable[[str], str]


@pytest.fixture
def shell(site) -> Shell:
    """What only time or a feed could do, done at once."""

    def run(code: str) -> str:
        command = [str(PROJECT_ROOT / "ecritoire"), "manage", "shell", "--no-imports", "-c", PRELUDE + code]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return str(done.stdout).strip()

    return run


PRELUDE = """
import datetime as dt
from django.core.cache import cache
from django.utils import timezone
from ecritoire.accounts.models import *
"""


@pytest.fixture
def borrow(shell, people) -> Iterator[Callable[[str], dict[str, str]]]:
    """Somebody whose password, failures and age of password the test may change: all is as before at the end."""
    borrowed: list[dict[str, str]] = []

    def restore(person: dict[str, str]) -> None:
        shell(f"""
account = Account.objects.get(login={person["sign_in"]!r})
account.set_password({person["password"]!r})
account.password_changed_at = account.temporary_password_expires_at = None
account.save()
account.former_passwords.all().delete()
RecoveryAddress.objects.filter(account=account).update(address=account.person.private_email)
SignInEvent.objects.filter(login=account.login).delete()
Lockout.objects.filter(login=account.login).delete()
IdentityProof.objects.filter(account=account).delete()
AccessPolicy.objects.all().delete()
cache.clear()
""")

    def make(name: str) -> dict[str, str]:
        person: dict[str, str] = people[name]
        restore(person)
        borrowed.append(person)
        return person

    yield make
    for person in borrowed:
        restore(person)


@pytest.fixture
def arriving(site) -> Shell:
    """What a message that arrives from now on at the partner domain holds in the place ``pattern`` describes."""
    folder = site.store("partner") / "sonde" / "new"
    before = set(folder.glob("*"))

    def find(pattern: str) -> str:
        def look() -> str | None:
            for path in set(folder.glob("*")) - before:
                text = mailbox.MaildirMessage(path.read_bytes()).get_payload(decode=True)
                found = re.search(pattern, bytes(text).decode()) if text else None
                if found:
                    return found[1]
            return None

        return str(wait_until(look, f"a message with {pattern}"))

    return find


def assert_accessible(page) -> None:
    found = Axe().run(page, options=RULES)
    assert not found.response["violations"], found.generate_report()
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"{page.url} is {overflow} px too wide"


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_it_works(open_page, borrow, shell, width):
    """The day after the last day: the renewal page and nothing else, then everything again."""
    ines = borrow("Inès")
    shell(f"""
AccessPolicy.objects.create(population="external", renewal_days=365)
Account.objects.filter(login={ines["sign_in"]!r}).update(password_changed_at=timezone.now() - dt.timedelta(days=366))
""")
    page = enter(open_page(width), ines["sign_in"], ines["password"])
    page.get_by_role("heading", name="Renouveler votre mot de passe").wait_for()
    page.goto("/courrier/")
    page.get_by_role("heading", name="Renouveler votre mot de passe").wait_for()
    assert_accessible(page)
    page.get_by_label("Votre mot de passe actuel").fill(ines["password"])
    page.get_by_label("Nouveau mot de passe").fill(NEW)
    page.get_by_label("Le même, une seconde fois").fill(NEW)
    page.get_by_role("button", name="Renouveler").click()
    page.get_by_text("Mot de passe renouvelé").wait_for()
    page.goto("/compte/historique/")
    page.locator("td").get_by_text("mot de passe périmé").first.wait_for()
    assert_accessible(page)


def test_a_refusal_quotes_its_rule_while_typing_and_when_sent(open_page, borrow):
    manon = borrow("Manon")
    page = enter(open_page(), manon["sign_in"], manon["password"])
    page.wait_for_url("**/")
    page.goto("/compte/mot-de-passe/")
    field = page.get_by_label("Nouveau mot de passe")
    field.press_sequentially("Password123!")
    page.locator("[data-faults]").get_by_text("fuite de mots de passe connue").wait_for()
    page.locator("[data-said]").get_by_text("Pas encore accepté").wait_for(state="attached")
    field.fill(NEW)
    page.get_by_text("Accepté, excellent").first.wait_for()
    assert page.locator("[data-rule].met").count() == 2
    page.get_by_role("button", name="Afficher le mot de passe").click()
    assert field.get_attribute("type") == "text"
    assert_accessible(page)
    page.get_by_label("Votre mot de passe actuel").fill("x")
    field.fill("court")
    page.get_by_role("button", name="Changer", exact=True).click()
    page.get_by_text("CNIL, délibération 2022-100, 80 bits").first.wait_for()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_forgotten_password(open_page, borrow, shell, arriving, width):
    """The code is read at the partner domain, where the alternate address is."""
    manon = borrow("Manon")
    shell(f"""
RecoveryAddress.objects.filter(account__login={manon["sign_in"]!r}).update(address="sonde@partenaire.test")
""")
    page = open_page(width)
    page.goto("/compte/connexion/")
    page.get_by_role("link", name="Mot de passe oublié ?").click()
    page.get_by_label("Identifiant").fill(manon["sign_in"])
    page.get_by_role("button", name="Recevoir un code").click()
    page.get_by_label("Code à six chiffres").wait_for()
    page.get_by_label("Code à six chiffres").fill(arriving(r"a demandé à changer[^$]*?(?m:^\s*(\d{6})\s*$)"))
    street = page.get_by_label("Dans quelle rue avez-vous habité en premier ?")
    (street if street.count() else page.locator("#id_answer")).fill("rue des Lilas" if street.count() else "Astronaute")
    page.get_by_role("button", name="Vérifier").click()
    page.get_by_label("Nouveau mot de passe").fill(NEW)
    page.get_by_label("Le même, une seconde fois").fill(NEW)
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("Mot de passe changé : connectez-vous").wait_for()
    enter(page, manon["sign_in"], NEW)
    page.get_by_role("heading", name="Bonjour Manon").wait_for()
    arriving(r"(vient d'être changé)")


def lock(page, person) -> None:
    for _ in range(6):
        enter(page, person["sign_in"], "faux")
    page.get_by_text("Trop d'essais depuis cet endroit").wait_for()


def test_a_lockout_says_until_when_and_ends_by_itself(open_page, borrow, shell):
    manon = borrow("Manon")
    page = open_page()
    lock(page, manon)
    assert re.search(r"recommencer à \d\d:\d\d", page.locator("main").inner_text())
    assert_accessible(page)
    enter(page, manon["sign_in"], manon["password"])
    page.get_by_text("Trop d'essais depuis cet endroit").wait_for()
    shell(f"""
SignInEvent.objects.filter(login={manon["sign_in"]!r}).update(at=timezone.now() - dt.timedelta(minutes=2))
""")
    enter(page, manon["sign_in"], manon["password"])
    page.get_by_role("heading", name="Bonjour Manon").wait_for()
    page.goto("/compte/historique/")
    page.get_by_text("Mots de passe incorrects (5)").wait_for()


def test_support_ends_a_lockout(open_page, signed_in, borrow, shell):
    manon = borrow("Manon")
    page = open_page()
    lock(page, manon)
    person = shell(f"print(Account.objects.get(login={manon['sign_in']!r}).person_id)").splitlines()[-1]
    support = signed_in("Nadia")
    support.goto(f"/annuaire/personnes/{person}/")
    support.get_by_text("en cours").wait_for()
    support.get_by_role("link", name="Débloquer le compte").click()
    support.get_by_role("button", name="Débloquer le compte").click()
    support.get_by_text("Compte débloqué").wait_for()
    support.get_by_text("par l'assistance", exact=True).wait_for()
    enter(page, manon["sign_in"], manon["password"])
    page.get_by_role("heading", name="Bonjour Manon").wait_for()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_help_without_signing_in(open_page, borrow, width):
    """With the name typed and the failures counted, without JavaScript."""
    manon = borrow("Manon")
    page = open_page(width, java_script_enabled=False)
    enter(page, manon["sign_in"], "faux")
    page.get_by_role("link", name="Demander de l'aide").click()
    assert page.get_by_label("Identifiant").input_value() == manon["sign_in"]
    page.get_by_text("1 essai échoué").wait_for()
    page.get_by_label("Où vous joindre").fill("06 00 00 00 00")
    page.get_by_role("button", name="Envoyer la demande").click()
    page.get_by_role("heading", name="Demande transmise").wait_for()


def test_an_administrator_decides_in_one_gesture(signed_in, borrow):
    borrow("Manon")
    page = signed_in("Hélène")
    page.goto("/compte/regles/")
    page.get_by_role("button", name="Modèle ANSSI").click()
    page.get_by_text("Règles en vigueur pour").wait_for()
    assert page.get_by_text("à revoir").count() == 0


def test_a_password_by_support_asks_for_a_proof(signed_in, open_page, borrow, shell):
    manon = borrow("Manon")
    page = signed_in("Nadia")
    person = shell(f"print(Account.objects.get(login={manon['sign_in']!r}).person_id)").splitlines()[-1]
    page.goto(f"/annuaire/personnes/{person}/")
    page.get_by_role("link", name="Mot de passe temporaire").click()
    page.get_by_role("button", name="Délivrer le mot de passe").click()
    page.get_by_text("Ce champ est obligatoire").first.wait_for()
    assert_accessible(page)
    page.get_by_label("carte professionnelle vue").check()
    page.get_by_label("Vue ou vérifiée par").fill("Nadia Benali, assistance")
    page.get_by_label("Remise du mot de passe").select_option("mail")
    page.get_by_role("button", name="Délivrer le mot de passe").click()
    page.get_by_text("part vers l'adresse privée connue").wait_for()
    page.get_by_text("Nadia Benali, assistance").first.wait_for()
    stranger = enter(open_page(), manon["sign_in"], manon["password"])
    stranger.get_by_text("Identifiant ou mot de passe incorrect").wait_for()


def test_two_browsers_and_a_new_password(open_page, borrow):
    """The other session is closed on its next page."""
    ines = borrow("Inès")
    here, there = (enter(open_page(), ines["sign_in"], ines["password"]) for _ in range(2))
    for page in (here, there):
        page.get_by_role("heading", name="Bonjour Inès").wait_for()
    here.goto("/compte/mot-de-passe/")
    here.get_by_label("Votre mot de passe actuel").fill(ines["password"])
    here.get_by_label("Nouveau mot de passe").fill(NEW)
    here.get_by_label("Le même, une seconde fois").fill(NEW)
    here.get_by_role("button", name="Changer", exact=True).click()
    here.get_by_text("Vos autres sessions sont fermées").wait_for()
    there.goto("/compte/sessions/")
    there.get_by_role("heading", name="Connexion").wait_for()


def test_a_shared_computer_keeps_nothing(open_page, borrow):
    ines = borrow("Inès")
    page = open_page()
    page.goto("/compte/connexion/")
    page.get_by_label("Je suis sur un ordinateur partagé").check()
    assert page.get_by_label("Mot de passe", exact=True).get_attribute("autocomplete") == "off"
    page.get_by_label("Identifiant").fill(ines["sign_in"])
    page.get_by_label("Mot de passe", exact=True).fill(ines["password"])
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.get_by_role("heading", name="Bonjour Inès").wait_for()
    page.get_by_label("Menu de Inès").click()
    with page.expect_response("**/deconnexion/") as answer:
        page.get_by_role("button", name="Se déconnecter").click()
    assert answer.value.all_headers()["clear-site-data"] == '"cache", "cookies", "storage"'
    page.get_by_role("heading", name="Connexion").wait_for()
    page.go_back()
    page.get_by_role("heading", name="Connexion").wait_for()
