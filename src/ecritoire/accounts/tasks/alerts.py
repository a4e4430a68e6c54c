"""Jobs about unusual sign-ins: detection, its messages, the purge."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from procrastinate import JobContext
from procrastinate.builtin_tasks import remove_old_jobs
from procrastinate.contrib.django import app

from ecritoire.accounts.models import Account, AlertLink, Intrusion, OneTimeCode, SignInAlert
from ecritoire.accounts.services.codes import MINUTES, code_make

from .mail import RETRY, send

SIGN_INS = "sign-ins"


@app.task(name="accounts.assess_sign_in", queue=SIGN_INS, retry=RETRY)
def assess_sign_in(*, event_id: int) -> None:
    from ecritoire.accounts.services.alerts import event_assess

    event_assess(event_id=event_id)


@app.periodic(cron="* * * * *")
@app.task(name="accounts.scan_sprays", queueing_lock="scan-sprays", lock="scan-sprays")
def scan_sprays(timestamp: int) -> None:
    from ecritoire.accounts.services.sprays import sprays_scan

    sprays_scan()


@app.periodic(cron="17 * * * *")
@app.task(name="accounts.purge_assessments", queueing_lock="purge-assessments", pass_context=True)
async def purge_assessments(context: JobContext, timestamp: int) -> None:
    """One job a sign-in is a great many: those that are done go within the hour."""
    await remove_old_jobs(context, max_hours=1, queue=SIGN_INS)


@app.periodic(cron="25 3 * * *")
@app.task(name="accounts.purge_history", queueing_lock="purge-history", lock="purge-history", retry=RETRY)
def purge_history(timestamp: int) -> None:
    from ecritoire.accounts.services.history import history_purge

    history_purge()


@app.task(name="accounts.send_alert", retry=RETRY)
def send_alert(*, alert_id: int) -> None:
    """One job an address, so that a retry of one does not write to the other again."""
    from ecritoire.accounts.selectors.alerts import alert_addresses

    alert = SignInAlert.objects.select_related("account").get(pk=alert_id)
    for channel, address in alert_addresses(alert):
        send_alert_to.defer(alert_id=alert_id, channel=channel, address=address)


@app.task(name="accounts.send_alert_to", retry=RETRY)
def send_alert_to(*, alert_id: int, channel: str, address: str) -> None:
    """The link is made here, so that it is never stored in clear."""
    from ecritoire.accounts.alert_words import alert_reasons, alert_title
    from ecritoire.accounts.services.alerts import LINK_DAYS, link_make

    alert = SignInAlert.objects.select_related("account__person__organisation").get(pk=alert_id)
    token = link_make(alert=alert, channel=AlertLink.Channel(channel))
    url = alert.account.person.organisation.base_url + reverse("accounts:alert-link", args=[token])
    context = {"alert": alert, "reasons": alert_reasons(alert), "url": url, "days": LINK_DAYS}
    send("alert", alert_title(alert), address, owner=alert.account, **context)


@app.task(name="accounts.send_intrusion_code", retry=RETRY)
def send_intrusion_code(*, account_id: int, since: str) -> None:
    """To the alternate address as it was before what is suspected, should a thief have changed it."""
    from ecritoire.accounts.selectors.alerts import trusted_address

    account = Account.objects.select_related("person", "recovery_address").get(pk=account_id)
    address = trusted_address(account=account, since=dt.datetime.fromisoformat(since))
    if address:
        code = code_make(account=account, purpose=OneTimeCode.Purpose.INTRUSION)
        subject = _("Votre code : %(code)s") % {"code": code}
        send("intrusion_code", subject, address, code=code, minutes=MINUTES, owner=account)


@app.task(name="accounts.send_intrusion_notice", retry=RETRY)
def send_intrusion_notice(*, intrusion_id: int, contact_id: int) -> None:
    """The local IT contact is told who and what, and what to say; nothing of what the mailbox holds."""
    intrusion = Intrusion.objects.select_related("account__person").get(pk=intrusion_id)
    contact = Account.objects.select_related("person").get(pk=contact_id)
    subject = _("Compte compromis : %(name)s") % {"name": intrusion.account.person}
    send("intrusion_notice", subject, contact.login, intrusion=intrusion, contact=contact, owner=contact)
