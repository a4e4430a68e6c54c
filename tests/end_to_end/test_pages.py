"""Every page, wide and narrow: no accessibility violation that axe can see, nothing wider than the screen."""

from __future__ import annotations

import datetime as dt

import pytest
from axe_playwright_python.sync_playwright import Axe

from ecritoire.demo.past import COUNT
from tests.end_to_end.conftest import NARROW, WIDE

YEAR = dt.date.today().year  # of the demonstration's tickets, the first of which are over
AGENT = [
    "/",
    "/courrier/",
    "/courrier/ecrire/",
    "/courrier/dossiers/",
    "/courrier/recherche/?q=conseil",
    "/courrier/signature/",
    "/compte/mot-de-passe/",
    "/compte/secours/",
    "/compte/double-authentification/",
    "/compte/double-authentification/confirmation/",
    "/compte/sessions/",
    "/compte/historique/",
    "/compte/historique/?protocol=imap&result=failed",
    "/compte/alertes/",
    "/intrusion/",
    "/compte/applications/",
    "/fin-de-contrat/",
    "/compte/intervenants/",
    "/compte/intervenants/nouvelle/",
    "/compte/donnees/",
    "/export/",
    "/assistance/",
    "/assistance/nouvelle/",
    f"/assistance/demandes/{YEAR}-{COUNT + 3:06d}/",
    "/?q=rien",
    "/assistance/notifications/",
    "/aide/",
    "/aide/?q=telephone",
    "/aide/themes/phone/",
    "/aide/lire/configurer-iphone-ipad/",
    "/aide/parcours/",
    "/aide/actualites/",
    "/aide/videos/",
    "/aide/infographies/",
    "/aide/cas-d-usage/",
    "/aide/lire/video-activer-mon-compte/",
    "/aide/lire/nouveautes-2026/",
    "/assistance/telephone/",
    "/forum/",
    "/forum/charte/",
    "/forum/reglages/",
    "/forum/nouveau/",
    "/forum/sujets/1/",
    "/nulle-part/",
]
ADMINISTRATOR = [
    "/",
    "/forum/moderation/",
    "/forum/moderation/sections/nouvelle/",
    "/annuaire/?state=activated",
    "/assistance/file/?state=all",
    "/assistance/reponses/",
    "/annuaire/?q=personne-de-tel",
    "/annuaire/structures/",
    "/annuaire/import/",
    "/annuaire/import/envois/",
    "/annuaire/import/envois/1/",
    "/annuaire/import/sources/1/",
    "/annuaire/import/sources/nouvelle/",
    "/annuaire/import/doutes/",
    "/annuaire/personnes/7/",
    "/annuaire/personnes/7/fiches/",
    "/api/clients/",
    "/api/clients/nouveau/",
    "/api/documentation/",
    "/assistance/webhooks/",
    "/assistance/webhooks/nouveau/",
    "/compte/lettres/",
    "/compte/corrections/",
    "/compte/donnees/registre/",
    "/compte/donnees/pour/7/",
    "/export/console/",
    "/compte/rendez-vous/",
    "/compte/double-authentification/",
    "/compte/journal/?verify=1",
    "/compte/regles/",
    "/assistance/reglages/",
    "/assistance/statistiques/",
    "/assistance/statistiques/demandes/?part=all:",
    "/assistance/statistiques/mesures/",
    "/assistance/reglages/lignes/nouvelle/",
    "/assistance/reglages/delais/",
    "/assistance/reglages/calendrier/",
    "/assistance/reglages/astreinte/",
    "/assistance/statistiques/rapports/",
    "/assistance/statistiques/rapports/destinataires/",
    "/assistance/ligne/",
    "/compte/blocages/",
    "/compte/lettres/7/reinitialisation/",
    "/compte/applications/console/",
    "/compte/applications/console/confiance/",
    "/compte/applications/console/dns/",
    "/compte/alertes/toutes/",
    "/compte/tableaux/",
    "/compte/statistiques/activation/?compare=year",
    "/compte/statistiques/activation/personnes/?outcome=done",
    "/compte/tableaux/a-activer/",
    "/compte/tableaux/fins/?window=quarter",
    "/compte/tableaux/etats/",
    "/compte/tableaux/flux/",
    "/compte/intervenants/file/?state=all",
    "/compte/intervenants/2/",
    "/compte/intervenants/1/fin/",
    "/compte/intervenants/1/responsable/",
    "/compte/intervenants/delegations/",
    "/compte/intervenants/regles/",
    "/compte/gestion/7/suspend/",
    "/compte/gestion/7/fin/fermeture/",
    "/compte/gestion/7/fin/deces/",
    "/compte/gestion/7/fin/gel/",
    "/compte/parcours/7/",
    "/compte/fins-de-contrat/",
    "/assistance/file/?state=all",
    f"/assistance/file/{YEAR}-{COUNT + 1:06d}/",
    "/assistance/pour/7/",
    "/aide/redaction/",
    "/assistance/incidents/",
    "/assistance/incidents/nouveau/",
    "/assistance/telephone/reglages/",
    "/aide/redaction/nouveau/",
    "/aide/redaction/videos/nouvelle/",
    "/aide/redaction/articles/video-activer-mon-compte/",
    "/aide/redaction/articles/video-activer-mon-compte/video/",
    "/aide/redaction/articles/signature/",
    "/aide/redaction/parcours/",
    "/aide/redaction/parcours/depart/",
]
CONTACT = [
    "/",
    "/annuaire/",
    "/compte/etablissement/",
    "/compte/tableaux/",
    "/compte/tableaux/a-activer/",
    "/assistance/etablissement/",
]
STRANGER = [
    "/compte/connexion/",
    "/compte/oubli/",
    "/compte/oubli/aide/",
    "/compte/a/perime/",
    "/export/remise/perime/",
    "/compte/alertes/preuve/",
    "/aide/",
    "/aide/lire/mot-de-passe-oublie/",
    "/assistance/telephone/",
]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}


