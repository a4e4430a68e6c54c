"""What this room keeps about people. A text stays when its author goes, without a name, if somebody answered it: see
docs/decisions/0063-forum.md."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ecritoire.directory.models import Person
from ecritoire.directory.personal_data import Erasure, erasable, leave_out, register_erasure, register_part, table

from .models import Flag, Follow, Member, Notice, Post, PostVersion, Subscription, Topic, Vote
from .services import name_erase, votes_erase
from .services.erasing import posts_of_person


def register() -> None:
    topic = {"title": _("Sujet"), "created_at": _("Date"), "tags": _("Étiquettes")}
    post = {"topic__title": _("Sujet"), "created_at": _("Date"), "text": _("Texte")}
    flag = {"post__topic__title": _("Sujet"), "created_at": _("Date"), "reason": _("Raison"), "text": _("Texte")}
    member = {
        "notify": _("M'écrire"),
        "shows_function": _("Fonction montrée"),
        "suspended_until": _("Suspendu jusqu'au"),
    }
    follow = {"section__name": _("Section"), "tag": _("Étiquette"), "created_at": _("Date")}
    read = {"topic__title": _("Sujet"), "created_at": _("Date")}
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
        table(Follow, _("Sections et étiquettes suivies"), "account__person", follow),
        table(Notice, _("Sujets du forum à lire"), "account__person", read),
        table(Member, _("Réglages du forum"), "account__person", member),
    )
    leave_out(
        "earlier texts of posts: the current ones are handed over, moderators keep these to judge edits", PostVersion
    )
    register_erasure(
        Erasure("forum_posts", _("Nom sur les messages du forum"), _count, name_erase),
        Erasure("vote", _("Votes du forum"), _votes, votes_erase),
        erasable(Subscription, _("Sujets suivis"), "account__person"),
        erasable(Follow, _("Sections et étiquettes suivies"), "account__person"),
    )


def _count(person: Person) -> int:
    return posts_of_person(person).count()


def _votes(person: Person) -> int:
    return Vote.objects.filter(account__person=person).count()
