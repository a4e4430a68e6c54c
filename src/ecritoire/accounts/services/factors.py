"""Taking factors away, and telling their owner about any change."""

from __future__ import annotations

from django.db import transaction

from ecritoire.accounts.factors import Factors, Level, factors_of, rule_for
from ecritoire.accounts.models import Account, Passkey
from ecritoire.common.services import audit_record


class LastFactor(Exception):
    """The rules ask for a second factor: another must be there before the last one goes."""


def factor_announce(*, account: Account, change: str) -> None:
    """Tell the alternate address, in the caller's transaction; ``change`` is a key of ``tasks.factors.CHANGES``."""
    from ecritoire.accounts.tasks.factors import send_factor_changed

    send_factor_changed.defer(account_id=account.pk, change=change)


def totp_remove(*, account: Account) -> None:
    """Raises LastFactor."""
    with transaction.atomic():
        _check_not_last(account)
        account.totp.delete()
        _settle(account, kind="totp", change="totp_removed")


def passkey_remove(*, passkey: Passkey) -> None:
    """Raises LastFactor."""
    account = passkey.account
    with transaction.atomic():
        _check_not_last(account)
        passkey.delete()
        _settle(account, kind="passkey", change="passkey_removed")


def factors_clear(*, account: Account) -> None:
    """Everything beside the password goes; in the caller's transaction, which audits why."""
    account.passkeys.all().delete()
    account.recovery_codes.all().delete()
    account.trusted_devices.all().delete()
    if hasattr(account, "totp"):
        account.totp.delete()


def _check_not_last(account: Account) -> None:
    Account.objects.select_for_update().get(pk=account.pk)
    if _count(factors_of(account)) <= 1 and rule_for(account).level == Level.REQUIRED:
        raise LastFactor


def _settle(account: Account, *, kind: str, change: str) -> None:
    if not factors_of(account).any:  # recovery codes and trusted devices stand in for a factor that is no more
        account.recovery_codes.all().delete()
        account.trusted_devices.all().delete()
    audit_record(acting_user=account, action="factor.remove", target=account.login, kind=kind)
    factor_announce(account=account, change=change)


def _count(factors: Factors) -> int:
    return factors.totp + factors.passkeys
