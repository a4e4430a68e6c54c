"""What moderators do, each act in the audit log."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ecritoire.accounts.models import Account
from ecritoire.common.services import audit_record
from ecritoire.directory.models import Organisation
from ecritoire.forum.models import Flag, Member, Post, Section, Subscription, Topic

from .members import ForumRefused
from .writing import refresh


def flag_raise(*, post: Post, account: Account, reason: Flag.Reason, text: str) -> None:
    """Once a person and post; said again, the reason is the new one."""
    values = {"reason": reason, "text": text[:300], "state": Flag.State.OPEN}
    Flag.objects.update_or_create(post=post, account=account, defaults=values)


def flag_decide(*, flag: Flag, hide: bool, acting_user: Account) -> None:
    """Every open flag of the same post is decided with it. Hiding a question hides its topic."""
    state = Flag.State.UPHELD if hide else Flag.State.DISMISSED
    with transaction.atomic():
        post = flag.post
        post.flags.filter(state=Flag.State.OPEN).update(state=state)
        if hide:
            post_hide(post=post, hidden=True, acting_user=acting_user)
        else:
            _audit(acting_user, "forum.flag_dismiss", post.topic.section.organisation, post=post.pk)


def post_hide(*, post: Post, hidden: bool, acting_user: Account) -> None:
    with transaction.atomic():
        if post.is_question:
            topic_set(topic=post.topic, acting_user=acting_user, is_hidden=hidden)
            return
        topic = post.topic
        post.is_hidden = hidden
        post.save(update_fields=["is_hidden", "updated_at"])
        if hidden and topic.accepted_id == post.pk:
            topic.accepted = None
            topic.save(update_fields=["accepted", "updated_at"])
        refresh(topic)
        _audit(acting_user, "forum.hide", topic.section.organisation, post=post.pk, hidden=hidden)


def topic_set(*, topic: Topic, acting_user: Account, **values: Any) -> None:
    """Lock, pin, hide, or move to another section of the same académie."""
    section = values.get("section", topic.section)
    if section.organisation_id != topic.section.organisation_id:
        raise ForumRefused(_("Cette section est celle d'une autre académie."))
    with transaction.atomic():
        for name, value in values.items():
            setattr(topic, name, value)
        topic.save(update_fields=[*values, "updated_at"])
        said = {name: getattr(value, "pk", value) for name, value in values.items()}
        _audit(acting_user, "forum.topic", section.organisation, topic=topic.pk, **said)


def topic_merge(*, topic: Topic, into: Topic, acting_user: Account) -> None:
    """All that was said in ``topic`` is an answer in ``into``, and who followed the one follows the other."""
    if topic.pk == into.pk or topic.section.organisation_id != into.section.organisation_id:
        raise ForumRefused(_("Choisissez un autre sujet de la même académie."))
    with transaction.atomic():
        followers = list(topic.subscriptions.values_list("account_id", flat=True))
        topic.posts.update(topic=into, is_question=False)
        topic.splits.exclude(pk=into.pk).update(split_from=into)
        rows = [Subscription(topic=into, account_id=pk) for pk in followers]
        Subscription.objects.bulk_create(rows, ignore_conflicts=True)
        _audit(acting_user, "forum.merge", into.section.organisation, topic=topic.pk, into=into.pk, title=topic.title)
        topic.delete()
        refresh(into)


def member_suspend(*, account: Account, days: int, acting_user: Account) -> None:
    """``days`` 0 lifts the suspension."""
    until = timezone.now() + dt.timedelta(days=days) if days else None
    with transaction.atomic():
        Member.objects.update_or_create(account=account, defaults={"suspended_until": until})
        audit_record(acting_user=acting_user, action="forum.suspend", target=account.login, days=days)


def section_save(
    *, section: Section | None, organisation: Organisation, acting_user: Account, **values: Any
) -> Section:
    with transaction.atomic():
        row = section or Section(organisation=organisation)
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        _audit(acting_user, "forum.section", organisation, section=row.pk, name=row.name)
    return row


def section_first(*, organisation: Organisation) -> None:
    """So that an académie whose moderators made none yet can ask all the same."""
    if not Section.objects.filter(organisation=organisation).exists():
        Section.objects.get_or_create(organisation=organisation, name=_("Questions générales"))


def _audit(acting_user: Account, action: str, organisation: Organisation, **detail: Any) -> None:
    audit_record(acting_user=acting_user, action=action, target="forum", within=organisation.mail_domain, **detail)
