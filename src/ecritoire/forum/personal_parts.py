"""What this room keeps about people. A text stays when its author goes, without a name, if somebody answered it: see
docs/decisions/0063-forum.md."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ecritoire.directory.models import Person
from ecritoire.directory.personal_data import Erasure, erasable, leave_out, register_erasure, register_part, table

from .models import Flag, Member, Post, PostVersion, Subscription, Topic, Vote


def register() -> None:
    topic = {"title": _("Sujet"), "created_at": _("Date"), "tags": _("Étiquettes")}
    post = {"topic__title": _("Sujet"), "created_at": _("Date"), "text": _("Texte")}
    flag = {"post__topic__title": _("Sujet"), "created_at": _("Date"), "reason": _("Raison"), "text": _("Texte")}
    member = {
        "notify": _("M'écrire"),
        "shows_function": _("Fonction montrée"),
        "suspended_until": _("Suspendu jusqu'au"),
    }
    register_part(
        table(Topic, _("Sujets du forum"), "author__person", topic),
        table(Post, _("Messages du forum"), "author__person", post),
        table(Flag, _("Signalements faits au forum"), "account__person", flag),
        table(
            Vote, _("Votes du forum"), "account__person", {"post__topic__title": _("Sujet"), "created_at": _("Date")}
        ),
        table(
            Subscription, _("Sujets suivis"), "account__person", {"topic__title": _("Sujet"), "created_at": _("Date")}
        ),
        table(Member, _("Réglages du forum"), "account__person", member),
    )
    leave_out(
        "earlier texts of posts: the current ones are handed over, moderators keep these to judge edits", PostVersion
    )
    register_erasure(
        Erasure("forum_posts", _("Nom sur les messages du forum"), _count, _anonymise),
        erasable(Vote, _("Votes du forum"), "account__person"),
        erasable(Subscription, _("Sujets suivis"), "account__person"),
    )


def _posts(person: Person) -> QuerySet[Post]:
    return Post.objects.filter(author__person=person)


def _count(person: Person) -> int:
    return _posts(person).count()


def _anonymise(person: Person) -> int:
    """Topics nobody answered go whole; elsewhere what was said stays, by « ancien membre »."""
    Topic.objects.filter(author__person=person, answers_count=0).delete()
    Topic.objects.filter(author__person=person).update(author=None)
    PostVersion.objects.filter(post__author__person=person).delete()
    return _posts(person).update(author=None)
