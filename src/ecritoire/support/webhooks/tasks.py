"""Jobs of the webhooks."""

from __future__ import annotations

from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from ecritoire.support.tasks import RETRY, _send


@app.task(name="support.webhook_deliver")
def deliver(*, delivery_id: int) -> None:
    """Retries are the outbox's own: a failed attempt is no failed job."""
    from .sending import deliver as send

    send(delivery_id)


@app.periodic(cron="* * * * *")
@app.task(name="support.webhooks_round", queueing_lock="support-webhooks-round")
def webhooks_round(timestamp: int) -> None:
    from .sending import round_make

    round_make()


@app.periodic(cron="50 3 * * *")
@app.task(name="support.webhooks_purge", queueing_lock="support-webhooks-purge", retry=RETRY)
def webhooks_purge(timestamp: int) -> None:
    from .sending import purge

    purge()


@app.task(name="support.webhook_disabled", retry=RETRY)
def disabled_notice(*, webhook_id: int) -> None:
    """To the administrators, that an address is no longer told."""
    from ecritoire.accounts.selectors.holders import accounts_with
    from ecritoire.common.roles import Role
    from ecritoire.support.models import Webhook

    row = Webhook.objects.select_related("organisation").get(pk=webhook_id)
    here = row.organisation
    admins = accounts_with(Role.ADMINISTRATOR, organisation=here.pk)
    subject = _("Webhook désactivé : %(name)s") % {"name": row.name}
    _send("webhook_disabled", subject, [admin.login for admin in admins], here, webhook=row)
