"""What people chose, follow, have not read yet, and ask the moderators to look at."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.models import Account
from ecritoire.common.models import BaseModel

from .discussion import Post, Section, Topic


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


class Subscription(BaseModel):
    """Who is told of answers. ``told_at``: up to when the daily summary has told them."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="subscriptions")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    told_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["topic", "account"], name="forum_subscription_once")]

    def __str__(self) -> str:
        return f"{self.topic}: {self.account}"


class Follow(BaseModel):
    """Who is told of new topics: those of a section, or those that carry a tag. ``told_at`` as for ``Subscription``."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, null=True, blank=True, related_name="follows")
    tag = models.CharField(max_length=30, blank=True)
    told_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "section", "tag"], name="forum_follow_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(section__isnull=False, tag="") | (Q(section__isnull=True) & ~Q(tag="")),
                name="forum_follow_one_thing",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tag"], name="forum_follow_tag")]

    def __str__(self) -> str:
        return f"{self.account}: {self.section or self.tag}"


class Notice(BaseModel):
    """Something was said in a topic, which this person was told of on the pages and has not opened since: one however much."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="notices")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "topic"], name="forum_notice_once")]

    def __str__(self) -> str:
        return f"{self.account}: {self.topic}"


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
