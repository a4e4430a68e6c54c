"""What of the forum somebody may see: their own académie's, the sections open to people like them, without what is hidden."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from ecritoire.accounts.models import Account
from ecritoire.common.roles import Action, Role
from ecritoire.knowledge.models import Article

from . import search
from .models import Flag, Member, Notice, Post, PostVersion, Section, Subscription, Topic, Vote

CONDUCT_VERSION = 1
SIMILAR = 4
SPLITS = 20
POSTS = 30
"""On one page of a topic."""


def is_moderator(account: Account) -> bool:
    return account.may(Action.FORUM_MODERATE)


def sections_for(reader: Account) -> QuerySet[Section]:
    rows = Section.objects.filter(organisation=reader.person.organisation_id)
    if is_moderator(reader):
        return rows
    return rows.filter(Q(categories=[]) | Q(categories__contains=[reader.person.category]))


def topics_for(reader: Account) -> QuerySet[Topic]:
    rows = Topic.objects.filter(section__in=sections_for(reader))
    return rows if is_moderator(reader) else rows.filter(is_hidden=False)


def posts_for(reader: Account) -> QuerySet[Post]:
    rows = Post.objects.filter(topic__in=topics_for(reader))
    return rows if is_moderator(reader) else rows.filter(is_hidden=False)


@dataclass(frozen=True)
class Filters:
    asked: str = ""
    section: str = ""
    tag: str = ""
    order: str = "recent"


def topic_list(reader: Account, filters: Filters) -> QuerySet[Topic]:
    rows = topics_for(reader).select_related("section", "author__person").defer("search", "search_text")
    if filters.section.isdecimal():
        rows = rows.filter(section=int(filters.section))
    if filters.tag:
        rows = rows.filter(tags__contains=[filters.tag.lower()])
    if filters.order == "unanswered":
        rows = rows.filter(answers_count=0, is_locked=False)
    if filters.order == "mine":
        rows = rows.filter(Exists(Subscription.objects.filter(topic=OuterRef("pk"), account=reader)))
    if filters.order == "unread":
        rows = rows.filter(is_hidden=False)
        rows = rows.filter(Exists(Notice.objects.filter(topic=OuterRef("pk"), account=reader)))
    if filters.asked:
        return search.matching(rows, filters.asked)
    if filters.order == "popular":
        return rows.order_by("-votes_count", "-answers_count", "-pk")
    return rows.order_by("-is_pinned", "-last_post_at", "-pk")


def topics_similar(reader: Account, asked: str) -> list[Topic]:
    """Those that may already answer, shown before one more question is asked."""
    rows = topics_for(reader).filter(is_hidden=False).select_related("section")
    return list(search.matching(rows, asked, every_word=False)[:SIMILAR])


def posts_of(topic: Topic, reader: Account) -> QuerySet[Post]:
    """The question, then the accepted answer, then the others as they came; with what the page says of each author."""
    people = Prefetch(
        "author", Account.objects.select_related("person", "forum_member").prefetch_related("role_grants")
    )
    rows = topic.posts.prefetch_related(people).annotate(
        voted=Exists(Vote.objects.filter(post=OuterRef("pk"), account=reader)),
        is_accepted=Exists(Topic.objects.filter(accepted=OuterRef("pk"))),
    )
    if not is_moderator(reader):
        rows = rows.filter(is_hidden=False)
    return rows.order_by("-is_question", "-is_accepted", "created_at", "pk")


def answers_of(topic: Topic) -> QuerySet[Post]:
    """Hidden ones too: for moderators."""
    return topic.posts.filter(is_question=False).select_related("author__person")


@dataclass(frozen=True)
class Became:
    """Where a topic comes from and what was made of it, as far as the reader may open it."""

    source: Topic | None
    splits: list[Topic]
    article: Article | None
    is_draft: bool
    ticket_page: str


def became_of(topic: Topic, reader: Account) -> Became:
    """Two queries, one for a topic that no other came from."""
    readable = topics_for(reader).only("title")
    article = topic.article
    shown = article if article and (article.live_id or reader.may(Action.KNOWLEDGE_WRITE)) else None
    return Became(
        source=readable.filter(pk=topic.split_from_id).first() if topic.split_from_id else None,
        splits=list(readable.filter(split_from=topic).order_by("pk")[:SPLITS]),
        article=shown,
        is_draft=shown is not None and shown.live_id is None,
        ticket_page=_ticket_page(topic, reader),
    )


def _ticket_page(topic: Topic, reader: Account) -> str:
    if topic.ticket is None:
        return ""
    if topic.ticket.account_id == reader.pk:
        return reverse("support:ticket", args=[topic.ticket.number])
    return reverse("support:handle", args=[topic.ticket.number]) if reader.may(Action.TICKET_HANDLE) else ""


def page_of(post: Post, reader: Account) -> int:
    """The page of its topic on which ``posts_of`` puts it."""
    if post.is_question:
        return 1
    before = Q(is_question=True) | Q(is_accepted=True)
    if post.topic.accepted_id != post.pk:
        before |= Q(created_at__lt=post.created_at) | Q(created_at=post.created_at, pk__lt=post.pk)
    return posts_of(post.topic, reader).filter(before).exclude(pk=post.pk).count() // POSTS + 1


def post_url(post: Post, reader: Account) -> str:
    page = page_of(post, reader)
    where = f"?page={page}" if page > 1 else ""
    return f"{reverse('forum:topic', args=[post.topic_id])}{where}#message-{post.pk}"


def badge_of(author: Account | None) -> str:
    """``staff``, ``specialist`` or nothing."""
    if author is None:
        return ""
    roles = author.roles
    if roles & {Role.SUPPORT, Role.ADMINISTRATOR, Role.COMMUNICATION}:
        return "staff"
    return "specialist" if Role.SPECIALIST in roles else ""


def member_of(account: Account) -> Member:
    """The row, or one not saved yet with what holds by default."""
    return Member.objects.filter(account=account).first() or Member(account=account)


def flags_for(moderator: Account) -> QuerySet[Flag]:
    rows = Flag.objects.filter(post__topic__section__in=sections_for(moderator), state=Flag.State.OPEN)
    return rows.select_related("post__topic", "post__author__person", "account__person")


def flags_count(request: HttpRequest) -> int:
    return flags_for(request.user).count()  # type: ignore[arg-type]


def sections_with_counts(reader: Account) -> QuerySet[Section]:
    return sections_for(reader).annotate(total=Count("topics", filter=Q(topics__is_hidden=False)))


def versions_of(post: Post) -> QuerySet[PostVersion]:
    return post.versions.select_related("editor__person")


def suspended_members(moderator: Account) -> QuerySet[Member]:
    rows = Member.objects.filter(account__person__organisation=moderator.person.organisation_id)
    return rows.filter(suspended_until__isnull=False).select_related("account__person")
