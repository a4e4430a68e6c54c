"""« @prenom.nom » in a post calls somebody who takes part: they are told, whether they follow the topic or not."""

from __future__ import annotations

import re

from django.db.models import Q, QuerySet

from ecritoire.accounts.lifecycle import OPEN
from ecritoire.accounts.models import Account
from ecritoire.common.roles import Action, Role, actions_of
from ecritoire.directory.addresses import fold

from .models import Post, Section

MODERATORS = [role for role in Role if Action.FORUM_MODERATE in actions_of({role})]
CALL = re.compile(r"(?<![\w@.+-])@([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.IGNORECASE)
OFFERED = 8
LIMIT = 10
"""More names than that in one post call nobody further: a post is no mailing list."""


def called_in(text: str) -> list[str]:
    """What stands before the @ in the logins of those a text calls, each once, in order."""
    return list(dict.fromkeys(name.lower() for name in CALL.findall(text)))[:LIMIT]


def called_by(post: Post) -> QuerySet[Account]:
    """Members of the same académie, never its author; whether they may read it is asked when the mail is sent."""
    domain = post.topic.section.organisation.mail_domain
    logins = [f"{name}@{domain}" for name in called_in(post.text)]
    rows = Account.objects.filter(login__in=logins, forum_member__conduct_version__gt=0)
    return rows.exclude(pk=post.author_id or 0)


def names_like(reader: Account, typed: str, section: Section | None) -> list[Account]:
    """Those who take part, of the reader's académie, whose name has words that begin as typed, at most eight; never the reader.
    With a section, only who may read it: the others would not be told."""
    rows = Account.objects.filter(
        person__organisation=reader.organisation_id, state__in=OPEN, forum_member__conduct_version__gt=0
    ).exclude(pk=reader.pk)
    for word in fold(typed.replace(".", " ")).split():
        begins = Q(person__search_name__startswith=word) | Q(person__search_name__contains=f" {word}")
        rows = rows.filter(begins | Q(person__search_name__contains=f"-{word}"))
    if section is not None and section.categories:
        moderates = Q(role_grants__role__in=MODERATORS)
        rows = rows.filter(Q(person__category__in=section.categories) | moderates).distinct()
    return list(rows.select_related("person").order_by("person__search_name", "pk")[:OFFERED])
