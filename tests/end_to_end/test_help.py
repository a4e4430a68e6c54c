"""Finding an answer in a browser: two gestures, from the sign-in page or from the form of a request."""

from __future__ import annotations

import pytest

from tests.end_to_end.conftest import NARROW


@pytest.fixture
def stranger(open_page):
    """Somebody who has not signed in."""
    return open_page()


QUESTIONS = {
    "comment activer ma messagerie": "Comment activer ma messagerie ?",
    "oubli du mot de passe": "Que faire si j'ai oublié mon mot de passe ?",
    "messagerie sur mon téléphone": "Puis-je lire ma messagerie sur mon téléphone ?",
    "activité suspecte": "Que faire si je soupçonne une activité suspecte ?",
    "actif après la fin de mon contrat": "Combien de temps mon compte reste-t-il ouvert après mon contrat ?",
}


@pytest.mark.parametrize("asked", QUESTIONS)
def test_a_newcomer_finds_each_answer_in_two_gestures(stranger, asked):
    """Typing, and choosing among what comes up; nobody is signed in."""
    stranger.goto("/aide/")
    stranger.get_by_label("Que cherchez-vous ?").press_sequentially(asked)
    stranger.locator("#help-suggestions").get_by_role("link", name=QUESTIONS[asked], exact=True).click()
    stranger.get_by_role("heading", level=1, name=QUESTIONS[asked]).wait_for()


def test_help_is_one_link_from_the_way_in(stranger):
    stranger.goto("/compte/connexion/")
    stranger.get_by_role("navigation", name="Navigation principale").get_by_role("link", name="Aide").click()
    stranger.get_by_role("heading", name="Comment pouvons-nous vous aider ?").wait_for()


def test_true_values_of_this_installation_are_shown(site, stranger):
    stranger.goto("/aide/lire/autre-application/")
    assert str(site.config.listen.imaps) in stranger.get_by_role("table").inner_text()


def test_answers_come_up_inside_a_request(signed_in):
    page = signed_in("Sophie", NARROW)
    page.goto("/assistance/nouvelle/")
    page.get_by_label("En quelques mots").press_sequentially("mot de passe oublié")
    page.locator("#help-suggestions").get_by_role("link", name="J'ai oublié mon mot de passe", exact=True).wait_for()


def test_the_guided_questions_work_with_the_keyboard(stranger):
    stranger.goto("/aide/parcours/")
    stranger.get_by_role("link", name="Je n'arrive pas à me connecter").focus()
    stranger.keyboard.press("Enter")
    stranger.get_by_role("heading", name="Que se passe-t-il à la connexion ?").wait_for()
    stranger.get_by_role("link", name="J'ai oublié mon mot de passe").focus()
    stranger.keyboard.press("Enter")
    stranger.get_by_role("link", name="Oui", exact=True).focus()
    stranger.keyboard.press("Enter")
    stranger.get_by_role("heading", name="Mot de passe oublié").wait_for()
