"""Sign-in of mail applications: an app password, never the main one.

A success reads three rows (failures, account, secret) and writes at most one a minute; the secret itself is a hash
look-up, so thousands of sign-ins a second are within reach.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from ecritoire.accounts.models import Account, AppPassword, SignInEvent
from ecritoire.accounts.tokens import token_issue

from .app_passwords import secret_hash
from .history import sign_in_record
from .limits import locked_until
from .sign_in import login_normalise

QUIET = dt.timedelta(minutes=10)
Result = SignInEvent.Result


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
    """Check one attempt of a mail application and record it. The same work for known and unknown names."""
    login = login_normalise(login)
    app_password = _find(login, secret)
    account = app_password.account if app_password else Account.objects.filter(login=login).first()
    result = _result(account, app_password, login, address)
    if result == Result.SUCCESS and account and app_password:
        _note_use(app_password, protocol, address)
        sender = f"{app_password.pk}/{login}"
        return MailSignIn(result, login, account.store_id, token_issue(account.store_id), sender)
    sign_in_record(
        login=login, account=account, protocol=protocol, result=result, address=address, application="application"
    )
    return MailSignIn(result, login)


def _find(login: str, secret: str) -> AppPassword | None:
    rows = AppPassword.objects.filter(secret_hash=secret_hash(secret), account__login=login, revoked_at__isnull=True)
    return rows.select_related("account").first()


def _result(account: Account | None, app_password: AppPassword | None, login: str, address: str) -> SignInEvent.Result:
    if locked_until(login=login, address=address):
        return Result.LOCKED
    if account is None:
        return Result.UNKNOWN_LOGIN
    if app_password is None:
        return Result.WRONG_PASSWORD
    if account.is_activated:
        return Result.SUCCESS
    return Result.NOT_ACTIVATED if account.is_active else Result.INACTIVE


def _note_use(app_password: AppPassword, protocol: SignInEvent.Protocol, address: str) -> None:
    """A telephone that asks every minute leaves one line in ten minutes, not six hundred a day."""
    now = timezone.now()
    same = (app_password.last_used_protocol, app_password.last_used_address) == (protocol, address or None)
    if same and app_password.last_used_at and now - app_password.last_used_at < QUIET:
        return
    app_password.last_used_at = now
    app_password.last_used_protocol, app_password.last_used_address = protocol, address or None
    app_password.save(update_fields=["last_used_at", "last_used_protocol", "last_used_address"])
    sign_in_record(
        login=app_password.account.login,
        account=app_password.account,
        protocol=protocol,
        result=Result.SUCCESS,
        address=address,
        application=app_password.name,
    )
