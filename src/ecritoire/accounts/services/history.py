from __future__ import annotations

from ecritoire.accounts.models import Account, SignInEvent

from .lockouts import lockout_follow


def sign_in_record(
    *,
    login: str,
    account: Account | None,
    protocol: SignInEvent.Protocol,
    result: SignInEvent.Result,
    address: str,
    application: str,
) -> SignInEvent:
    """Note one attempt, successful or not, on any protocol, and the lockout it may lead to."""
    event = SignInEvent.objects.create(
        login=login[:254],
        account=account,
        protocol=protocol,
        result=result,
        address=address or None,
        application=application[:300],
    )
    lockout_follow(event)
    return event
