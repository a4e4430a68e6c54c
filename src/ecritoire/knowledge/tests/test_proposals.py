"""What people ask, and nothing answers, is proposed to the writers."""

from __future__ import annotations

from collections import Counter

import pytest
from django.utils import timezone

from ecritoire.common.roles import Role
from ecritoire.directory.services import organisation_ensure
from ecritoire.knowledge.models import Article, AskedQuery, Proposal
from ecritoire.knowledge.services import proposals_find
from ecritoire.knowledge.services.shipped import shipped_load
from ecritoire.support.models import Ticket
from ecritoire.support.services import ticket_open
from ecritoire.support.similarity import grouped

pytestmark = pytest.mark.django_db


def ask(account, *subjects: str) -> None:
    for subject in subjects:
        ticket_open(
            kind=Ticket.Kind.OTHER, subject=subject, text="Bonjour", contact="", account=account, opened_by=account
        )


def find() -> list[str]:
    return [proposal.question for proposal in proposals_find(organisation=organisation_ensure())]


@pytest.fixture
def library() -> None:
    shipped_load()


def test_it_works(library, anne, boris) -> None:
    ask(anne, "Réserver la salle de visioconférence", "Réserver une salle de visioconférence")
    ask(boris, "Réservation salle visioconférence")

    assert find() == ["Réserver la salle de visioconférence"]
    assert Proposal.objects.get().asked == 3
    assert find() == []


def test_what_is_answered_is_not_proposed(library, anne) -> None:
    ask(anne, *["Mot de passe oublié"] * 4)

    assert find() == []


def test_searches_that_led_nowhere_count(library) -> None:
    today = timezone.localdate()
    AskedQuery.objects.create(
        organisation=organisation_ensure(), text="vidéoprojecteur du préau", asked_on=today, count=5, opened=1
    )
    AskedQuery.objects.create(
        organisation=organisation_ensure(), text="cantine du lundi", asked_on=today, count=9, opened=8
    )

    assert find() == ["vidéoprojecteur du préau"]


def test_a_writer_takes_one_or_leaves_it(library, sign_in, make_account, anne) -> None:
    ask(anne, *["Réserver la salle de visioconférence"] * 3, *["Le badge du parking ne marche pas"] * 3)
    find()
    first, second = Proposal.objects.order_by("pk")
    client = sign_in(make_account("Chloé", "Comm", Role.COMMUNICATION))

    client.post(f"/aide/redaction/propositions/{first.pk}/", {"act": "take"})
    client.post(f"/aide/redaction/propositions/{second.pk}/", {"act": "dismiss"})

    assert Article.objects.get(proposal=first).versions.get().title == first.question
    assert set(Proposal.objects.values_list("state", flat=True)) == {"taken", "dismissed"}
    assert find() == []


def test_questions_in_other_words_are_one() -> None:
    asked = Counter({"réserver la salle": 2, "réservation d'une salle": 1, "badge du parking": 1})

    assert [group.asked for group in grouped(asked)] == [3, 1]
