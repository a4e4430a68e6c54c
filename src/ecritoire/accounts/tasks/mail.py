"""Mail of the accounts room. A code is made by the job that sends it, so that it is never stored in clear."""

from __future__ import annotations

import datetime as dt

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from ecritoire.accounts.lifecycle import OPEN
from ecritoire.accounts.models import Account, OneTimeCode
from ecritoire.accounts.services.codes import MINUTES, code_make
from ecritoire.accounts.services.recovery import mailbox_allowed
from ecritoire.directory.organisations import organisation_of_person

RETRY = RetryStrategy(max_attempts=10, exponential_wait=3)


def send(template: str, subject: str, address: str, *, owner: Account, **context: object) -> None:
    """In the name of the owner's académie, whose pages the message leads to."""
    here = organisation_of_person(owner.person)
    known = {"site_name": here.name, "base_url": here.base_url, "account": owner, **context}
    send_mail(subject, render_to_string(f"accounts/mail/{template}.txt", known), here.sender, [address])


@app.task(name="accounts.send_verification_code", retry=RETRY)
def send_verification_code(*, account_id: int) -> None:
    account = Account.objects.select_related("person", "recovery_address").get(pk=account_id)
    pending = account.recovery_address.pending
    if pending:
        code = code_make(account=account, purpose=OneTimeCode.Purpose.VERIFY_ADDRESS)
        subject = _("Votre code de vérification : %(code)s") % {"code": code}
        send("verification_code", subject, pending, code=code, minutes=MINUTES, owner=account)


@app.task(name="accounts.send_reset_code", retry=RETRY)
def send_reset_code(*, login: str) -> None:
    account = Account.objects.filter(login=login, state__in=OPEN).select_related("person", "recovery_address").first()
    address = getattr(account, "recovery_address", None)
    if account and address and address.verified_at and mailbox_allowed(address=address.address):
        code = code_make(account=account, purpose=OneTimeCode.Purpose.RESET_PASSWORD)
        subject = _("Votre code pour changer de mot de passe")
        send("reset_code", subject, address.address, code=code, minutes=MINUTES, owner=account)


@app.task(name="accounts.send_address_changed", retry=RETRY)
def send_address_changed(*, address: str, account_id: int) -> None:
    owner = Account.objects.select_related("person").get(pk=account_id)
    send("address_changed", _("Votre adresse de secours a changé"), address, owner=owner)


@app.task(name="accounts.send_password_changed", retry=RETRY)
def send_password_changed(*, account_id: int) -> None:
    account = Account.objects.select_related("person", "recovery_address").get(pk=account_id)
    address = getattr(account, "recovery_address", None)
    if address and address.verified_at:
        send("password_changed", _("Votre mot de passe a changé"), address.address, owner=account)


@app.periodic(cron="17 5 * * *")
@app.task(name="accounts.renewal_reminders")
def renewal_reminders(timestamp: int) -> None:
    from ecritoire.accounts.services.renewal import reminders_send

    reminders_send()


@app.periodic(cron="37 4 * * *")
@app.task(name="accounts.lockouts_purge")
def lockouts_purge(timestamp: int) -> None:
    from ecritoire.accounts.services.lockouts import lockouts_purge

    lockouts_purge()


@app.periodic(cron="47 * * * *")
@app.task(name="accounts.sessions_purge")
def sessions_purge(timestamp: int) -> None:
    from ecritoire.accounts.services.access import sessions_purge

    sessions_purge()


@app.task(name="accounts.send_renewal_reminder", retry=RETRY)
def send_renewal_reminder(*, account_id: int, due: str) -> None:
    account = Account.objects.select_related("person").get(pk=account_id)
    due_on = dt.date.fromisoformat(due)
    subject = _("Votre mot de passe est à renouveler avant le %(date)s") % {"date": date_format(due_on, "j F Y")}
    send("renewal_reminder", subject, account.login, due_on=due_on, owner=account)


@app.task(name="accounts.send_temporary_password", retry=RetryStrategy(max_attempts=3, exponential_wait=3))
def send_temporary_password(*, account_id: int) -> None:
    """The second channel by e-mail: the password is made here, hashed, sent, forgotten."""
    from ecritoire.accounts.services.letters import temporary_password_set

    account = Account.objects.select_related("person").get(pk=account_id)
    if account.is_activated or not account.person.private_email:
        return
    password = temporary_password_set(account=account)
    address = account.person.private_email
    send("temporary_password", _("Votre mot de passe temporaire"), address, password=password, owner=account)


@app.task(name="accounts.send_password_again", retry=RetryStrategy(max_attempts=3, exponential_wait=3))
def send_password_again(*, account_id: int) -> None:
    """After support made sure of the person: a temporary password to the private address that HR knows."""
    from ecritoire.accounts.services.letters import temporary_password_set

    account = Account.objects.select_related("person").get(pk=account_id)
    if not account.must_change_password or not account.person.private_email:
        return
    password = temporary_password_set(account=account)
    address = account.person.private_email
    send("password_again", _("Votre mot de passe temporaire"), address, password=password, owner=account)
