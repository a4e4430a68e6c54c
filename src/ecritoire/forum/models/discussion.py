"""Sections, topics and what is said in them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils import timezone

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
    split_from = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="splits")
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


class Word(BaseModel):
    """A word of some title or tag: where what was mistyped is looked up."""

    LONGEST = 40

    text = models.CharField(max_length=LONGEST, unique=True)

    class Meta:
        indexes: ClassVar = [GinIndex(OpClass("text", name="gin_trgm_ops"), name="forum_word_trigrams")]

    def __str__(self) -> str:
        return self.text
