"""Jobs about mail applications: the daily review, and what their owners are told."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from ecritoire.accounts.models import Account, ApplicationRequest, AppPassword
from ecritoire.accounts.selectors.applications import deciders, requests_waiting
from ecritoire.accounts.services.applications import approvals_expire
from ecritoire.accounts.services.dormancy import applications_review, dormant

from .mail import RETRY, send


def page() -> str:
    return f"{settings.CONFIG.base_url}/compte/applications/"


@app.periodic(cron="17 4 * * *")
@app.task(name="accounts.review_applications", queueing_lock="accounts.review_applications")
def review_applications(timestamp: int) -> None:
    applications_review()
    approvals_expire()
    number = requests_waiting().count()
    for account in deciders() if number else ():
        send_waiting.defer(login=account.login, number=number)


@app.task(name="accounts.send_waiting", retry=RETRY)
def send_waiting(*, login: str, number: int) -> None:
    """To those who decide, once a day while something waits."""
    subject = _("Applications de messagerie : demandes en attente")
    send("applications_waiting", subject, login, number=number, page=f"{page()}console/")


@app.task(name="accounts.send_decision", retry=RETRY)
def send_decision(*, request_id: int) -> None:
    row = ApplicationRequest.objects.select_related("account__person").get(pk=request_id)
    approved = row.state == ApplicationRequest.State.APPROVED
    subject = _("Votre application est acceptée") if approved else _("Votre application est refusée")
    send("application_decision", subject, row.account.login, row=row, approved=approved, page=page())


@app.task(name="accounts.send_dormant", retry=RETRY)
def send_dormant(*, account_id: int) -> None:
    account = Account.objects.select_related("person").get(pk=account_id)
    rows = list(dormant().filter(account=account))
    if rows:
        subject = _("Une application de messagerie ne sert plus")
        send("applications_dormant", subject, account.login, rows=rows, limits=settings.CONFIG.accounts, page=page())


@app.task(name="accounts.send_revoked", retry=RETRY)
def send_revoked(*, app_password_id: int) -> None:
    row = AppPassword.objects.select_related("account__person").get(pk=app_password_id)
    send("application_revoked", _("Une application n'ouvre plus votre boîte"), row.account.login, row=row, page=page())
