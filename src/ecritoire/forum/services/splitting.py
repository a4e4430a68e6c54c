"""One topic becomes two: what was asked on the way has its own answers."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from ecritoire.accounts.models import Account
from ecritoire.common.services import audit_record
from ecritoire.forum.models import Post, Subscription, Topic

from .members import ForumRefused
from .writing import refresh


def topic_split(*, topic: Topic, posts: Iterable[int], title: str, acting_user: Account) -> Topic:
    """The first of the chosen answers asks the new question, the others answer it; votes go with their posts. Nobody has accepted
    an answer to the new question yet. Who followed the one follows both, and the authors of what moved."""
    with transaction.atomic():
        topic = Topic.objects.select_for_update().get(pk=topic.pk)
        moved = list(topic.posts.filter(pk__in=list(posts), is_question=False))
        if not moved:
            raise ForumRefused(_("Choisissez au moins une réponse."))
        if moved[0].is_hidden:
            raise ForumRefused(_("La première réponse choisie est masquée : elle ne peut poser la question."))
        made = Topic.objects.create(
            section=topic.section, author=moved[0].author, title=title[:160], tags=topic.tags, split_from=topic
        )
        keys = [post.pk for post in moved]
        Post.objects.filter(pk__in=keys).update(topic=made)
        Post.objects.filter(pk=keys[0]).update(is_question=True)
        if topic.accepted_id in keys:
            topic.accepted = None
            topic.save(update_fields=["accepted", "updated_at"])
        _followers_keep(topic, made, moved)
        refresh(topic)
        refresh(made)
        audit_record(
            acting_user=acting_user,
            action="forum.split",
            target="forum",
            within=topic.section.organisation.mail_domain,
            topic=topic.pk,
            into=made.pk,
            title=made.title,
            posts=keys,
        )
    return made


def _followers_keep(topic: Topic, made: Topic, moved: list[Post]) -> None:
    followers = set(topic.subscriptions.values_list("account_id", flat=True))
    followers |= {post.author_id for post in moved if post.author_id}
    rows = [Subscription(topic=made, account_id=pk) for pk in sorted(followers)]
    Subscription.objects.bulk_create(rows, ignore_conflicts=True)
