"""« @prenom.nom » tells who is called, if they take part and may read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecritoire.forum.mentions import LIMIT, called_by, called_in
from ecritoire.forum.services import answer_write, conduct_accept
from ecritoire.forum.tasks import send_answer

NAMES = st.from_regex(r"[a-z]{2,8}(-[a-z]{2,6})?\.[a-z]{2,8}[0-9]?", fullmatch=True)


@pytest.fixture
def chloe(make_account):
    """Takes part, and follows nothing."""
    account = make_account("Chloé", "Martel")
    conduct_accept(account=account)
    return account


@pytest.fixture
def say(question, boris):
    def make(text):
        return answer_write(topic=question, author=boris, text=text)

    return make


def name(account):
    return "@" + account.login.partition("@")[0]


@pytest.mark.django_db
def test_it_works(say, chloe, mailoutbox):
    post = say(f"Je crois que {name(chloe)} l'a fait.")
    assert list(called_by(post)) == [chloe]
    send_answer(post_id=post.pk, account_id=chloe.pk)
    assert [message.to for message in mailoutbox] == [[chloe.login]]


@pytest.mark.django_db
def test_who_does_not_take_part_is_not_called(say, make_account):
    assert not called_by(say(f"Et {name(make_account('Diane', 'Absente'))} ?"))


@pytest.mark.django_db
def test_nobody_calls_themselves_nor_another_academie(say, boris, make_account, rivemont):
    other = make_account("Rita", "Voisine", organisation=rivemont)
    conduct_accept(account=other)
    assert not called_by(say(f"{name(boris)} et {name(other)}"))


@pytest.mark.django_db
def test_who_may_not_read_is_told_nothing(say, chloe, question, mailoutbox):
    post = say(f"Demandons à {name(chloe)}.")
    question.section.categories = ["administrative"]
    question.section.save()
    send_answer(post_id=post.pk, account_id=chloe.pk)
    assert not mailoutbox


@given(st.lists(NAMES, unique=True, max_size=LIMIT))
def test_every_name_is_heard_once(names):
    text = " ".join(f"Bonjour @{one}, (@{one.upper()})" for one in names)
    assert called_in(text) == names


@given(NAMES, NAMES)
def test_an_address_calls_nobody(one, other):
    assert called_in(f"{one}@{other}") == []
