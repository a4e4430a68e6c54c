"""Mail about second factors, to the alternate address or to the local contact."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app

from ecritoire.accounts.models import Account, OneTimeCode
from ecritoire.accounts.services.codes import MINUTES, code_make

from .mail import RETRY, send

CHANGES = {
    "totp_added": gettext_lazy("Une application d'authentification vient d'être ajoutée à votre compte."),
    "totp_removed": gettext_lazy("L'application d'authentification vient d'être retirée de votre compte."),
    "passkey_added": gettext_lazy("Une clé d'accès vient d'être ajoutée à votre compte."),
    "passkey_removed": gettext_lazy("Une clé d'accès vient d'être retirée de votre compte."),
    "codes_made": gettext_lazy("De nouveaux codes de secours viennent d'être créés ; les précédents ne valent plus."),
    "lost_address": gettext_lazy(
        "Vos moyens de double authentification viennent d'être retirés, avec un code reçu à cette adresse."
    ),
    "appointment": gettext_lazy(
        "Quelqu'un qui connaît votre mot de passe dit avoir perdu votre second facteur et demande un rendez-vous."
    ),
    "reset": gettext_lazy(
        "Vos moyens de double authentification viennent d'être retirés, après vérification de votre identité par deux personnes."
    ),
    "refused": gettext_lazy("La demande de retrait de vos moyens de double authentification a été refusée."),
}


@app.task(name="accounts.send_factor_changed", retry=RETRY)
def send_factor_changed(*, account_id: int, change: str) -> None:
    """To the alternate address; to the mailbox of somebody who has none."""
    account = _account(account_id)
    address = account.verified_address or account.login
    subject = _("Double authentification : un changement")
    send("factor_changed", subject, address, change=CHANGES[change], owner=account)


@app.task(name="accounts.send_lost_factor_code", retry=RETRY)
def send_lost_factor_code(*, account_id: int) -> None:
    account = _account(account_id)
    if account.verified_address:
        code = code_make(account=account, purpose=OneTimeCode.Purpose.LOST_FACTOR)
        subject = _("Votre code pour entrer sans votre téléphone")
        send("lost_factor_code", subject, account.verified_address, code=code, minutes=MINUTES, owner=account)


@app.task(name="accounts.send_appointment", retry=RETRY)
def send_appointment(*, contact_id: int, account_id: int) -> None:
    contact = Account.objects.select_related("person").get(pk=contact_id)
    context = {"contact": contact, "account": _account(account_id)}
    send("appointment", _("Un collègue a perdu son second facteur"), contact.login, owner=contact, **context)


def _account(pk: int) -> Account:
    return Account.objects.select_related("person", "recovery_address").get(pk=pk)
