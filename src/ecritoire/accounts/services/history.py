from __future__ import annotations

import datetime as dt

from django.utils import timezone

from ecritoire.accounts.models import Account, NetworkUse, RecoveryChange, SignInAlert, SignInEvent, SprayEpisode
from ecritoire.accounts.places import country_of, device_family

from .lockouts import lockout_follow

MONTHS_KEPT = dt.timedelta(days=365)
BATCH = 10_000
BROWSER = {SignInEvent.Protocol.WEB, SignInEvent.Protocol.SSO}


def sign_in_record(
    *,
    login: str,
    account: Account | None,
    protocol: SignInEvent.Protocol,
    result: SignInEvent.Result,
    address: str,
    application: str,
    user_agent: str = "",
) -> SignInEvent:
    """Note one attempt, successful or not, on any protocol, and the lockout it may lead to. ``application`` is the user agent on the web, the app
    password's name in mail, the service's name in single sign-on.

    A success is looked at by a job, out of the sign-in's way; failures are looked at together, every minute.
    """
    from ecritoire.accounts.tasks.alerts import assess_sign_in

    succeeded = result == SignInEvent.Result.SUCCESS
    browser = user_agent or (application if protocol == SignInEvent.Protocol.WEB else "")
    event = SignInEvent.objects.create(
        login=login[:254],
        account=account,
        protocol=protocol,
        result=result,
        address=address or None,
        application=application[:300],
        country=country_of(address),
        device=device_family(browser) if protocol in BROWSER else application[:60] if succeeded else "",
    )
    lockout_follow(event)
    if succeeded and account is not None:
        assess_sign_in.defer(event_id=event.pk)
    return event


def history_purge(*, older_than: dt.timedelta = MONTHS_KEPT) -> int:
    """Forget sign-ins after twelve months (CNIL 2021-122), in batches that keep no lock long, and what was drawn from
    them; returns how many sign-ins."""
    limit, purged = timezone.now() - older_than, 0
    while rows := list(SignInEvent.objects.filter(at__lt=limit).order_by("at").values_list("pk", flat=True)[:BATCH]):
        purged += SignInEvent.objects.filter(pk__in=rows).delete()[0]
    NetworkUse.objects.filter(last_seen_at__lt=limit).delete()
    SignInAlert.objects.filter(last_at__lt=limit).delete()
    SprayEpisode.objects.filter(last_at__lt=limit).delete()
    RecoveryChange.objects.filter(created_at__lt=limit).delete()
    return purged
