"""One conversation a topic, answered and left by mail."""

from __future__ import annotations

from http import HTTPStatus

import pytest

from ecritoire.forum.letters import letter_take
from ecritoire.forum.messages import answer_message, unsubscribe_token
from ecritoire.forum.models import Member, Subscription
from ecritoire.forum.services import answer_write, member_set
from ecritoire.forum.tasks import send_answer, send_digest
from ecritoire.mailflow.letterbox import reference_in

pytestmark = pytest.mark.django_db


def test_it_works(question, letter, anne):
    letter_take(letter())
    said = question.posts.get(is_question=False)
    assert (said.text, said.author) == ("Merci.", anne)


@pytest.mark.parametrize("values", [{"is_automatic": True}, {"is_authentic": False}, {"reference": ""}])
def test_what_says_nothing(question, letter, values):
    letter_take(letter(**values))
    assert not question.posts.filter(is_question=False).exists()


def test_another_s_address_is_no_pass(question, letter, boris):
    letter_take(letter(author=boris))
    assert not question.posts.filter(is_question=False).exists()


def test_personal_data_is_not_published(question, letter):
    letter_take(letter("Appelez le 06 12 34 56 78"))
    assert not question.posts.filter(is_question=False).exists()


def test_headers(question, anne, boris):
    post = answer_write(topic=question, author=boris, text="Par les réglages.")
    first, second = (answer_message(post, reader).message() for reader in (anne, boris))
    local = first["Reply-To"].partition("@")[0]
    assert reference_in("forum", local.partition("+")[2]) == f"{question.pk}.{anne.pk}"
    assert first["References"] == second["References"]
    assert first["Message-ID"] != second["Message-ID"]
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert boris.login not in first.as_string()


def test_who_wants_none_gets_none(question, anne, boris, mailoutbox):
    post = answer_write(topic=question, author=boris, text="Par les réglages.")
    send_answer(post_id=post.pk, account_id=anne.pk)
    member_set(account=anne, notify=Member.Notify.NONE, shows_function=False)
    send_answer(post_id=post.pk, account_id=anne.pk)
    assert [message.to for message in mailoutbox] == [[anne.login]]


def test_a_summary_says_each_thing_once(question, anne, boris, mailoutbox):
    member_set(account=anne, notify=Member.Notify.DAILY, shows_function=False)
    answer_write(topic=question, author=boris, text="Par les réglages.")
    for _day in range(2):
        send_digest(account_id=anne.pk)
    assert [question.title in message.body for message in mailoutbox] == [True]


def test_one_click_leaves_the_topic(browser, question, anne):
    url = f"/forum/desabonnement/{unsubscribe_token(question.pk, anne.pk)}/"
    assert browser.get(url).status_code == HTTPStatus.OK
    assert Subscription.objects.exists(), "looking at the page leaves nothing"
    browser.post(url, {"List-Unsubscribe": "One-Click"})
    assert not Subscription.objects.exists()
    assert browser.post("/forum/desabonnement/faux/").status_code == HTTPStatus.NOT_FOUND
