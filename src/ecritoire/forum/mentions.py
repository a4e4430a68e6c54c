"""« @prenom.nom » in a post calls somebody who takes part: they are told, whether they follow the topic or not."""

from __future__ import annotations

import re

from django.db.models import QuerySet

from ecritoire.accounts.models import Account

from .models import Post

CALL = re.compile(r"(?<![\w@.+-])@([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.IGNORECASE)
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
