"""Somebody goes, or asks to be forgotten: what they said that was answered stays, without their name."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from ecritoire.directory.models import Person
from ecritoire.forum.models import Flag, Follow, Member, Notice, Post, PostVersion, Subscription, Topic, Vote

from .writing import votes_count_again


def posts_of_person(person: Person) -> QuerySet[Post]:
    return Post.objects.filter(author__person=person)


def name_erase(person: Person) -> int:
    """Topics nobody answered go whole; elsewhere what was said stays, by « ancien membre »."""
    with transaction.atomic():
        Topic.objects.filter(author__person=person, answers_count=0).delete()
        Topic.objects.filter(author__person=person).update(author=None)
        PostVersion.objects.filter(post__author__person=person).delete()
        PostVersion.objects.filter(editor__person=person).update(editor=None)
        return posts_of_person(person).update(author=None)


def votes_erase(person: Person) -> int:
    """What they found useful is counted no more."""
    with transaction.atomic():
        mine = Vote.objects.filter(account__person=person)
        posts = list(mine.values_list("post_id", flat=True))
        gone = mine.delete()[0]
        votes_count_again(posts)
    return gone


def member_forget(person: Person) -> None:
    """All that the forum keeps of somebody, when their account is purged. What they flagged stays to be judged, without them."""
    with transaction.atomic():
        name_erase(person)
        votes_erase(person)
        Flag.objects.filter(account__person=person).update(account=None)
        for model in (Subscription, Follow, Notice, Member):
            model._default_manager.filter(account__person=person).delete()
