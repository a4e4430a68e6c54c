"""The life of an article: written, reviewed, published now or later, written anew, withdrawn."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify

from ecritoire.accounts.models import Account
from ecritoire.common.services import Actor, audit_record
from ecritoire.directory.models import Organisation
from ecritoire.knowledge import search
from ecritoire.knowledge.markdown import plain
from ecritoire.knowledge.models import Article, ArticleVersion

State = ArticleVersion.State
SLUG = 80


class VersionRefused(Exception):
    """The version is in no state for that."""


@dataclass(frozen=True)
class Text:
    """What an author writes; ``body`` is Markdown."""

    title: str
    body: str
    summary: str = ""
    keywords: str = ""


def article_create(
    *,
    kind: Article.Kind,
    topic: str,
    text: Text,
    is_public: bool,
    organisation: Organisation | None,
    acting_user: Actor | None,
    review_by: dt.date | None = None,
) -> ArticleVersion:
    """A new article and the draft of its first version."""
    with transaction.atomic():
        article = Article.objects.create(
            kind=kind,
            topic=topic,
            slug=_free_slug(text.title),
            is_public=is_public,
            organisation=organisation,
            review_by=review_by,
        )
        version = version_save(article=article, text=text, acting_user=acting_user)
        audit_record(acting_user=acting_user, action="article.create", target=article.slug, kind=kind)
    return version


def article_place(
    *, article: Article, kind: Article.Kind, topic: str, is_public: bool, review_by: dt.date | None, acting_user: Actor
) -> None:
    """Where it stands, who reads it and when it is to be read again: at once, unlike its text."""
    values = {"kind": kind, "topic": topic, "is_public": is_public, "review_by": review_by}
    with transaction.atomic():
        changed = sorted(name for name, value in values.items() if getattr(article, name) != value)
        for name in changed:
            setattr(article, name, values[name])
        if changed:
            article.save(update_fields=[*changed, "updated_at"])
            audit_record(acting_user=acting_user, action="article.change", target=article.slug, fields=changed)


def article_change(*, article: Article, text: Text, acting_user: Actor, **place: Any) -> ArticleVersion:
    """What its form says: ``place`` is that of ``article_place``, and a draft takes the text."""
    with transaction.atomic():
        article_place(article=article, acting_user=acting_user, **place)
        return version_save(article=article, text=text, acting_user=acting_user)


def _free_slug(title: str) -> str:
    base, rank = slugify(title)[: SLUG - 4].strip("-") or "article", 1
    slug = base
    while Article.objects.filter(slug=slug).exists():
        rank += 1
        slug = f"{base}-{rank}"
    return slug


def version_save(*, article: Article, text: Text, acting_user: Actor | None) -> ArticleVersion:
    """The open version of the article takes ``text``; without one a new version begins. Back to a draft, either way."""
    login = acting_user.login if acting_user else "system"
    with transaction.atomic():
        Article.objects.select_for_update().get(pk=article.pk)
        version = article.versions.filter(state__in=ArticleVersion.OPEN).first()
        if version is None:
            last = article.versions.aggregate(Max("number"))["number__max"] or 0
            return ArticleVersion.objects.create(article=article, number=last + 1, author_login=login, **asdict(text))
        for name, value in asdict(text).items():
            setattr(version, name, value)
        version.state, version.author_login, version.publish_at, version.note = State.DRAFT, login, None, ""
        version.save()
    return version


def version_submit(*, version: ArticleVersion, acting_user: Actor) -> None:
    """Ask for a review. Raises VersionRefused when it is not a draft."""
    _move(version, {State.DRAFT, State.REFUSED}, state=State.REVIEW, note="")
    audit_record(acting_user=acting_user, action="article.submit", target=str(version))


def version_refuse(*, version: ArticleVersion, note: str, acting_user: Account) -> None:
    """Back to its author, with what is to mend."""
    with transaction.atomic():
        _move(version, {State.REVIEW, State.SCHEDULED}, state=State.REFUSED, note=note[:300], publish_at=None)
        audit_record(acting_user=acting_user, action="article.refuse", target=str(version), reason=note)


def version_publish(*, version: ArticleVersion, acting_user: Actor | None, at: dt.datetime | None = None) -> None:
    """Make it the one that readers see, now or ``at`` a later time."""
    login = acting_user.login if acting_user else "system"
    with transaction.atomic():
        if at and at > timezone.now():
            _move(version, set(ArticleVersion.OPEN), state=State.SCHEDULED, publish_at=at, published_by=login)
            detail = {"at": at.isoformat()}
            audit_record(acting_user=acting_user, action="article.schedule", target=str(version), **detail)
            return
        _move(version, set(ArticleVersion.OPEN), state=State.PUBLISHED, published_by=login)
        _go_live(version)
        audit_record(acting_user=acting_user, action="article.publish", target=str(version))


def _move(version: ArticleVersion, sources: set[ArticleVersion.State], **values: object) -> None:
    if not ArticleVersion.objects.filter(pk=version.pk, state__in=sources).update(**values):
        raise VersionRefused
    version.refresh_from_db()


def _go_live(version: ArticleVersion) -> None:
    article = version.article
    article.live, article.live_since = version, timezone.now()
    article.save(update_fields=["live", "live_since", "updated_at"])
    search.index(article, version, plain(version.body))


def publish_due() -> int:
    """Publish what was scheduled and has come; returns how many. Twice at once, or again, publishes nothing twice."""
    done = 0
    due = ArticleVersion.objects.filter(state=State.SCHEDULED, publish_at__lte=timezone.now()).select_related("article")
    for version in due.order_by("publish_at"):
        with transaction.atomic():
            try:
                _move(version, {State.SCHEDULED}, state=State.PUBLISHED)
            except VersionRefused:
                continue
            _go_live(version)
            detail = {"by": version.published_by}
            audit_record(acting_user=None, action="article.publish", target=str(version), **detail)
            done += 1
    return done


def withdraw(*, article: Article, acting_user: Actor) -> None:
    """Readers no longer see it; its versions stay."""
    with transaction.atomic():
        article.live = None
        article.save(update_fields=["live", "updated_at"])
        audit_record(acting_user=acting_user, action="article.withdraw", target=article.slug)
