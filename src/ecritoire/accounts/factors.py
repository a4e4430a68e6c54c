"""What a person has beside the password, and what is asked of them. Reads only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, Q
from django.utils import timezone

from .models import AccessPolicy, Account, RecoveryCode
from .policies import ORDINARY, policies_for
from .services.probe import EMPLOYEE_NUMBER

FEW_CODES = 3
Setting = AccessPolicy.SecondFactor


@dataclass(frozen=True)
class Factors:
    """``codes`` counts printed recovery codes; ``entry`` is true between the removal of lost factors and the way back in."""

    totp: bool
    passkeys: int
    codes: int
    entry: bool

    @property
    def any(self) -> bool:
        """Whether something real is enrolled; recovery codes only stand in for it."""
        return self.totp or self.passkeys > 0

    @property
    def asked(self) -> bool:
        """Whether the password alone opens nothing."""
        return self.any or self.entry

    @property
    def few_codes(self) -> bool:
        return self.any and self.codes <= FEW_CODES


def factors_of(account: Account) -> Factors:
    """One query."""
    printed = Q(recovery_codes__kind=RecoveryCode.Kind.PRINTED)
    entry = Q(recovery_codes__kind=RecoveryCode.Kind.ENTRY)
    counts = Account.objects.filter(pk=account.pk).aggregate(
        totp=Count("totp", distinct=True),
        passkeys=Count("passkeys", distinct=True),
        codes=Count("recovery_codes", filter=printed, distinct=True),
        entry=Count("recovery_codes", filter=entry, distinct=True),
    )
    return Factors(bool(counts["totp"]), counts["passkeys"], counts["codes"], bool(counts["entry"]))


class Level(StrEnum):
    OFF = "off"
    OFFERED = "offered"
    ANNOUNCED = "announced"
    REQUIRED = "required"


@dataclass(frozen=True)
class Rule:
    """``since`` is the date an ANNOUNCED requirement begins to hold; ``trusted_days`` of 0 is no trusted device."""

    level: Level
    since: dt.date | None
    trusted_days: int


def rule_for(account: Account) -> Rule:
    """The strictest of the account's policies, today.

    The self-check's account is asked for nothing: it belongs to nobody and its password is 256 random bits.
    """
    if account.person.employee_number == EMPLOYEE_NUMBER:
        return Rule(Level.OFF, None, 0)
    policies = policies_for(account)
    days = min(policy.trusted_days for policy in policies)
    dates = [_since(policy) for policy in policies if policy.second_factor in {Setting.REQUIRED, Setting.ALWAYS}]
    today = timezone.localdate()
    if any(date <= today for date in dates):
        return Rule(Level.REQUIRED, None, days)
    if dates:
        return Rule(Level.ANNOUNCED, min(dates), days)
    offered = any(policy.second_factor == Setting.OFFERED for policy in policies)
    return Rule(Level.OFFERED if offered else Level.OFF, None, days)


def _since(policy: AccessPolicy) -> dt.date:
    """ALWAYS, and REQUIRED without a date, hold already."""
    later = policy.second_factor_from if policy.second_factor == Setting.REQUIRED else None
    return later or dt.date.min


def is_privileged(account: Account) -> bool:
    return bool(account.roles - ORDINARY)
