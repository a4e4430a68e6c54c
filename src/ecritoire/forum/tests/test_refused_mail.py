"""Who answers by mail and is not published is told why, once; a program never is."""

from __future__ import annotations

from typing import Any

import pytest

from ecritoire.forum import tasks
from ecritoire.forum.letters import REFUSALS_DAILY, letter_take
from ecritoire.forum.models import Member
from ecritoire.mailflow.reading import is_automatic

pytestmark = pytest.mark.django_db


@pytest.fixture
def refusals(monkeypatch):
    """The jobs asked for, run at once."""
    asked: list[dict[str, Any]] = []

    def run(**values):
        asked.append(values)
        tasks.send_refusal(**values)

    monkeypatch.setattr(tasks.send_refusal, "defer", run)
    return asked


def test_it_works(question, letter, anne, refusals, mailoutbox):
    letter_take(letter("Appelez le 06 12 34 56 78"))
    told = mailoutbox[0]
    assert told.to == [anne.login]
    assert "un numéro de téléphone" in told.body
    assert question.title in told.body
    assert "06 12" not in told.body
    assert not question.posts.filter(is_question=False).exists()


def test_it_starts_no_loop(letter, refusals, mailoutbox):
    letter_take(letter("Appelez le 06 12 34 56 78"))
    sent = mailoutbox[0].message()
    assert is_automatic(sent, "someone@ac-test.fr")
    assert sent["Auto-Submitted"] == "auto-replied"
    assert sent["Reply-To"] is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x" * 10_001, "10000 caractères"),
        (" \n", "est vide"),
        ("mot de passe : Soleil2024!", "un mot de passe"),
    ],
)
def test_each_reason_is_said(letter, refusals, text, said):
    letter_take(letter(text))
    assert said in refusals[0]["reason"]


def test_a_locked_topic(question, letter, refusals):
    question.is_locked = True
    question.save()
    letter_take(letter())
    assert "fermé" in refusals[0]["reason"]


def test_a_topic_that_is_gone_is_not_named(question, letter, refusals, mailoutbox):
    question.is_hidden = True
    question.save()
    letter_take(letter())
    assert question.title not in mailoutbox[0].body
    assert "n'est plus" in mailoutbox[0].body


def test_who_has_not_accepted_the_code_of_conduct(letter, anne, refusals):
    Member.objects.filter(account=anne).update(conduct_version=0)
    letter_take(letter())
    assert "charte" in refusals[0]["reason"]


def test_who_writes_too_often_or_is_published(question, letter, anne, refusals):
    for _rank in range(2):
        letter_take(letter())
    assert refusals == []
    letter_take(letter())
    assert "Trop de messages" in refusals[0]["reason"]


@pytest.mark.parametrize("values", [{"is_automatic": True}, {"is_authentic": False}, {"reference": ""}])
def test_programs_and_unknown_people_are_told_nothing(letter, refusals, values):
    letter_take(letter("Appelez le 06 12 34 56 78", **values))
    assert refusals == []


def test_another_s_address_is_told_nothing(letter, boris, refusals):
    letter_take(letter(author=boris))
    assert refusals == []


def test_at_most_ten_a_day(letter, refusals):
    for rank in range(REFUSALS_DAILY + 3):
        letter_take(letter(f"Appelez le 06 12 34 56 {rank + 10}"))
    assert len(refusals) == REFUSALS_DAILY


def test_the_same_message_has_the_same_refusal(letter, refusals, mailoutbox):
    for text in ("Au 06 12 34 56 78", "Au 06 12 34 56 78", "Au 06 12 34 56 79"):
        letter_take(letter(text))
    first, again, other = (message.message()["Message-ID"] for message in mailoutbox)
    assert first == again != other
