"""Names offered while « @ » is typed: of members of the académie who may read the section; nothing else about them."""

from __future__ import annotations

from http import HTTPStatus

import pytest

from ecritoire.forum.models import Member, Section
from ecritoire.forum.services import conduct_accept, member_suspend
from ecritoire.forum.views.names import A_MINUTE

pytestmark = pytest.mark.django_db


@pytest.fixture
def chloe(make_account):
    account = make_account("Chloé", "Martel-Duval")
    conduct_accept(account=account)
    return account


@pytest.fixture
def ask(sign_in, phones, boris):
    browser = sign_in(boris)
    return lambda typed, **more: browser.get("/forum/noms/", {"q": typed, **more})


def test_it_works(ask, chloe):
    found = ask("chlo").json()
    assert found == {"people": [{"name": "Chloé Martel-Duval", "call": "chloe.martel-duval"}]}, (
        "no address, nothing more"
    )


@pytest.mark.parametrize("typed", ["CHLOÉ", "mart", "duv", "chloe.mar", "martel-du"])
def test_any_word_of_the_name_however_written(ask, chloe, typed):
    assert len(ask(typed).json()["people"]) == 1


@pytest.mark.parametrize("typed", ["c", "", "hloe", "%", "zzz", "\0\0\0"])
def test_what_names_nobody(ask, chloe, typed):
    assert ask(typed).json() == {"people": []}


def test_who_does_not_take_part_is_not_offered(ask, make_account):
    make_account("Diane", "Absente")
    assert ask("diane").json() == {"people": []}


def test_nor_another_academie_s_nor_oneself_nor_who_left(ask, rivemont, make_account, chloe):
    other = make_account("Rita", "Voisine", organisation=rivemont)
    conduct_accept(account=other)
    chloe.state = chloe.State.DEACTIVATED
    chloe.save()
    for typed in ("rita", "boris", "chloe"):
        assert ask(typed).json() == {"people": []}


def test_who_may_not_read_the_section_is_not_offered(ask, chloe, phones, moderator):
    conduct_accept(account=moderator)
    Section.objects.filter(pk=phones.pk).update(categories=["teacher"])
    chloe.person.category = "administrative"
    chloe.person.save()
    assert ask("chloe", section=phones.pk).json() == {"people": []}
    assert len(ask("maud", section=phones.pk).json()["people"]) == 1


def test_a_section_one_may_not_read_says_nothing(ask, chloe, phones):
    Section.objects.filter(pk=phones.pk).update(categories=["administrative"])
    assert ask("chloe", section=phones.pk).status_code == HTTPStatus.NOT_FOUND


def test_it_takes_the_code_of_conduct(sign_in, make_account, chloe):
    answer = sign_in(make_account("Nina", "Neuve")).get("/forum/noms/", {"q": "chloe"})
    assert (answer.status_code, answer.json()) == (HTTPStatus.FORBIDDEN, {"people": []})


def test_not_while_suspended(ask, chloe, boris, moderator):
    member_suspend(account=boris, days=30, acting_user=moderator)
    assert ask("chloe").status_code == HTTPStatus.FORBIDDEN


def test_at_most_eight_in_few_queries(ask, make_account, django_assert_max_num_queries):
    for rank in range(10):
        conduct_accept(account=make_account(f"Zélie{rank}", "Nombreuse"))
    ask("zelie")
    with django_assert_max_num_queries(8):
        assert len(ask("zelie").json()["people"]) == 8


def test_not_too_often(ask, chloe):
    answers = [ask("chloe").status_code for _rank in range(A_MINUTE + 1)]
    assert answers[-2:] == [HTTPStatus.OK, HTTPStatus.TOO_MANY_REQUESTS]


def test_a_member_counts_from_the_acceptance(ask, chloe):
    Member.objects.filter(account=chloe).update(conduct_version=0)
    assert ask("chloe").json() == {"people": []}
