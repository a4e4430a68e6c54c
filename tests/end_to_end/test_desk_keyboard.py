"""The desk by keyboard alone, and two agents on one ticket, in real browsers on the running demonstration."""

from __future__ import annotations

import time
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.end_to_end.conftest import NARROW, WIDE, wait_until


@pytest.fixture
def asked(signed_in):
    """Requests of Julien's with a word of their own; returns the word."""

    def ask(count=1):
        mark = f"zz{time.time_ns()}"
        page = signed_in("Julien")
        for rank in range(count):
            page.goto("/assistance/nouvelle/")
            page.get_by_label("De quoi s'agit-il ?").select_option("mail")
            page.get_by_label("En quelques mots").fill(f"Demande {rank} {mark}")
            page.get_by_label("Que se passe-t-il ?").fill("Plus rien n'arrive.")
            page.get_by_role("button", name="Envoyer la demande").click()
            page.get_by_text("enregistrée").wait_for()
        page.goto("/assistance/")
        made.extend((page, link.get_attribute("href")) for link in page.get_by_role("link", name=mark).all())
        return mark

    made: list[tuple[Any, str]] = []
    yield ask
    for page, address in made:
        page.goto(address)
        settle = page.get_by_role("button", name="C'est résolu : clore la demande")
        if settle.count():
            settle.click()


def test_it_works(signed_in, asked):
    """Search, move, choose, take, open, note, answer, next: never a mouse."""
    mark = asked(2)
    page = signed_in("Nadia")
    page.goto("/assistance/file/")
    page.keyboard.press("/")
    page.keyboard.type(mark)
    page.keyboard.press("Enter")
    wait_until(lambda: page.locator("[data-desk-row]").count() == 2, "two rows")
    page.keyboard.press("?")
    page.get_by_role("dialog").get_by_text("répondre").wait_for()
    page.keyboard.press("j")  # silent while the list of keys is open
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("[data-desk-row] input:checked").count() == 1
    page.keyboard.press("j")
    assert page.locator("[data-desk-row].is-current").inner_text().count("Demande 1")
    page.keyboard.press("a")
    page.get_by_text("1 demande traitée.").wait_for()
    wait_until(lambda: page.locator("[data-desk-row]").nth(1).get_by_text("Nadia Benali").count() == 1, "taken")
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.get_by_role("heading", name=f"Demande 0 {mark}").wait_for()
    page.keyboard.press("n")
    page.keyboard.type("jkoxarn : rien de tout cela ne sort d'ici ?")
    assert page.get_by_label("Note interne").input_value() == "jkoxarn : rien de tout cela ne sort d'ici ?"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Note ajoutée.").wait_for()
    page.keyboard.press("a")
    page.get_by_text("Confiée à Nadia Benali").wait_for()
    page.keyboard.press("r")
    page.keyboard.type("C'est réparé.")
    assert page.get_by_label("Réponse à la personne").input_value() == "C'est réparé."
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Envoyer la réponse").press("Enter")
    page.get_by_text("Réponse envoyée.").wait_for()
    page.keyboard.press("j")
    page.get_by_role("heading", name=f"Demande 1 {mark}").wait_for()


def test_two_agents_on_one_ticket(signed_in, asked):
    mark = asked()
    nadia, helene = signed_in("Nadia"), signed_in("Hélène")
    for page in (nadia, helene):
        page.goto(f"/assistance/file/?q={mark}")
        page.get_by_role("link", name=mark).click()
        page.get_by_label("Réponse à la personne").wait_for()
    helene.get_by_text("Nadia Benali").first.wait_for()
    nadia.get_by_label("Réponse à la personne").fill("Nadia répond.")
    helene.get_by_text("Nadia Benali écrit dans cette demande.").wait_for(timeout=30_000)
    helene.get_by_label("Réponse à la personne").fill("Hélène répond aussi.")
    nadia.get_by_role("button", name="Envoyer la réponse").click()
    nadia.get_by_text("Réponse envoyée.").wait_for()
    helene.get_by_role("button", name="Envoyer la réponse").click()
    helene.get_by_text("On a écrit pendant que vous répondiez").wait_for()
    helene.locator("#meanwhile").get_by_text("Nadia répond.").wait_for()
    assert helene.get_by_label("Réponse à la personne").input_value() == "Hélène répond aussi."
    helene.get_by_role("button", name="Envoyer quand même").click()
    helene.get_by_text("Réponse envoyée.").wait_for()


