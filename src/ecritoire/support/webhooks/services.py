"""What administrators do with webhooks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from ecritoire.common.services import Actor, audit_record
from ecritoire.directory.models import Organisation
from ecritoire.support.models import Webhook, WebhookDelivery

from . import tasks
from .events import write
from .signing import secret_make

PING = "ping"


@dataclass(frozen=True)
class Wanted:
    """What the form says."""

    name: str
    url: str
    events: Sequence[str]
    with_texts: bool


def webhook_create(*, organisation: Organisation, wanted: Wanted, acting_user: Actor) -> tuple[Webhook, str]:
    """The webhook, and its secret: shown now, never again."""
    secret, sealed = secret_make()
    with transaction.atomic():
        row = Webhook.objects.create(
            organisation=organisation,
            name=wanted.name,
            url=wanted.url,
            events=list(wanted.events),
            with_texts=wanted.with_texts,
            secret=sealed,
            created_by=acting_user.login,
        )
        _audit(row, "create", acting_user, url=row.url, events=row.events, with_texts=row.with_texts)
    return row, secret


def webhook_update(*, webhook: Webhook, wanted: Wanted, acting_user: Actor) -> None:
    after = {
        "name": wanted.name,
        "url": wanted.url,
        "events": list(wanted.events),
        "with_texts": wanted.with_texts,
    }
    before = {name: getattr(webhook, name) for name in after}
    if before == after:
        return
    with transaction.atomic():
        for name, value in after.items():
            setattr(webhook, name, value)
        webhook.save(update_fields=[*after, "updated_at"])
        _audit(webhook, "update", acting_user, before=before, after=after)


def webhook_rotate(*, webhook: Webhook, acting_user: Actor) -> str:
    """A new secret; for a day the former one signs too, so that the other program has time to change."""
    secret, sealed = secret_make()
    with transaction.atomic():
        webhook.former_secret, webhook.secret, webhook.rotated_at = webhook.secret, sealed, timezone.now()
        webhook.save(update_fields=["former_secret", "secret", "rotated_at", "updated_at"])
        _audit(webhook, "rotate", acting_user)
    return secret


def webhook_switch(*, webhook: Webhook, is_active: bool, acting_user: Actor) -> None:
    """On again, it is told what waits; while off, it is told nothing of what happens."""
    if webhook.is_active == is_active:
        return
    with transaction.atomic():
        webhook.is_active, webhook.failing_since, webhook.disabled_at = is_active, None, None
        webhook.save(update_fields=["is_active", "failing_since", "disabled_at", "updated_at"])
        _audit(webhook, "enable" if is_active else "disable", acting_user)


def webhook_remove(*, webhook: Webhook, acting_user: Actor) -> None:
    with transaction.atomic():
        _audit(webhook, "remove", acting_user, url=webhook.url)
        webhook.delete()


def webhook_ping(*, webhook: Webhook, acting_user: Actor) -> WebhookDelivery:
    with transaction.atomic():
        _audit(webhook, "ping", acting_user)
        return write(webhook, PING, {"webhook": webhook.name})


def delivery_replay(*, delivery: WebhookDelivery, acting_user: Actor) -> WebhookDelivery:
    """The same words under a new number: a program that keeps the numbers it has seen takes it in."""
    with transaction.atomic():
        _audit(delivery.webhook, "replay", acting_user, message=delivery.message_id)
        row = WebhookDelivery.objects.create(
            webhook=delivery.webhook,
            ticket=delivery.ticket,
            event=delivery.event,
            body=delivery.body,
            next_at=timezone.now(),
        )
        tasks.deliver.defer(delivery_id=row.pk)
    return row


def _audit(webhook: Webhook, act: str, acting_user: Actor, **detail: object) -> None:
    domain = webhook.organisation.mail_domain
    audit_record(acting_user=acting_user, action=f"webhook.{act}", target=webhook.name, within=domain, **detail)
