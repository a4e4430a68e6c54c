"""Who follows what, and what they have not read yet."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from ecritoire.accounts.models import Account

from .models import Follow, Notice, Subscription, Topic
from .selectors import sections_for, topics_for


def follows_of(account: Account) -> QuerySet[Follow]:
    """The sections they may still read, then tags."""
    readable = Q(section=None) | Q(section__in=sections_for(account))
    return Follow.objects.filter(readable, account=account).select_related("section").order_by("section__name", "tag")


def follows_to(topic: Topic) -> QuerySet[Follow]:
    """Those to which a new topic is told: of its section, or in its académie of one of its tags."""
    tagged = Q(tag__in=topic.tags, account__person__organisation=topic.section.organisation_id)
    return Follow.objects.filter(Q(section=topic.section_id) | tagged)


def topics_followed(account: Account) -> QuerySet[Subscription]:
    rows = Subscription.objects.filter(account=account, topic__in=topics_for(account))
    return rows.select_related("topic").order_by("-topic__last_post_at")


def notices_for(reader: Account) -> QuerySet[Notice]:
    """Of what they may still read."""
    return Notice.objects.filter(account=reader, topic__in=topics_for(reader), topic__is_hidden=False)


def topics_new_to(reader: Account, until: dt.datetime) -> QuerySet[Topic]:
    """Asked by others, where they follow, since they were last told."""
    wanted = Q(pk__in=[])
    for follow in follows_of(reader):
        place = Q(section=follow.section_id) if follow.section_id else Q(tags__contains=[follow.tag])
        wanted |= place & Q(created_at__gt=follow.told_at)
    rows = topics_for(reader).filter(wanted, created_at__lte=until, is_hidden=False)
    return rows.exclude(author=reader).order_by("created_at")
