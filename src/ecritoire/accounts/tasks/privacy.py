"""What is told about personal data requests."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from ecritoire.accounts.lifecycle import RECEIVING
from ecritoire.accounts.models import Account, PrivacyRequest
from ecritoire.accounts.selectors.privacy import due_soon, privacy_officers
from ecritoire.directory.models import Organisation

from .mail import RETRY, send


@app.task(name="accounts.privacy_received", retry=RETRY)
def send_received(*, request_id: int) -> None:
    _tell("privacy_received", _("Votre demande est enregistrée"), request_id)


@app.task(name="accounts.privacy_extended", retry=RETRY)
def send_extended(*, request_id: int) -> None:
    _tell("privacy_extended", _("Votre demande prend plus de temps"), request_id)


@app.task(name="accounts.privacy_answer", retry=RETRY)
def send_answer(*, request_id: int) -> None:
    _tell("privacy_answer", _("Réponse à votre demande"), request_id)


def _tell(template: str, subject: str, request_id: int) -> None:
    row = PrivacyRequest.objects.select_related("account__person__organisation", "account__recovery_address").get(
        pk=request_id
    )
    address = reach(row.account)
    if address:
        page = row.account.person.organisation.base_url + reverse("accounts:privacy")
        send(template, subject, address, owner=row.account, row=row, page=page)


def reach(account: Account) -> str:
    """The mailbox while it receives, else the alternate address; nothing when neither is left: the register holds the answer."""
    if account.state in RECEIVING:
        return account.login
    return account.verified_address or account.person.private_email


@app.periodic(cron="37 6 * * *")
@app.task(name="accounts.privacy_reminders", queueing_lock="accounts.privacy_reminders")
def privacy_reminders(timestamp: int) -> None:
    """Every morning to those who answer, while a month ends within a week or has ended."""
    for organisation in Organisation.objects.all():
        if due_soon(organisation).exists():
            for account in privacy_officers(organisation):
                send_reminder.defer(account_id=account.pk)


@app.task(name="accounts.privacy_reminder", retry=RETRY)
def send_reminder(*, account_id: int) -> None:
    account = Account.objects.select_related("person__organisation").get(pk=account_id)
    rows = list(due_soon(account.person.organisation))
    page = account.person.organisation.base_url + reverse("accounts:privacy-register")
    subject = _("Droits des personnes : réponses dues")
    send("privacy_due", subject, account.login, owner=account, rows=rows, page=page, today=timezone.localdate())
