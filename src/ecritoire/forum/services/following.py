"""What somebody wants to be told of, and what they have been."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from ecritoire.accounts.models import Account
from ecritoire.forum.models import Follow, Notice, Section, Subscription, Topic

from .members import ForumRefused

FOLLOWS = 50
KEPT = dt.timedelta(days=60)


def subscription_set(*, topic: Topic, account: Account, wanted: bool) -> None:
    if wanted:
        Subscription.objects.get_or_create(topic=topic, account=account)
    else:
        Subscription.objects.filter(topic=topic, account=account).delete()


def follow_set(*, account: Account, section: Section | None = None, tag: str = "", wanted: bool) -> None:
    """New topics of a section, or those with a tag. Raises ForumRefused beyond fifty."""
    mine = Follow.objects.filter(account=account)
    if not wanted:
        mine.filter(section=section, tag=tag).delete()
    elif mine.count() >= FOLLOWS:
        raise ForumRefused(
            _("Vous suivez déjà %(count)s sections et étiquettes : quittez-en une.") % {"count": FOLLOWS}
        )
    else:
        Follow.objects.get_or_create(account=account, section=section, tag=tag)


def told_leave(*, account_id: int, topic_id: int, follows: Iterable[int]) -> None:
    """Whatever brought a message: the topic, and the section or tags through which it came."""
    Subscription.objects.filter(topic=topic_id, account=account_id).delete()
    Follow.objects.filter(account=account_id, pk__in=list(follows)).delete()


def notices_give(*, topic: Topic, accounts: Iterable[int]) -> None:
    rows = [Notice(topic=topic, account_id=pk) for pk in accounts]
    Notice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


def notices_clear(*, account: Account, topic: Topic | None = None) -> None:
    """Read: one topic, or all."""
    rows = Notice.objects.filter(account=account)
    (rows.filter(topic=topic) if topic else rows).delete()


def notices_purge() -> int:
    return Notice.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]