def test_a_ready_answer_is_inserted_and_without_a_script_too(signed_in, asked):
    mark = asked()
    page = signed_in("Nadia")
    page.goto("/assistance/reponses/nouvelle/")
    page.get_by_label("Titre").fill(f"Accueil {mark}")
    page.locator("textarea").fill("Bonjour {{ prenom }}, ici {{ agent }}.")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("Réponse prête enregistrée.").wait_for()
    page.goto(f"/assistance/file/?q={mark}")
    page.get_by_role("link", name=mark).click()
    page.get_by_text("Réponses prêtes").last.click()
    page.get_by_label("Chercher une réponse prête").fill(f"accueil {mark}")
    page.get_by_role("link", name=f"Accueil {mark}").click()
    area = page.get_by_label("Réponse à la personne")
    wait_until(lambda: area.input_value() == "Bonjour Julien, ici Nadia Benali.", "the text")
    address = page.url
    plain = signed_in("Nadia", java_script_enabled=False)
    plain.goto(address)
    plain.get_by_text("Réponses prêtes").last.click()
    plain.get_by_role("link", name=f"Accueil {mark}").click()
    assert plain.get_by_label("Réponse à la personne").input_value() == "Bonjour Julien, ici Nadia Benali."
    page.goto("/assistance/reponses/")
    page.get_by_role("row").filter(has_text=mark).get_by_role("button").click()
    page.get_by_text("Réponse prête supprimée.").wait_for()


def test_the_opinion_and_the_bulk_without_a_script(signed_in, asked):
    mark = asked(2)
    desk = signed_in("Nadia", java_script_enabled=False)
    desk.goto(f"/assistance/file/?q={mark}")
    for box in desk.locator("[data-desk-row] input").all():
        box.check()
    desk.get_by_label("Avec celles qui sont choisies").select_option("answer")
    desk.get_by_role("button", name="Continuer").click()
    desk.get_by_label("Réponse à la personne").fill(f"Réparé {mark}.")
    desk.get_by_label("Ensuite, la demande est").select_option("resolved")
    desk.get_by_role("button", name="Confirmer").click()
    desk.get_by_text("2 demandes traitées.").wait_for()
    mine = signed_in("Julien", NARROW)
    mine.goto("/assistance/")
    mine.get_by_role("link", name=mark).first.click()
    mine.get_by_label("🙂 Satisfait").check()
    mine.get_by_role("button", name="Donner mon avis").click()
    mine.get_by_text("Merci de votre avis.").wait_for()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_pages_are_accessible_and_fit(signed_in, asked, width):
    mark = asked(2)
    page = signed_in("Nadia", width)
    page.goto(f"/assistance/file/?q={mark}")
    ticket = page.get_by_role("link", name=mark).first.get_attribute("href")
    addresses = ["/assistance/file/?channel=portal", ticket, f"{ticket}historique/", f"{ticket}compte/unlock/"]
    for address in [*addresses, "/assistance/reponses/", "/assistance/reponses/nouvelle/"]:
        page.goto(address)
        fits(page, address)
    page.goto(f"/assistance/file/?q={mark}")
    page.locator("[data-desk-row] input").first.check()
    page.get_by_label("Avec celles qui sont choisies").select_option("line")
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Confirmer").wait_for()
    fits(page, "bulk")


def fits(page, address):
    found = Axe().run(page)
    assert found.violations_count == 0, f"{address}: {found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
        f"{address} is wider than the screen"
    )
