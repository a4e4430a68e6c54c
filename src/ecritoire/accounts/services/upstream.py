"""Opening a session for somebody whom the upstream identity provider has recognised."""

from __future__ import annotations

from django.http import HttpRequest

from ecritoire.accounts.models import Account

from .second_factor import second_factor_asked, session_open, stage_begin

FACTORS = {"mfa", "otp", "hwk", "swk", "sc", "pop", "fpt", "face"}


def sign_in_upstream(
    *, request: HttpRequest, account: Account, provider: str, amr: list[str], following: str = ""
) -> bool:
    """Whether the person is in; False when the second factor of this house is asked for.

    ``amr`` is what the provider says of how the person signed in there (RFC 8176); only what speaks of a factor is kept.
    """
    factors = sorted(FACTORS & {str(method) for method in amr})
    if not factors and second_factor_asked(request=request, account=account):
        stage_begin(request=request, account=account, public_computer=False, following=following)
        return False
    session_open(request=request, account=account, public_computer=False, methods=["pwd", *factors], provider=provider)
    return True
