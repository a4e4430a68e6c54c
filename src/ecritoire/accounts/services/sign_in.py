"""Sign-in to the pages: one flow, the same reply and the same work for known and unknown names."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.utils import timezone

from ecritoire.accounts.models import Account, SignInEvent
from ecritoire.common.requests import client_address
from ecritoire.directory.models import EmailAddress

from .history import sign_in_record
from .limits import locked_until, refusal
from .lockouts import lockout_suspect
from .second_factor import second_factor_asked, session_open, stage_begin

Result = SignInEvent.Result


@dataclass(frozen=True)
class Attempt:
    """``until`` is set when the pair (person, address) is locked; ``pending`` when a second factor is asked for."""

    result: SignInEvent.Result
    until: dt.datetime | None = None
    pending: bool = False


def login_normalise(typed: str) -> str:
    """The identifier in full: people leave out the domain, or type capitals."""
    typed = typed.strip().lower()
    return typed if "@" in typed or not typed else f"{typed}@{settings.MAIL_DOMAIN}"


def login_resolve(typed: str) -> str:
    """The identifier in force: an address kept after a change of name leads to the one that replaced it. One query."""
    login = login_normalise(typed)
    former = EmailAddress.objects.filter(address=login, is_primary=False, retired_at__isnull=True)
    return former.values_list("person__account__login", flat=True).first() or login


def sign_in(*, request: HttpRequest, login: str, password: str, public_computer: bool, following: str = "") -> Attempt:
    """Try a password and, when it is right, open a session or ask for the second factor. Every attempt is recorded."""
    login, address = login_resolve(login), client_address(request)
    refused = refusal(login=login, address=address)
    account = Account.objects.filter(login=login).select_related("person").first()
    result = refused.result if refused else _result(account, password)
    if result == Result.SUCCESS and account:
        if second_factor_asked(request=request, account=account):
            stage_begin(request=request, account=account, public_computer=public_computer, following=following)
            return Attempt(result, pending=True)
        session_open(request=request, account=account, public_computer=public_computer, methods=["pwd"])
        return Attempt(result)
    sign_in_record(
        login=login,
        account=account,
        protocol=SignInEvent.Protocol.WEB,
        result=result,
        address=address,
        application=request.headers.get("User-Agent", ""),
    )
    if refused and result == Result.SUSPECTED:
        lockout_suspect(login=login, account=account, address=address, by_name=refused.by_name)
    # The failure that locks says so at once, whoever the name belongs to.
    return Attempt(result, refused.until if refused else locked_until(login=login, address=address))


def _result(account: Account | None, password: str) -> SignInEvent.Result:
    if account is None or not account.has_usable_password():
        make_password(password)  # the same work as a real check, so that time tells nothing
        return Result.UNKNOWN_LOGIN if account is None else Result.WRONG_PASSWORD
    if not account.check_password(password):
        return Result.WRONG_PASSWORD
    if not account.is_active:
        return Result.INACTIVE
    expires_at = account.temporary_password_expires_at
    if expires_at and expires_at < timezone.now():
        return Result.EXPIRED
    return Result.SUCCESS
