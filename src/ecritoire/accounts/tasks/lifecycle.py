"""The daily step of every account's life, and what people are told of it."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from ecritoire.accounts.models import Account, EndReminder

from .mail import RETRY, send


@app.periodic(cron="7 2 * * *")
@app.task(name="accounts.lifecycle_advance", queueing_lock="accounts.lifecycle_advance")
def lifecycle_advance(timestamp: int) -> None:
    from ecritoire.accounts.services.lifecycle import accounts_advance
    from ecritoire.directory.services import rights_roll
    from ecritoire.directory.services.addresses import aliases_retire

    rights_roll(today=timezone.localdate())
    accounts_advance()
    aliases_retire(today=timezone.localdate())


@app.periodic(cron="37 5 * * *")
@app.task(name="accounts.end_reminders", queueing_lock="accounts.end_reminders")
def end_reminders(timestamp: int) -> None:
    from ecritoire.accounts.services.end_reminders import reminders_due_send

    reminders_due_send(today=timezone.localdate())


@app.task(name="accounts.send_end_reminder", retry=RETRY)
def send_end_reminder(*, reminder_id: int, address: str) -> None:
    """One message to one address. Nothing goes out any more once the date has moved or the account has."""
    from ecritoire.accounts.services.end_reminders import reminder_context, reminder_subject, still_holds

    row = EndReminder.objects.select_related("account__person__organisation").get(pk=reminder_id)
    if still_holds(row):
        send("end_reminder", reminder_subject(row), address, owner=row.account, **reminder_context(row))


@app.task(name="accounts.send_end_witness", retry=RETRY)
def send_end_witness(*, reminder_id: int, address: str) -> None:
    """To the school's or the service's own address, and the sponsor of somebody from outside."""
    from ecritoire.accounts.services.end_reminders import reminder_context, still_holds

    row = EndReminder.objects.select_related("account__person__organisation").get(pk=reminder_id)
    if still_holds(row):
        subject = _("Fin de droits à venir : %(name)s") % {"name": row.account.person}
        send("end_witness", subject, address, owner=row.account, **reminder_context(row))


@app.task(name="accounts.send_name_changed", retry=RETRY)
def send_name_changed(*, account_id: int, old: str, kept_until: str) -> None:
    account = Account.objects.select_related("person").get(pk=account_id)
    until = dt.date.fromisoformat(kept_until) if kept_until else None
    subject = _("Votre nouvelle adresse : %(login)s") % {"login": account.login}
    context = {"old": old, "until": until}
    for address in addresses_of(account):
        send("name_changed", subject, address, owner=account, **context)


@app.task(name="accounts.send_reopened", retry=RETRY)
def send_reopened(*, account_id: int) -> None:
    """After a closing: what is back, and what is to be asked for again."""
    account = Account.objects.select_related("person").get(pk=account_id)
    if account.is_activated:
        for address in addresses_of(account):
            send("reopened", _("Votre boîte est rouverte"), address, owner=account, closes_on=account.closes_on)


def addresses_of(account: Account) -> list[str]:
    """The mailbox, and the verified alternate address."""
    return [account.login, *filter(None, [account.verified_address])]
