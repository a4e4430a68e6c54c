"""People ask in their own words, with their own spelling, and find."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from ecritoire.knowledge.selectors import article_search
from ecritoire.knowledge.services.shipped import shipped_load

QUESTIONS = {
    "Comment activer ma messagerie académique ?": {"faq-comment-activer", "activer-mon-compte"},
    "Que faire en cas d'oubli du mot de passe ?": {"faq-oubli", "mot-de-passe-oublie"},
    "Puis-je accéder à ma messagerie sur mon mobile ?": {"faq-mobile"},
    "Que faire si je soupçonne une activité suspecte ?": {"faq-suspect", "soupcon-d-intrusion"},
    "Combien de temps mon compte reste-t-il actif après la fin de mon contrat ?": {"faq-fin-de-contrat"},
    "configurer iphone": {"configurer-iphone-ipad"},
    "configuration de mon smartphone samsung": {"configurer-android"},
    "OUTLOOK": {"configurer-outlook"},
    "mot de pase oublier": {"faq-oubli", "mot-de-passe-oublie"},
    "hameconage": {"reconnaitre-un-message-suspect", "faq-clique"},
    "thunderbirb": {"configurer-thunderbird"},
    "serveur imap port": {"faq-serveurs", "autre-application"},
    "compte verrouillé": {"compte-bloque", "faq-bloque"},
    "j'ai perdu mon telephone": {"telephone-perdu"},
    "piece jointe trop lourde": {"faq-taille", "ecrire-un-message"},
    "signature": {"signature"},
    "spam": {"faq-indesirable", "reconnaitre-un-message-suspect"},
    "mutation": {"faq-mutation"},
    "double authentification": {"double-authentification", "faq-obligatoire"},
}


@pytest.fixture
def library(db) -> None:
    shipped_load()


@pytest.mark.parametrize("asked", QUESTIONS)
def test_a_question_finds_its_answer_first(library, anne, asked, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        found = [article.slug for article in article_search(anne, asked)]

    assert found
    assert found[0] in QUESTIONS[asked], found[:3]


def test_nothing_is_found_for_nothing(library, anne) -> None:
    assert article_search(anne, "") == []
    assert article_search(anne, "xqzw vrtpk") == []


class AnyText(TestCase):
    @given(st.text(max_size=120))
    @settings(max_examples=60, deadline=None)
    def test_any_text_may_be_asked(self, asked: str) -> None:
        from django.contrib.auth.models import AnonymousUser

        article_search(AnonymousUser(), asked)
