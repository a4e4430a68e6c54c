"""Jobs about mail applications: the daily review, and what their owners are told."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from ecritoire.accounts.models import Account, ApplicationRequest, AppPassword
from ecritoire.accounts.selectors.applications import deciders, requests_waiting
from ecritoire.accounts.services.applications import approvals_expire
from ecritoire.accounts.services.dormancy import applications_review, dormant
from ecritoire.directory.organisations import organisations

from .mail import RETRY, send


def page(owner: Account) -> str:
    return f"{owner.person.organisation.base_url}/compte/applications/"


@app.periodic(cron="17 4 * * *")
@app.task(name="accounts.review_applications", queueing_lock="accounts.review_applications")
def review_applications(timestamp: int) -> None:
    applications_review()
    approvals_expire()
    for organisation in organisations():
        number = requests_waiting(organisation=organisation).count()
        for account in deciders(organisation=organisation) if number else ():
            send_waiting.defer(login=account.login, number=number)


@app.task(name="accounts.send_waiting", retry=RETRY)
def send_waiting(*, login: str, number: int) -> None:
    """To those who decide, once a day while something waits."""
    owner = Account.objects.select_related("person__organisation").get(login=login)
    subject = _("Applications de messagerie : demandes en attente")
    send("applications_waiting", subject, login, number=number, page=f"{page(owner)}console/", owner=owner)


@app.task(name="accounts.send_decision", retry=RETRY)
def send_decision(*, request_id: int) -> None:
    row = ApplicationRequest.objects.select_related("account__person__organisation").get(pk=request_id)
    approved = row.state == ApplicationRequest.State.APPROVED
    subject = _("Votre application est acceptée") if approved else _("Votre application est refusée")
    owner = row.account
    send("application_decision", subject, owner.login, row=row, approved=approved, page=page(owner), owner=owner)


@app.task(name="accounts.send_dormant", retry=RETRY)
def send_dormant(*, account_id: int) -> None:
    account = Account.objects.select_related("person__organisation").get(pk=account_id)
    rows = list(dormant().filter(account=account))
    if rows:
        subject = _("Une application de messagerie ne sert plus")
        context = {"rows": rows, "limits": settings.CONFIG.accounts, "page": page(account)}
        send("applications_dormant", subject, account.login, owner=account, **context)


@app.task(name="accounts.send_revoked", retry=RETRY)
def send_revoked(*, app_password_id: int) -> None:
    row = AppPassword.objects.select_related("account__person__organisation").get(pk=app_password_id)
    owner = row.account
    subject = _("Une application n'ouvre plus votre boîte")
    send("application_revoked", subject, owner.login, row=row, page=page(owner), owner=owner)
