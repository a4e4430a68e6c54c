"""Two channels for two halves: identifiers go to the school, the temporary password to the person."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ecritoire.accounts.letters_pdf import Letter, identifiers_pdf, passwords_pdf
from ecritoire.accounts.models import Account, IdentityProof, Lockout
from ecritoire.common.services import Actor, audit_record

from .access import access_revoke
from .lockouts import lockouts_end

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that reads like something else; 31 signs
GROUPS, GROUP_LENGTH = 4, 4  # 16 signs: 79 bits
BATCH_LIMIT = 200


class LetterKind(StrEnum):
    IDENTIFIERS = "identifiers"
    PASSWORDS = "passwords"


class LettersRefused(Exception):
    """The batch cannot be made; the message says why, in French."""


def temporary_password_make() -> str:
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


def temporary_password_set(*, account: Account) -> str:
    """Give ``account`` a fresh temporary password and return it: it is kept nowhere else in clear."""
    password = temporary_password_make()
    account.set_password(password)
    account.temporary_password_issued_at = timezone.now()
    account.temporary_password_expires_at = timezone.now() + dt.timedelta(days=settings.TEMPORARY_PASSWORD_DAYS)
    fields = ["password", "temporary_password_issued_at", "temporary_password_expires_at"]
    account.save(update_fields=fields)
    return password


def letters_make(*, accounts: Sequence[Account], kind: LetterKind, acting_user: Actor | None) -> bytes:
    """A PDF of letters. Passwords are made anew for it: those of an earlier batch no longer work.

    Raises LettersRefused for an empty or too large batch, or an account already activated.
    """
    if not accounts:
        raise LettersRefused(_("Aucun compte à activer dans cette sélection."))
    if len(accounts) > BATCH_LIMIT:
        raise LettersRefused(
            _("%(count)s lettres demandées : %(limit)s au plus à la fois, choisissez un établissement.")
            % {"count": len(accounts), "limit": BATCH_LIMIT}
        )
    if any(account.is_activated for account in accounts):
        raise LettersRefused(_("Un compte activé ne reçoit plus de lettre : réinitialisez son mot de passe."))
    with transaction.atomic():
        secret = kind is LetterKind.PASSWORDS
        letters = [_letter(account, temporary_password_set(account=account) if secret else "") for account in accounts]
        logins = [account.login for account in accounts]
        audit_record(acting_user=acting_user, action=f"letter.{kind}", target=f"{len(logins)} comptes", logins=logins)
    return passwords_pdf(letters) if secret else identifiers_pdf(letters)


def temporary_password_reset(
    *, account: Account, kind: str, seen_by: str, note: str, channel: str, acting_user: Account
) -> bytes | None:
    """For someone who cannot get in alone and whose identity was proved: every session and secret ends, and a temporary
    password goes out, by the letter returned or to the private address HR knows. The second factor stays as it is."""
    from ecritoire.accounts.tasks import send_password_again, send_password_changed

    with transaction.atomic():
        proof = IdentityProof.objects.create(
            account=account, kind=kind, seen_by=seen_by, note=note, channel=channel, recorded_by=acting_user
        )
        letter = _letter(account, temporary_password_set(account=account))
        access_revoke(account=account, acting_user=acting_user, reason="password.temporary")
        lockouts_end(login=account.login, end=Lockout.End.RESET)
        detail: dict[str, Any] = {"proof": proof.pk, "kind": kind, "seen_by": seen_by, "channel": channel}
        audit_record(acting_user=acting_user, action="password.temporary", target=account.login, **detail)
        send_password_changed.defer(account_id=account.pk)
        if channel == IdentityProof.Channel.MAIL:
            send_password_again.defer(account_id=account.pk)
            return None
    return passwords_pdf([letter])


def temporary_password_mail(*, accounts: Sequence[Account], acting_user: Actor | None) -> int:
    """The same by e-mail to the private address HR knows; returns how many have one."""
    from ecritoire.accounts.tasks import send_temporary_password

    reachable = [account for account in accounts if account.person.private_email and not account.is_activated]
    with transaction.atomic():
        for account in reachable:
            send_temporary_password.defer(account_id=account.pk)
        logins = [account.login for account in reachable]
        audit_record(acting_user=acting_user, action="letter.mail", target=f"{len(logins)} comptes", logins=logins)
    return len(reachable)


def _letter(account: Account, password: str) -> Letter:
    person = account.person
    assignment = next(iter(person.assignments.all()), None)
    expires_at = account.temporary_password_expires_at
    return Letter(
        name=f"{person.get_title_display()} {person}".strip(),
        login=account.login,
        password=password,
        expires_on=timezone.localdate(expires_at) if expires_at else None,
        structure=str(assignment.structure) if assignment else person.organisation.name,
        city=assignment.structure.city if assignment else "",
        sender=person.organisation.name,
        sender_address=person.organisation.dsi_address,
        url=f"{person.organisation.base_url}/",
    )
