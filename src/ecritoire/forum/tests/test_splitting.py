"""Chosen answers become a topic: who followed follows, votes stay with their posts, both topics lead to each other."""

from __future__ import annotations

from http import HTTPStatus

import pytest

from ecritoire.common.models import AuditEvent
from ecritoire.forum.models import Section, Subscription, Topic
from ecritoire.forum.selectors import Filters, topic_list
from ecritoire.forum.services import (
    ForumRefused,
    answer_accept,
    answer_write,
    topic_merge,
    topic_split,
    vote_toggle,
)
from ecritoire.forum.services.moderation import post_hide

pytestmark = pytest.mark.django_db


@pytest.fixture
def answers(question, anne, boris):
    """Boris answers, asks something else on the way, Anne answers that; Anne found both of his useful."""
    said = [
        answer_write(topic=question, author=boris, text="Par les réglages."),
        answer_write(topic=question, author=boris, text="Et pour imprimer ?"),
        answer_write(topic=question, author=anne, text="Par le menu."),
    ]
    for post in said[:2]:
        vote_toggle(post=post, account=anne)
    return said


def test_it_works(sign_in, question, answers, moderator, anne, boris):
    url = f"/forum/moderation/sujets/{question.pk}/separation/"
    browser = sign_in(moderator)
    assert "Et pour imprimer" in browser.get(url).content.decode()
    keys = [post.pk for post in answers[1:]]
    answer = browser.post(url, {"title": "Imprimer depuis la tablette", "posts": keys})
    made = Topic.objects.exclude(pk=question.pk).get()
    assert answer.url == f"/forum/sujets/{made.pk}/"
    assert list(made.posts.values_list("pk", "is_question")) == [(keys[0], True), (keys[1], False)]
    assert (made.author, made.section, made.tags) == (boris, question.section, question.tags)
    assert (made.answers_count, made.votes_count) == (1, 1)
    question.refresh_from_db()
    assert (question.answers_count, question.votes_count) == (1, 1)
    assert question.title in browser.get(answer.url).content.decode()
    assert made.title in browser.get(f"/forum/sujets/{question.pk}/").content.decode()
    detail = AuditEvent.objects.get(action="forum.split", actor=moderator.login).detail
    assert (detail["topic"], detail["into"], detail["posts"]) == (question.pk, made.pk, keys)


def test_followers_follow_both(question, answers, moderator, anne, boris, make_account):
    chloe = make_account("Chloé", "Martel")
    Subscription.objects.create(topic=question, account=chloe)
    made = topic_split(topic=question, posts=[answers[1].pk], title="Imprimer", acting_user=moderator)
    for topic in (question, made):
        assert {row.account for row in topic.subscriptions.all()} == {anne, boris, chloe}


def test_an_accepted_answer_that_leaves_is_accepted_nowhere(question, answers, moderator, anne):
    answer_accept(post=answers[1], account=anne)
    made = topic_split(topic=question, posts=[answers[1].pk], title="Imprimer", acting_user=moderator)
    question.refresh_from_db()
    assert (question.accepted, made.accepted) == (None, None)


def test_an_accepted_answer_that_stays_stays_accepted(question, answers, moderator, anne):
    answer_accept(post=answers[0], account=anne)
    topic_split(topic=question, posts=[answers[1].pk], title="Imprimer", acting_user=moderator)
    question.refresh_from_db()
    assert question.accepted == answers[0]


def test_search_follows(question, answers, moderator, anne):
    made = topic_split(topic=question, posts=[answers[1].pk], title="Autre chose", acting_user=moderator)
    assert list(topic_list(anne, Filters("imprimer"))) == [made]


def test_the_question_stays_and_something_is_chosen(question, answers, moderator):
    for posts in ([], [question.posts.get(is_question=True).pk]):
        with pytest.raises(ForumRefused):
            topic_split(topic=question, posts=posts, title="Rien", acting_user=moderator)
    assert Topic.objects.count() == 1


def test_a_hidden_answer_asks_nothing(question, answers, moderator):
    post_hide(post=answers[1], hidden=True, acting_user=moderator)
    with pytest.raises(ForumRefused):
        topic_split(topic=question, posts=[post.pk for post in answers[1:]], title="x", acting_user=moderator)


def test_what_is_closed_to_a_reader_is_not_named(sign_in, question, answers, moderator, anne):
    made = topic_split(topic=question, posts=[answers[1].pk], title="Imprimer", acting_user=moderator)
    made.section = Section.objects.create(organisation=question.section.organisation, name="X", categories=["none"])
    made.save()
    assert made.title not in sign_in(anne).get(f"/forum/sujets/{question.pk}/").content.decode()


def test_reunited_they_are_as_before(question, answers, moderator):
    made = topic_split(topic=question, posts=[answers[1].pk], title="Imprimer", acting_user=moderator)
    topic_merge(topic=made, into=question, acting_user=moderator)
    question.refresh_from_db()
    assert (question.answers_count, question.votes_count) == (3, 2)


def test_what_left_a_merged_topic_leads_to_where_it_went(phones, question, answers, moderator, anne):
    made = topic_split(topic=question, posts=[answers[1].pk], title="Imprimer", acting_user=moderator)
    into = Topic.objects.create(section=phones, author=anne, title="Le grand sujet")
    topic_merge(topic=question, into=into, acting_user=moderator)
    made.refresh_from_db()
    assert made.split_from == into


def test_only_moderators_split(sign_in, question, answers, anne):
    url = f"/forum/moderation/sujets/{question.pk}/separation/"
    for answer in (sign_in(anne).get(url), sign_in(anne).post(url, {"title": "x", "posts": [answers[0].pk]})):
        assert answer.status_code == HTTPStatus.FORBIDDEN
    assert Topic.objects.count() == 1
