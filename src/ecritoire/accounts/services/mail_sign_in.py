"""Sign-in of mail applications: an app password, never the main one.

A success reads once, a second time when the person failed lately, and writes at most once in ten minutes; the secret
itself is a hash look-up.

The main password is never compared here: that would make the proxy a place to guess it, at the price of an Argon2 for each
try. What is typed and has not even the shape of our secrets can open nothing; it is recorded as such, so that its owner
reads why, and it locks nobody out.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from ecritoire.accounts.models import AppPassword, SignInEvent
from ecritoire.accounts.tokens import token_issue

from .app_passwords import looks_like_secret, secret_hash
from .history import sign_in_record
from .limits import MAIL, locked_until
from .mail_facts import MailFacts, mail_facts
from .sign_in import login_normalise

QUIET = dt.timedelta(minutes=10)
Result = SignInEvent.Result
MISTAKES = {Result.NOT_A_SECRET, Result.OUT_OF_SCOPE, Result.REVOKED_SECRET}


@dataclass(frozen=True)
class MailSignIn:
    """``store_id``, ``token`` and ``sender`` are empty unless ``result`` is a success.

    ``sender`` is how Postfix knows the sign-in: it names the secret, so that a revoked one is refused at the next message.
    """

    result: SignInEvent.Result
    login: str
    store_id: str = ""
    token: str = ""
    sender: str = ""

    @property
    def ok(self) -> bool:
        return self.result == Result.SUCCESS


def mail_sign_in(*, login: str, secret: str, protocol: SignInEvent.Protocol, address: str) -> MailSignIn:
    """Check one attempt of a mail application and record it. The same answer for known and unknown names."""
    login = login_normalise(login)
    facts = mail_facts(login=login, secret_hash=secret_hash(secret), protocol=protocol, address=address, quiet=QUIET)
    login = facts.login
    result = _result(facts, login, secret, address)
    if result == Result.SUCCESS and facts.account and facts.app_password:
        if not facts.noted:
            _note_use(facts, login, protocol, address)
        account, sender = facts.account, f"{facts.app_password.pk}/{login}"
        return MailSignIn(result, login, account.store_id, token_issue(account.store_id), sender)
    if result not in MISTAKES or not _said_lately(login, address, protocol, result):
        _record(facts, login, protocol, result, address)
    return MailSignIn(result, login)


def _result(facts: MailFacts, login: str, secret: str, address: str) -> SignInEvent.Result:
    """Nobody is locked who has not failed since yesterday, so that a telephone's daily bread costs one query."""
    account, row = facts.account, facts.app_password
    if facts.failed and locked_until(login=login, address=address, protocols=MAIL):
        return Result.LOCKED
    if account is None:
        return Result.UNKNOWN_LOGIN
    if row is None:
        return Result.WRONG_PASSWORD if looks_like_secret(secret) else Result.NOT_A_SECRET
    if not account.is_activated:
        return Result.NOT_ACTIVATED if account.is_active else Result.INACTIVE
    if row.revoked_at:
        return Result.REVOKED_SECRET
    return Result.SUCCESS if facts.in_scope else Result.OUT_OF_SCOPE


def _said_lately(login: str, address: str, protocol: SignInEvent.Protocol, result: SignInEvent.Result) -> bool:
    """A telephone that keeps trying the same mistake leaves one line in ten minutes."""
    since = timezone.now() - QUIET
    lately = SignInEvent.objects.filter(login=login, address=address or None, at__gt=since)
    return lately.filter(protocol=protocol, result=result).exists()


def _note_use(facts: MailFacts, login: str, protocol: SignInEvent.Protocol, address: str) -> None:
    """A telephone that asks every minute leaves one line in ten minutes, not six hundred a day."""
    used = AppPassword.objects.filter(pk=facts.app_password.pk) if facts.app_password else AppPassword.objects.none()
    used.update(
        last_used_at=timezone.now(),
        last_used_protocol=protocol,
        last_used_address=address or None,
        dormant_told_at=None,
    )
    _record(facts, login, protocol, Result.SUCCESS, address)


def _record(
    facts: MailFacts, login: str, protocol: SignInEvent.Protocol, result: SignInEvent.Result, address: str
) -> None:
    sign_in_record(
        login=login,
        account=facts.account,
        protocol=protocol,
        result=result,
        address=address,
        application=facts.app_password.name if facts.app_password else "application",
    )
