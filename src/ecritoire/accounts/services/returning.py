"""What is forgotten when an account is purged, and how somebody who comes back begins afresh."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.db import transaction

from ecritoire.accounts.models import Account

ROWS = (
    "alerts",
    "app_passwords",
    "application_requests",
    "codes",
    "end_reminders",
    "former_passwords",
    "identity_proofs",
    "intrusions",
    "networks",
    "passkeys",
    "password_reminders",
    "recovery_changes",
    "recovery_codes",
    "role_grants",
    "secret_questions",
    "sessions",
    "trusted_devices",
    "vouchings",
)
ROW = ("absence", "family_contact", "recovery_address", "sign_in_profile", "totp")


def personal_data_forget(*, account: Account) -> dict[str, int]:
    """Erase what opened the account or told of its owner; returns how many rows of each kind went.

    What remains are the identity, the addresses (never given again) and the steps of its life; sign-ins keep their own twelve months
    (``history_purge``), the journal its own rules.
    """
    gone: dict[str, int] = {}
    with transaction.atomic():
        for name in ROWS:
            _count(gone, name, getattr(account, name).all().delete()[0])
        for name in ROW:
            row = getattr(account, name, None)
            _count(gone, name, row.delete()[0] if row else 0)
        _blank(account)
    return gone


def _count(gone: dict[str, int], name: str, number: int) -> None:
    if number:
        gone[name] = number


def _blank(account: Account) -> None:
    account.password = make_password(None)
    account.temporary_password_issued_at = account.temporary_password_expires_at = None
    account.details_confirmed_at = account.memo_read_at = account.activated_at = account.password_changed_at = None
    account.last_login = None
    account.save()


def account_renew_whole(*, account: Account) -> None:
    """After a purge: the same addresses, another mailbox, and the activation path from its beginning."""
    personal_data_forget(account=account)  # nothing is left since the purge; a row made meanwhile opens nothing
    account.generation += 1
    account.save(update_fields=["generation"])
