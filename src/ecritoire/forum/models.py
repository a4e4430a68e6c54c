"""Sections, topics and what is said in them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.models import Account
from ecritoire.common.models import BaseModel
from ecritoire.directory.models import Organisation
from ecritoire.knowledge.models import Article
from ecritoire.support.models import Ticket


class Section(BaseModel):
    """``categories``: those of people (``Person.Category``) who may read it; empty = everybody of the académie."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="forum_sections")
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    categories = ArrayField(models.CharField(max_length=16), default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["order", "name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation", "name"], name="forum_section_name")]

    def __str__(self) -> str:
        return self.name


class Member(BaseModel):
    """What somebody chose for the forum, and whether they may write."""

    class Notify(models.TextChoices):
        AT_ONCE = "at_once", _("à chaque réponse")
        DAILY = "daily", _("un résumé par jour")
        NONE = "none", _("jamais")

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="forum_member")
    shows_function = models.BooleanField(default=False)
    notify = models.CharField(max_length=8, choices=Notify, default=Notify.AT_ONCE)
    conduct_version = models.PositiveSmallIntegerField(default=0, help_text="of the code of conduct they accepted")
    suspended_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.account)

    @property
    def is_suspended(self) -> bool:
        return self.suspended_until is not None and self.suspended_until > timezone.now()


class Topic(BaseModel):
    """A question. The counts, ``last_post_at`` and ``search`` follow its visible posts (``services.writing.refresh``)."""

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="topics")
    author = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="forum_topics")
    title = models.CharField(max_length=160)
    tags = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    is_locked = models.BooleanField(default=False)
    is_pinned = models.BooleanField(default=False)
    is_hidden = models.BooleanField(default=False)
    accepted = models.OneToOneField(
        "Post", on_delete=models.SET_NULL, null=True, blank=True, related_name="accepted_in"
    )
    answers_count = models.PositiveIntegerField(default=0)
    votes_count = models.PositiveIntegerField(default=0)
    last_post_at = models.DateTimeField(default=timezone.now)
    article = models.ForeignKey(Article, on_delete=models.SET_NULL, null=True, blank=True, related_name="forum_topics")
    ticket = models.ForeignKey(Ticket, on_delete=models.SET_NULL, null=True, blank=True, related_name="forum_topics")
    search = SearchVectorField(null=True)
    search_text = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["section", "is_hidden", "-is_pinned", "-last_post_at"], name="forum_topic_recent"),
            GinIndex(fields=["search"], name="forum_topic_search"),
            GinIndex(fields=["tags"], name="forum_topic_tags"),
            GinIndex(OpClass("search_text", name="gin_trgm_ops"), name="forum_topic_trigrams"),
        ]

    def __str__(self) -> str:
        return self.title


class Post(BaseModel):
    """The question itself (``is_question``) or an answer, in Markdown. Without author: written by a former member."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="posts")
    author = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="forum_posts")
    text = models.TextField(max_length=10000)
    is_question = models.BooleanField(default=False)
    is_hidden = models.BooleanField(default=False)
    edited_at = models.DateTimeField(null=True, blank=True)
    votes_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["created_at", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["topic", "created_at"], name="forum_post_topic"),
            models.Index(fields=["author", "created_at"], name="forum_post_author"),
        ]

    def __str__(self) -> str:
        return f"{self.topic}: {self.pk}"


class PostVersion(BaseModel):
    """What a post said before it was edited."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="versions")
    editor = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.TextField()

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.post}: {self.pk}"


class Vote(BaseModel):
    """Somebody found a post useful."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="votes")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["post", "account"], name="forum_vote_once")]

    def __str__(self) -> str:
        return f"{self.post}: {self.account}"


class Subscription(BaseModel):
    """Who is told of answers. ``told_at``: up to when the daily summary has told them."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="subscriptions")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    told_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["topic", "account"], name="forum_subscription_once")]

    def __str__(self) -> str:
        return f"{self.topic}: {self.account}"


class Flag(BaseModel):
    """A post somebody asks the moderators to look at."""

    class Reason(models.TextChoices):
        PERSONAL = "personal", _("données personnelles")
        RUDE = "rude", _("propos déplacés")
        WRONG = "wrong", _("réponse fausse ou dangereuse")
        OTHER = "other", _("autre raison")

    class State(models.TextChoices):
        OPEN = "open", _("à examiner")
        UPHELD = "upheld", _("message masqué")
        DISMISSED = "dismissed", _("sans suite")

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="flags")
    account = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=8, choices=Reason)
    text = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)

    class Meta:
        ordering: ClassVar = ["created_at"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["post", "account"], name="forum_flag_once")]

    def __str__(self) -> str:
        return f"{self.post}: {self.reason}"
