"""Jobs on archives; each may run twice without harm."""

from __future__ import annotations

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from ecritoire.directory.organisations import organisation_of_person
from ecritoire.mailstore.models import Export

RETRY = RetryStrategy(max_attempts=10, exponential_wait=3)


@app.task(name="mailstore.exports_make")
def exports_make_job() -> None:
    from .services import exports_make

    exports_make()


@app.periodic(cron="* * * * *")
@app.task(name="mailstore.exports_tend", queueing_lock="mailstore.exports_tend")
def exports_tend_job(timestamp: int) -> None:
    from .services import exports_tend

    exports_tend()


@app.task(name="mailstore.export_asked", retry=RETRY)
def send_asked(*, export_id: int) -> None:
    """An export is what a thief does first: told to the mailbox and to the alternate address, a job each."""
    account = _export(export_id).account
    for address in {account.login, account.verified_address or account.login}:
        send_asked_to.defer(export_id=export_id, address=address)


@app.task(name="mailstore.export_asked_to", retry=RETRY)
def send_asked_to(*, export_id: int, address: str) -> None:
    export = _export(export_id)
    _send("asked", _("Un export de vos données est demandé"), export, address, "portal:intrusion")


@app.task(name="mailstore.export_ready", retry=RETRY)
def send_ready(*, export_id: int) -> None:
    """To whoever asked for it."""
    export = _export(export_id)
    if export.requested_by:
        _send("ready_for", _("L'export demandé est prêt"), export, export.requested_by.login, "exports:console")
    else:
        _send("ready", _("Votre export est prêt"), export, export.account.login, "exports:index")


def _export(pk: int) -> Export:
    related = ("account__person", "account__recovery_address", "requested_by__person")
    return Export.objects.select_related(*related).get(pk=pk)


def _send(template: str, subject: str, export: Export, address: str, page: str) -> None:
    """In the name of the owner's académie, whose pages the message leads to."""
    here = organisation_of_person(export.account.person)
    context = {"export": export, "page": here.base_url + reverse(page), "site_name": here.name}
    send_mail(subject, render_to_string(f"mailstore/mail/export_{template}.txt", context), here.sender, [address])
