"""Reads of the knowledge room: what each reader may see, and what its writers must look after."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Count, F, Prefetch, Q, QuerySet, Value, When
from django.utils import timezone

from ecritoire.accounts.models import Account
from ecritoire.common.roles import Action
from ecritoire.directory.models import Organisation

from . import search
from .models import Article, ArticleVersion, Choice, Crossroad, Film, Proposal, Topic


@dataclass(frozen=True)
class Stranger:
    """Somebody who has not signed in, on the pages of an académie."""

    organisation: int | None


Reader = Account | AnonymousUser | Stranger
NEWS = (Article.Kind.NEWS, Article.Kind.RELEASE)
SHOWN_FIRST = (Article.Kind.VIDEO, Article.Kind.GUIDE, Article.Kind.GRAPHIC, Article.Kind.USE_CASE, Article.Kind.FAQ)
REVIEW_SOON = dt.timedelta(days=14)


def articles_for(reader: Reader) -> QuerySet[Article]:
    """What is live, for everybody or for the reader's académie; without a sign-in, what is public there."""
    live = Article.objects.filter(live__isnull=False).select_related("live")
    if not isinstance(reader, Account):
        here = reader.organisation if isinstance(reader, Stranger) else None
        return live.filter(Q(organisation=None) | Q(organisation=here), is_public=True)
    return live.filter(Q(organisation=None) | Q(organisation=reader.person.organisation_id))


def articles_written_by(writer: Account) -> QuerySet[Article]:
    """What the writer's académie may change: its own articles; for the installation's own also those for all."""
    return Article.objects.filter(_written_by(writer))


def _written_by(writer: Account) -> Q:
    own = Q(organisation=writer.person.organisation_id)
    return own | Q(organisation=None) if writer.person.organisation.is_own else own


def article_search(reader: Reader, asked: str, limit: int = search.LIMIT) -> list[Article]:
    """The best answers. One query."""
    return list(search.matching(articles_for(reader), asked)[:limit])


def topics_for(reader: Reader) -> list[tuple[str, str, int]]:
    """Topic, its name, how many articles; topics without any left out. One query."""
    counts = dict(articles_for(reader).exclude(kind__in=NEWS).values_list("topic").annotate(Count("pk")).order_by())
    return [(value, str(label), counts[value]) for value, label in Topic.choices if value in counts]


def articles_of_topic(reader: Reader, topic: str) -> QuerySet[Article]:
    """Videos and guides first, questions last, by title."""
    rank = Case(*(When(kind=kind, then=Value(place)) for place, kind in enumerate(SHOWN_FIRST)))
    return articles_for(reader).filter(topic=topic).exclude(kind__in=NEWS).order_by(rank, "live__title")


def articles_of_kind(reader: Reader, kind: str) -> QuerySet[Article]:
    """By topic, then title; with the film of each."""
    return articles_for(reader).filter(kind=kind).select_related("live__film").order_by("topic", "live__title")


def collections_for(reader: Reader) -> dict[str, int]:
    """How many of each kind there are to see. One query."""
    return dict(articles_for(reader).values_list("kind").annotate(Count("pk")).order_by())


def film_for(reader: Reader, slug: str, number: int) -> Film | None:
    """Of the version that is on line; whoever may write the article also sees the film of any other."""
    film = Film.objects.filter(version__article__slug=slug, version__number=number).select_related("version__article")
    row = film.first()
    if row is None or articles_for(reader).filter(live=row.version_id).exists():
        return row
    if not isinstance(reader, Account) or not reader.may(Action.KNOWLEDGE_WRITE):
        return None
    return row if articles_written_by(reader).filter(slug=slug).exists() else None


def news_for(reader: Reader) -> QuerySet[Article]:
    return articles_for(reader).filter(kind__in=NEWS).order_by("-live_since")


def most_helpful(reader: Reader, limit: int = 6) -> QuerySet[Article]:
    """By how many readers they helped."""
    helped = Count("opinions", filter=Q(opinions__helped=True))
    return (
        articles_for(reader).exclude(kind__in=NEWS).annotate(helped=helped).order_by("-helped", "live__title")[:limit]
    )


def related_to(article: Article, reader: Reader, limit: int = 5) -> list[Article]:
    """Those its writers named, then those of its topic."""
    chosen = list(articles_for(reader).filter(pk__in=article.related.values("pk")).order_by("live__title")[:limit])
    rest = articles_of_topic(reader, article.topic).exclude(pk__in=[article.pk, *(a.pk for a in chosen)])
    return chosen + list(rest[: limit - len(chosen)])


def crossroad_by_slug(slug: str, organisation: Organisation) -> Crossroad | None:
    """The académie's own, or else the one for all."""
    choices = Choice.objects.select_related("to_crossroad", "to_article__live")
    rows = Crossroad.objects.filter(Q(organisation=organisation.pk) | Q(organisation=None), slug=slug)
    own_first = rows.order_by(F("organisation").asc(nulls_last=True))
    return own_first.prefetch_related(Prefetch("choices", choices)).first()


def crossroads_written_by(writer: Account) -> QuerySet[Crossroad]:
    """What the writer's académie may change."""
    return Crossroad.objects.filter(_written_by(writer))


@dataclass(frozen=True)
class DeskFilters:
    """What the writers' list is narrowed to; ``need`` is review, scheduled, draft, old or disliked."""

    search: str = ""
    kind: str = ""
    need: str = ""


def desk_list(writer: Account, filters: DeskFilters) -> QuerySet[Article]:
    """With the counts of opinions; the pending versions beside (``pending_of``)."""
    rows = articles_written_by(writer).select_related("live", "organisation")
    rows = rows.annotate(
        yes=Count("opinions", filter=Q(opinions__helped=True)), no=Count("opinions", filter=Q(opinions__helped=False))
    )
    needs = {
        "review": Q(versions__state=ArticleVersion.State.REVIEW),
        "scheduled": Q(versions__state=ArticleVersion.State.SCHEDULED),
        "draft": Q(versions__state__in=[ArticleVersion.State.DRAFT, ArticleVersion.State.REFUSED]),
        "old": Q(review_by__lte=timezone.localdate() + REVIEW_SOON),
    }
    if filters.need in needs:
        rows = rows.filter(pk__in=Article.objects.filter(needs[filters.need]).values("pk"))
    if filters.need == "disliked":
        rows = rows.filter(no__gt=F("yes"))
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.search:
        rows = rows.filter(versions__title__icontains=filters.search).distinct()
    return rows.order_by("kind", "slug")


def version_pending(article: Article) -> ArticleVersion | None:
    return article.versions.filter(state__in=ArticleVersion.OPEN).first()


def proposals_for(writer: Account) -> QuerySet[Proposal]:
    rows = Proposal.objects.filter(organisation=writer.person.organisation_id, state=Proposal.State.OPEN)
    return rows.order_by("-asked", "pk")


def crossroads_with_reach(crossroads: QuerySet[Crossroad]) -> list[tuple[Crossroad, bool]]:
    """Each question, and whether a reader who starts at the beginning can come to it. Two queries."""
    rows = list(crossroads.prefetch_related("choices").order_by("slug"))
    leads = {row.pk: [c.to_crossroad_id for c in row.choices.all() if c.to_crossroad_id] for row in rows}
    reached: set[int] = set()
    front = [row.pk for row in rows if row.slug == "depart"]
    while front:
        here = front.pop()
        if here not in reached:
            reached.add(here)
            front += leads.get(here, [])
    return [(row, row.pk in reached) for row in rows]
