"""The second stage of a sign-in. Until it is passed the session knows who showed a right password, and opens nothing."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import login as django_login
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from ecritoire.accounts import sessions
from ecritoire.accounts.factors import Level, factors_of, rule_for
from ecritoire.accounts.models import Account, RecoveryCode, SignInEvent
from ecritoire.common.requests import client_address

from .history import sign_in_record
from .limits import locked_until
from .passkeys import PasskeyRefused, State, passkey_named, passkey_verify, relying_host
from .recovery_codes import recovery_code_use
from .totp import CodeCheck, totp_use
from .trusted_devices import device_is_trusted

STAGE, MUST_ENROL, METHODS = "second_factor", "must_enrol", "amr"
STAGE_SECONDS = 10 * 60
CODE_FAILURES = 20  # a day, from everywhere: whoever fails here knows the password already
DAY = dt.timedelta(days=1)
Result = SignInEvent.Result


@dataclass(frozen=True)
class Stage:
    """A sign-in that waits for its second factor."""

    account: Account
    public_computer: bool
    following: str


@dataclass(frozen=True)
class CodeAttempt:
    """``forced`` asks for new factors once in: the code stood for ones that are lost."""

    check: CodeCheck
    until: dt.datetime | None = None
    forced: bool = False


def second_factor_asked(*, request: HttpRequest, account: Account) -> bool:
    """Whether the password alone is not enough in this browser. Two queries, three with a trusted device's cookie."""
    if not factors_of(account).asked:
        return False
    return not device_is_trusted(request=request, account=account, days=rule_for(account).trusted_days)


def stage_begin(*, request: HttpRequest, account: Account, public_computer: bool, following: str = "") -> None:
    request.session.cycle_key()
    request.session[STAGE] = {
        "account": account.pk,
        "at": time.time(),
        "mark": account.get_session_auth_hash(),
        "public": public_computer,
        "following": following,
    }


def stage_of(request: HttpRequest) -> Stage | None:
    """The sign-in under way; None when there is none, when it is old, or when the password has changed since."""
    kept = request.session.get(STAGE)
    if not kept or time.time() - kept["at"] > STAGE_SECONDS:
        return None
    account = Account.objects.select_related("person").filter(pk=kept["account"]).first()
    if account is None or not account.is_active:
        return None
    if not constant_time_compare(kept["mark"], account.get_session_auth_hash()):
        return None
    return Stage(account, kept["public"], kept["following"])


def codes_locked_until(*, account: Account, address: str) -> dt.datetime | None:
    """When the next code may be tried: the person's own delays, and a limit on codes over all addresses."""
    failures = SignInEvent.objects.filter(account=account, result=Result.WRONG_CODE, at__gt=timezone.now() - DAY)
    recent = list(failures.order_by("-id").values_list("at", flat=True)[:CODE_FAILURES])
    if len(recent) >= CODE_FAILURES:
        return recent[-1] + DAY
    return locked_until(login=account.login, address=address)


def code_try(*, request: HttpRequest, stage: Stage, code: str, recovery: bool) -> CodeAttempt:
    """Try a code of the application, or a recovery one. Failures are recorded and slow the next tries down."""
    account = stage.account
    until = codes_locked_until(account=account, address=client_address(request))
    if until:
        attempt_record(request, account, Result.LOCKED)
        return CodeAttempt(CodeCheck.WRONG, until)
    if recovery:
        kind = recovery_code_use(account=account, code=code)
        attempt = CodeAttempt(CodeCheck.RIGHT if kind else CodeCheck.WRONG, forced=kind == RecoveryCode.Kind.ENTRY)
    else:
        attempt = CodeAttempt(totp_use(account=account, code=code))
    if attempt.check != CodeCheck.RIGHT:
        attempt_record(request, account, Result.WRONG_CODE)
    return attempt


def passkey_try(*, request: HttpRequest, account: Account | None, state: State, answer: str) -> Account | None:
    """Whose key answered, when the answer holds; of ``account`` only, if one is given."""
    passkey = passkey_named(answer)
    if passkey is None or (account and passkey.account_id != account.pk):
        attempt_record(request, account, Result.WRONG_CODE if account else Result.UNKNOWN_LOGIN)
        return None
    owner = passkey.account
    try:
        passkey_verify(passkey=passkey, state=state, answer=answer, host=relying_host(request))
    except PasskeyRefused:
        attempt_record(request, owner, Result.WRONG_CODE)
        return None
    if not owner.is_active:
        attempt_record(request, owner, Result.INACTIVE)
        return None
    return owner


def session_open(
    *,
    request: HttpRequest,
    account: Account,
    public_computer: bool,
    methods: list[str],
    forced: bool = False,
    provider: str = "",
) -> None:
    """Sign ``account`` in: every proof asked for has been given. The one place where a session gets its owner.

    ``methods`` are RFC 8176 names, for the services that want to know; ``provider`` is who recognised the person elsewhere.
    """
    attempt_record(request, account, Result.SUCCESS, provider)
    request.session.pop(STAGE, None)
    django_login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
    idle = sessions.PUBLIC_IDLE_SECONDS if public_computer else settings.SESSION_IDLE_SECONDS
    sessions.begin(request, idle_seconds=idle, public=public_computer)
    request.session[METHODS] = methods
    request.session[MUST_ENROL] = _must_enrol(account, forced=forced)


def attempt_record(
    request: HttpRequest, account: Account | None, result: SignInEvent.Result, provider: str = ""
) -> None:
    browser = request.headers.get("User-Agent", "")
    sign_in_record(
        login=account.login if account else "",
        account=account,
        protocol=SignInEvent.Protocol.WEB,
        result=result,
        address=client_address(request),
        application=f"{provider}, {browser}" if provider else browser,
        user_agent=browser,
    )


def _must_enrol(account: Account, *, forced: bool) -> bool:
    if factors_of(account).any:
        return False
    level = rule_for(account).level
    return level == Level.REQUIRED or (forced and level != Level.OFF)
