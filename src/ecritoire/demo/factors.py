"""A second factor for the demonstration's privileged people, whose secret is printed beside their password."""

from __future__ import annotations

import json

import pyotp

from ecritoire.accounts.factors import is_privileged
from ecritoire.accounts.models import Account, TotpFactor
from ecritoire.accounts.selectors import account_by_login
from ecritoire.accounts.services.factor_keys import seal

from .printed import people_file, people_print


def totp_ensure(*, account: Account) -> str:
    """The secret of ``account``'s authenticator application; empty for people of whom none is asked."""
    if not is_privileged(account):
        return ""
    secret = pyotp.random_base32()
    TotpFactor.objects.update_or_create(account=account, defaults={"secret": seal(secret), "last_step": 0})
    return secret


def factors_complete() -> None:
    """For a demonstration loaded before second factors were asked for."""
    entries = json.loads(people_file().read_text())
    if all("totp_secret" in entry for entry in entries):
        return
    for entry in entries:
        active = entry["state"] == "activated"
        entry["totp_secret"] = totp_ensure(account=account_by_login(entry["sign_in"])) if active else ""
    people_print(entries)
