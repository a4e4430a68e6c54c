"""Sending what the outbox holds, again and again for two days, and giving up on an address that never answers."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from procrastinate.exceptions import AlreadyEnqueued

from ecritoire.common.outbound import Reply, post
from ecritoire.common.services import audit_record
from ecritoire.support.models import Webhook, WebhookDelivery

from . import tasks
from .signing import headers

State = WebhookDelivery.State
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
WAITS = (MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 16 * HOUR)
GIVEN_UP = dt.timedelta(days=2)
HELD = 2 * MINUTE
KEPT = dt.timedelta(days=15)
GONE = 410
A_ROUND = 200


def deliver(delivery_id: int) -> Reply | None:
    """One attempt; None when it is not, or no longer, to be sent. The row is held while it goes out, not locked."""
    row = _hold(delivery_id)
    if row is None:
        return None
    body = row.body.encode()
    reply = post(row.webhook.url, body, headers(row.webhook, row.message_id, body, timezone.now()))
    with transaction.atomic():
        _settle(row, reply)
    return reply


def _hold(delivery_id: int) -> WebhookDelivery | None:
    now = timezone.now()
    with transaction.atomic():
        due = WebhookDelivery.objects.filter(state=State.PENDING, next_at__lte=now, webhook__is_active=True)
        rows = due.select_related("webhook__organisation").select_for_update(of=("self",), skip_locked=True)
        row = rows.filter(pk=delivery_id).first()
        if row is not None:
            row.attempts += 1
            row.next_at = now + HELD
            row.save(update_fields=["attempts", "next_at", "updated_at"])
    return row


def _settle(row: WebhookDelivery, reply: Reply) -> None:
    now, webhook = timezone.now(), row.webhook
    row.status, row.excerpt = reply.status, reply.excerpt[:500]
    if reply.ok:
        row.state, row.delivered_at = State.DELIVERED, now
        Webhook.objects.filter(pk=webhook.pk).exclude(failing_since=None).update(failing_since=None)
    elif row.attempts > len(WAITS):
        row.state = State.FAILED
    else:
        row.next_at = now + WAITS[row.attempts - 1]
    row.save(update_fields=["status", "excerpt", "state", "delivered_at", "next_at", "updated_at"])
    if not reply.ok:
        _failed(webhook, reply, now)


def _failed(webhook: Webhook, reply: Reply, now: dt.datetime) -> None:
    """410 says not to call any more; two days without a single success say the same."""
    webhook = Webhook.objects.select_for_update().get(pk=webhook.pk)
    webhook.failing_since = webhook.failing_since or now
    if webhook.is_active and (reply.status == GONE or now - webhook.failing_since >= GIVEN_UP):
        webhook.is_active, webhook.disabled_at = False, now
        audit_record(
            acting_user=None,
            action="webhook.disable",
            target=webhook.name,
            within=webhook.organisation.mail_domain,
            status=reply.status,
        )
        tasks.disabled_notice.defer(webhook_id=webhook.pk)
    webhook.save(update_fields=["failing_since", "is_active", "disabled_at", "updated_at"])


def round_make() -> int:
    """Each minute: what is due again, or was held by a job that died. Of an address that fails, the oldest only."""
    due = WebhookDelivery.objects.filter(state=State.PENDING, next_at__lte=timezone.now(), webhook__is_active=True)
    probed: set[int] = set()
    sent = 0
    for row in due.select_related("webhook").order_by("pk")[:A_ROUND]:
        if row.webhook.failing_since is not None:
            if row.webhook_id in probed:
                continue
            probed.add(row.webhook_id)
        sent += _defer_once(row)
    return sent


def _defer_once(row: WebhookDelivery) -> bool:
    """A round comes again before a busy worker has made the last one's calls."""
    try:
        with transaction.atomic():
            tasks.deliver.configure(queueing_lock=f"webhook-{row.pk}").defer(delivery_id=row.pk)
    except AlreadyEnqueued:
        return False
    return True


def purge() -> int:
    return WebhookDelivery.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]
