"""Sign-in of mail applications: an app password, never the main one.

A success reads two rows (failures; secret with its account) and writes at most once in ten minutes; the secret itself is
a hash look-up, so thousands of sign-ins a second are within reach.

The main password is never compared here: that would make the proxy a place to guess it, at the price of an Argon2 for each
try. What is typed and has not even the shape of our secrets can open nothing; it is recorded as such, so that its owner
reads why, and it locks nobody out.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from ecritoire.accounts.models import Account, AppPassword, SignInEvent
from ecritoire.accounts.tokens import token_issue

from .app_passwords import looks_like_secret, secret_hash
from .history import sign_in_record
from .limits import locked_until
from .sign_in import login_normalise

QUIET = dt.timedelta(minutes=10)
Result = SignInEvent.Result
MISTAKES = {Result.NOT_A_SECRET, Result.OUT_OF_SCOPE, Result.REVOKED_SECRET}


@dataclass(frozen=True)
class MailSignIn:
    """``store_id`` and ``token`` are empty unless ``result`` is a success."""

    result: SignInEvent.Result
    login: str
    store_id: str = ""
    token: str = ""

    @property
    def ok(self) -> bool:
        return self.result == Result.SUCCESS


def mail_sign_in(*, login: str, secret: str, protocol: SignInEvent.Protocol, address: str) -> MailSignIn:
    """Check one attempt of a mail application and record it. The same answer for known and unknown names."""
    login = login_normalise(login)
    app_password = _find(login, secret)
    account = app_password.account if app_password else Account.objects.filter(login=login).first()
    if locked_until(login=login, address=address):
        result = Result.LOCKED
    else:
        result = _result(account, app_password, secret, protocol)
    if result == Result.SUCCESS and account and app_password:
        _note_use(app_password, protocol, address)
        return MailSignIn(result, login, account.store_id, token_issue(account.store_id))
    if result not in MISTAKES or not _said_lately(login, address, protocol, result):
        name = app_password.name if app_password else "application"
        sign_in_record(
            login=login, account=account, protocol=protocol, result=result, address=address, application=name
        )
    return MailSignIn(result, login)


def _find(login: str, secret: str) -> AppPassword | None:
    rows = AppPassword.objects.filter(secret_hash=secret_hash(secret), account__login=login)
    return rows.select_related("account").first()


def _result(
    account: Account | None, app_password: AppPassword | None, secret: str, protocol: SignInEvent.Protocol
) -> SignInEvent.Result:
    if account is None:
        return Result.UNKNOWN_LOGIN
    if app_password is None:
        return Result.WRONG_PASSWORD if looks_like_secret(secret) else Result.NOT_A_SECRET
    if not account.is_activated:
        return Result.NOT_ACTIVATED if account.is_active else Result.INACTIVE
    if app_password.revoked_at:
        return Result.REVOKED_SECRET
    return Result.SUCCESS if protocol in app_password.protocols else Result.OUT_OF_SCOPE


def _said_lately(login: str, address: str, protocol: SignInEvent.Protocol, result: SignInEvent.Result) -> bool:
    """A telephone that keeps trying the same mistake leaves one line in ten minutes."""
    since = timezone.now() - QUIET
    lately = SignInEvent.objects.filter(login=login, address=address or None, at__gt=since)
    return lately.filter(protocol=protocol, result=result).exists()


def _note_use(app_password: AppPassword, protocol: SignInEvent.Protocol, address: str) -> None:
    """A telephone that asks every minute leaves one line in ten minutes, not six hundred a day."""
    now = timezone.now()
    same = (app_password.last_used_protocol, app_password.last_used_address) == (protocol, address or None)
    if same and app_password.last_used_at and now - app_password.last_used_at < QUIET:
        return
    app_password.last_used_at, app_password.dormant_told_at = now, None
    app_password.last_used_protocol, app_password.last_used_address = protocol, address or None
    app_password.save(update_fields=["last_used_at", "last_used_protocol", "last_used_address", "dormant_told_at"])
    sign_in_record(
        login=app_password.account.login,
        account=app_password.account,
        protocol=protocol,
        result=Result.SUCCESS,
        address=address,
        application=app_password.name,
    )
