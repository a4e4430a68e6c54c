"""What remains of somebody whose account is purged, or who asks to be forgotten: answered words without a name."""

from __future__ import annotations

import pytest

from ecritoire.accounts.lifecycle import Event
from ecritoire.accounts.models import AccountTransition
from ecritoire.accounts.signals import account_moved
from ecritoire.directory.personal_data import erasures
from ecritoire.forum.models import Flag, Follow, Member, Notice, Post, PostVersion, Subscription, Topic, Vote
from ecritoire.forum.services import (
    answer_write,
    flag_raise,
    follow_set,
    notices_give,
    post_edit,
    topic_ask,
    vote_toggle,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def active(question, phones, anne, boris):
    """Boris did all that can be done; returns his answer, which Anne answered."""
    said = answer_write(topic=question, author=boris, text="Par les réglages.")
    post_edit(post=said, editor=boris, text="Par les réglages, en haut.")
    answer_write(topic=question, author=anne, text="Merci.")
    topic_ask(section=phones, author=boris, title="Sans réponse", text="?", tags=[])
    asked = question.posts.get(is_question=True)
    vote_toggle(post=asked, account=boris)
    flag_raise(post=asked, account=boris, reason=Flag.Reason.OTHER, text="pour rire")
    follow_set(account=boris, section=phones, wanted=True)
    notices_give(topic=question, accounts=[boris.pk])
    return said


def move(account, event):
    account_moved.send(sender=None, account=account, transition=AccountTransition(account=account, event=event))


def test_it_works(sign_in, active, question, anne, boris):
    move(boris, Event.PURGE)
    assert Post.objects.get(pk=active.pk).author is None
    assert not Topic.objects.filter(title="Sans réponse").exists()
    for model in (Vote, Subscription, Follow, Notice, Member):
        assert not model.objects.filter(account=boris).exists(), model
    assert not PostVersion.objects.exists()
    assert Flag.objects.get().account is None, "what was flagged is still to be judged"
    assert "ancien membre" in sign_in(anne).get(f"/forum/sujets/{question.pk}/").content.decode()


def test_a_vote_that_goes_is_counted_no_more(active, question, boris):
    move(boris, Event.PURGE)
    question.refresh_from_db()
    assert (question.votes_count, question.posts.get(is_question=True).votes_count) == (0, 0)


def test_an_erasure_counts_votes_again_too(active, question, boris):
    assert erasures["vote"].count(boris.person) == 1
    assert erasures["vote"].erase(boris.person) == 1
    question.refresh_from_db()
    assert question.votes_count == 0


def test_others_are_left_as_they_were(active, question, anne, boris):
    move(boris, Event.PURGE)
    assert question.posts.filter(author=anne).count() == 2
    assert Subscription.objects.filter(account=anne).exists()


def test_what_is_not_a_purge_changes_nothing(active, boris):
    move(boris, Event.DEACTIVATE)
    assert Post.objects.filter(author=boris).count() == 2
