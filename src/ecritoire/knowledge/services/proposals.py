"""What people ask again and again without an answer becomes a proposal to whoever writes the questions."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from django.db import transaction
from django.utils import timezone

from ecritoire.common.services import Actor, audit_record
from ecritoire.directory.models import Organisation
from ecritoire.knowledge import search
from ecritoire.knowledge.models import Article, ArticleVersion, AskedQuery, Proposal
from ecritoire.support.selectors import subjects_since
from ecritoire.support.similarity import Group, alike, grouped, words_of

from .articles import Text, article_create

DAYS = 30
ASKED_AT_LEAST = 3
SAME = 0.5
ANSWERED = 0.6
EXAMPLES = 5


def proposals_find(*, organisation: Organisation) -> list[Proposal]:
    """Daily. Group what was asked in the last thirty days, leave out what an article answers or was proposed, keep the rest."""
    since = timezone.now() - dt.timedelta(days=DAYS)
    groups = [group for group in grouped(_asked(organisation, since)) if group.asked >= ASKED_AT_LEAST]
    known = [frozenset(words_of(p.question)) for p in Proposal.objects.filter(organisation=organisation)]
    fresh = [g for g in groups if not any(alike(g.words, words) >= SAME for words in known) and not _answered(g)]
    return Proposal.objects.bulk_create(
        Proposal(
            organisation=organisation,
            question=group.question[:160],
            asked=group.asked,
            examples=[text for text, _count in group.texts.most_common(EXAMPLES)],
        )
        for group in fresh
    )


def _asked(organisation: Organisation, since: dt.datetime) -> Counter[str]:
    """Subjects of tickets, and searches of which no result was opened, with how often."""
    asked = Counter(subjects_since(organisation=organisation, since=since))
    rows = AskedQuery.objects.filter(organisation=organisation, asked_on__gte=since.date()).values_list(
        "text", "count", "opened"
    )
    for text, count, opened in rows:
        asked[text] += max(count - opened, 0)
    return asked


def _answered(group: Group) -> bool:
    """By an article about it: a use case only meets the words on its way."""
    about = Article.objects.filter(live__isnull=False).exclude(kind__in=search.GOES_WITH)
    best = search.matching(about, group.question).first()
    return best is not None and best.score >= ANSWERED  # type: ignore[attr-defined]


def proposal_take(*, proposal: Proposal, acting_user: Actor) -> ArticleVersion:
    """The draft of a frequent question, for its writer to answer."""
    with transaction.atomic():
        version = article_create(
            kind=Article.Kind.FAQ,
            topic="help",
            text=Text(title=proposal.question, body="", keywords=" ; ".join(proposal.examples)[:400]),
            is_public=False,
            organisation=proposal.organisation,
            acting_user=acting_user,
        )
        proposal.state, proposal.article = Proposal.State.TAKEN, version.article
        proposal.save(update_fields=["state", "article", "updated_at"])
    return version


def proposal_dismiss(*, proposal: Proposal, acting_user: Actor) -> None:
    with transaction.atomic():
        proposal.state = Proposal.State.DISMISSED
        proposal.save(update_fields=["state", "updated_at"])
        audit_record(acting_user=acting_user, action="proposal.dismiss", target=proposal.question)
