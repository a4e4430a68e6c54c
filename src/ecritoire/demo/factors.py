"""Second factors of the demonstration's privileged people, printed beside their password."""

from __future__ import annotations

import json

import pyotp

from ecritoire.accounts.factors import is_privileged
from ecritoire.accounts.models import Account, TotpFactor
from ecritoire.accounts.selectors import account_by_login
from ecritoire.accounts.services.factor_keys import seal
from ecritoire.accounts.services.recovery_codes import printed_codes_replace

from .printed import people_file, people_print

NONE = {"totp_secret": "", "recovery_codes": ""}


def factors_make(*, account: Account) -> dict[str, str]:
    """The secret of ``account``'s authenticator application and its recovery codes; empty for people of whom none is asked."""
    if not is_privileged(account):
        return NONE
    secret = pyotp.random_base32()
    TotpFactor.objects.update_or_create(account=account, defaults={"secret": seal(secret), "last_step": 0})
    return {"totp_secret": secret, "recovery_codes": " ".join(printed_codes_replace(account=account))}


def factors_complete() -> None:
    """For a demonstration loaded before second factors were asked for."""
    entries = json.loads(people_file().read_text())
    if all(entry.keys() >= NONE.keys() for entry in entries):
        return
    for entry in entries:
        active = entry["state"] == "activated"
        entry.update(factors_make(account=account_by_login(entry["sign_in"])) if active else NONE)
    people_print(entries)