def check(page, url: str) -> None:
    page.goto(url)
    look(page)


def look(page) -> None:
    url = page.url
    found = Axe().run(page, options=RULES)
    assert not found.response["violations"], f"{url}\n{found.generate_report()}"
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"{url} is {overflow} px too wide"


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_agent_s_pages(signed_in, width, scheme):
    page = signed_in("Julien", width, color_scheme=scheme)
    for url in AGENT:
        check(page, url)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_an_administrator_s_pages(signed_in, width):
    page = signed_in("Hélène", width)
    for url in ADMINISTRATOR:
        check(page, url)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_local_contact_s_pages(signed_in, width):
    page = signed_in("Karim", width)
    for url in CONTACT:
        check(page, url)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_sponsor_s_pages(signed_in, width):
    page = signed_in("Sophie", width)
    for url in ("/compte/intervenants/", "/compte/intervenants/1/", "/compte/intervenants/1/renouvellement/"):
        check(page, url)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_stranger_s_pages(open_page, width):
    page = open_page(width)
    for url in STRANGER:
        check(page, url)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_conversation(signed_in, width):
    page = signed_in("Julien", width)
    page.goto("/courrier/")
    check(page, page.locator("a[href*='/conversation/']").first.get_attribute("href"))


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_activation_path(open_page, people, width):
    from tests.end_to_end.conftest import enter

    page = enter(open_page(width), people["Camille"]["sign_in"], people["Camille"]["password"])
    check(page, "/compte/activation/")


def test_the_whole_sign_in_by_keyboard(open_page, people):
    page = open_page()
    page.goto("/compte/connexion/")
    page.keyboard.type(people["Julien"]["sign_in"])
    page.keyboard.press("Tab")
    page.keyboard.type(people["Julien"]["password"])
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Bonjour Julien").wait_for()


def test_pages_work_without_javascript(signed_in):
    page = signed_in("Julien", java_script_enabled=False)
    page.goto("/courrier/")
    page.locator("a[href*='/conversation/']").first.click()
    page.get_by_role("link", name="Répondre", exact=True).first.click()
    page.get_by_label("Message", exact=True).fill("Sans script.")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    page.get_by_text("Brouillon enregistré").wait_for()


def test_the_language_is_chosen_at_the_foot_of_the_page(signed_in):
    page = signed_in("Julien")
    page.get_by_role("button", name="English").click()
    page.get_by_role("heading", name="Hello Julien").wait_for()
    page.goto("/courrier/")
    page.get_by_role("heading", name="Inbox").wait_for()
    assert page.locator("html").get_attribute("lang") == "en"
    page.goto("/compte/sessions/")
    page.get_by_role("button", name="Français").click()
    page.get_by_role("heading", name="Vos sessions").wait_for()
