"""What readers say of an article, and what they looked for."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone

from ecritoire.accounts.models import Account
from ecritoire.directory.models import Organisation
from ecritoire.knowledge.models import Article, AskedQuery, Opinion
from ecritoire.support.similarity import words_of

SHORTEST = 3


def opinion_give(*, article: Article, account: Account, helped: bool, text: str = "") -> Opinion:
    """The last word of each person counts."""
    values = {"helped": helped, "text": text.strip()[:500]}
    return Opinion.objects.update_or_create(article=article, account=account, defaults=values)[0]


def query_note(*, asked: str, organisation: Organisation, opened: bool = False) -> None:
    """Count a search of today, or that one of its results was opened. Addresses and numbers are not kept: they may name people."""
    text = " ".join(asked.split())[:120].lower()
    if "@" in text or any(sign.isdigit() for sign in text) or len("".join(words_of(text))) < SHORTEST:
        return
    row, _made = AskedQuery.objects.get_or_create(organisation=organisation, text=text, asked_on=timezone.localdate())
    field = "opened" if opened else "count"
    AskedQuery.objects.filter(pk=row.pk).update(**{field: F(field) + 1})
