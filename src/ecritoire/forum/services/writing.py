"""Asking, answering, editing, accepting, finding useful."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from ecritoire.accounts.models import Account
from ecritoire.common.services import audit_record
from ecritoire.forum import search, tasks
from ecritoire.forum.models import Post, PostVersion, Section, Topic, Vote
from ecritoire.forum.selectors import is_moderator

from .following import subscription_set
from .members import ForumRefused, check_may_write


def topic_ask(*, section: Section, author: Account, title: str, text: str, tags: list[str]) -> Topic:
    with transaction.atomic():
        check_may_write(author)
        topic = Topic.objects.create(section=section, author=author, title=title[:160], tags=tags)
        post = Post.objects.create(topic=topic, author=author, text=text, is_question=True)
        subscription_set(topic=topic, account=author, wanted=True)
        refresh(topic)
        tasks.notify.defer(post_id=post.pk)
    return topic


def answer_write(*, topic: Topic, author: Account, text: str) -> Post:
    with transaction.atomic():
        topic = Topic.objects.select_for_update().get(pk=topic.pk)
        check_may_write(author)
        if topic.is_locked or topic.is_hidden:
            raise ForumRefused(_("Ce sujet est fermé aux réponses."))
        post = Post.objects.create(topic=topic, author=author, text=text)
        subscription_set(topic=topic, account=author, wanted=True)
        refresh(topic)
        tasks.notify.defer(post_id=post.pk)
    return post


def post_edit(*, post: Post, editor: Account, text: str) -> None:
    """By its author or a moderator; what it said before is kept."""
    _must_be_own(post, editor)
    with transaction.atomic():
        if post.topic.is_locked and not is_moderator(editor):
            raise ForumRefused(_("Ce sujet est fermé aux réponses."))
        PostVersion.objects.create(post=post, editor=editor, text=post.text)
        post.text, post.edited_at = text, timezone.now()
        post.save(update_fields=["text", "edited_at", "updated_at"])
        refresh(post.topic)
        if post.author_id != editor.pk:
            _audit(post, editor, "forum.edit")


def post_delete(*, post: Post, author: Account) -> None:
    """One's own answer, or one's own question while nobody has answered it."""
    if post.author_id != author.pk:
        raise ForumRefused(_("Ce message n'est pas le vôtre."))
    with transaction.atomic():
        topic = Topic.objects.select_for_update().get(pk=post.topic_id)
        later = topic.posts.filter(pk__gt=post.pk).exclude(author=author).exists()
        if later:
            raise ForumRefused(_("Quelqu'un a répondu depuis : le message ne peut plus être supprimé."))
        if post.is_question:
            topic.delete()
        else:
            post.delete()
            refresh(topic)


def vote_toggle(*, post: Post, account: Account) -> None:
    if post.author_id == account.pk:
        raise ForumRefused(_("On ne vote pas pour soi-même."))
    with transaction.atomic():
        Topic.objects.select_for_update().get(pk=post.topic_id)
        _vote, made = Vote.objects.get_or_create(post=post, account=account)
        if not made:
            _vote.delete()
        votes_count_again([post.pk])


def answer_accept(*, post: Post, account: Account) -> None:
    """The answer that settled it, said by who asked or a moderator; the same again takes it back."""
    topic = post.topic
    if topic.author_id != account.pk and not is_moderator(account):
        raise ForumRefused(_("Seul l'auteur de la question ou un modérateur choisit la réponse."))
    if post.is_question or post.is_hidden:
        raise ForumRefused(_("Ce message n'est pas une réponse."))
    topic.accepted = None if topic.accepted_id == post.pk else post
    topic.save(update_fields=["accepted", "updated_at"])


def refresh(topic: Topic) -> None:
    """Counts, date and search follow the visible posts, votes all of them."""
    visible = topic.posts.filter(is_hidden=False)
    last = visible.order_by("-created_at").first()
    topic.answers_count = visible.filter(is_question=False).count()
    topic.last_post_at = last.created_at if last else topic.created_at
    topic.votes_count = Vote.objects.filter(post__topic=topic).count()
    topic.save(update_fields=["answers_count", "last_post_at", "votes_count", "updated_at"])
    search.index(topic)


def votes_count_again(posts: list[int]) -> None:
    """Of these posts and their topics, from the votes there are."""
    votes = Vote.objects.filter(post=OuterRef("pk")).order_by().values("post").annotate(total=Count("*"))
    of_topic = (
        Vote.objects.filter(post__topic=OuterRef("pk")).order_by().values("post__topic").annotate(total=Count("*"))
    )
    Post.objects.filter(pk__in=posts).update(votes_count=Coalesce(Subquery(votes.values("total")), 0))
    topics = Topic.objects.filter(posts__in=posts)
    topics.update(votes_count=Coalesce(Subquery(of_topic.values("total")), 0))


def _must_be_own(post: Post, account: Account) -> None:
    if post.author_id != account.pk and not is_moderator(account):
        raise ForumRefused(_("Ce message n'est pas le vôtre."))


def _audit(post: Post, acting_user: Account, action: str) -> None:
    author = post.author.login if post.author else f"forum:{post.pk}"
    within = post.topic.section.organisation.mail_domain
    audit_record(acting_user=acting_user, action=action, target=author, within=within, post=post.pk)
