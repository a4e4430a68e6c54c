"""The account of the self-check: an ordinary one, that belongs to nobody."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ecritoire.accounts.models import Account, AppPassword
from ecritoire.directory.services import service_person_ensure

from .app_passwords import secret_hash

EMPLOYEE_NUMBER = "SONDE"


def probe_ensure() -> Account:
    """Make the probe's person, account and secrets once; again: nothing changes."""
    with transaction.atomic():
        person = service_person_ensure(employee_number=EMPLOYEE_NUMBER, given_name="Sonde", family_name="Écritoire")
        account = Account.objects.filter(person=person).first() or _make(person.pk)
        hashed = secret_hash(settings.CONFIG.secret("probe-app-password"))
        AppPassword.objects.get_or_create(
            secret_hash=hashed, defaults={"account": account, "name": "Contrôle automatique"}
        )
    return account


def _make(person_id: int) -> Account:
    now = timezone.now()
    account = Account(
        person_id=person_id,
        login=f"sonde.ecritoire@{settings.MAIL_DOMAIN}",
        state=Account.State.ACTIVATED,
        details_confirmed_at=now,
        memo_read_at=now,
        activated_at=now,
    )
    account.set_password(settings.CONFIG.secret("probe-password"))
    account.save()
    return account
