"""Alerts about unusual sign-ins: raised by jobs, at most one per episode, answered by their person."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ecritoire.accounts import detection
from ecritoire.accounts.detection import Finding, Kind, Profile, SignIn, World
from ecritoire.accounts.detection.episode import NETWORK_GAP, continues, subjects
from ecritoire.accounts.detection.rules import BURST_WINDOW, is_located
from ecritoire.accounts.models import Account, AlertLink, SignInAlert, SignInEvent, SignInProfile, SprayEpisode
from ecritoire.common.services import audit_record

from .networks import network_note, shared_among

REMEMBERED = 50
LINK_DAYS = 3
Result = SignInEvent.Result
FAILED = (
    Result.WRONG_PASSWORD,
    Result.UNKNOWN_LOGIN,
    Result.WRONG_CODE,
    Result.NOT_A_SECRET,
    Result.SUSPECTED,
    Result.LOCKED,
)


def as_sign_in(event: SignInEvent) -> SignIn:
    return SignIn(
        at=event.at,
        account=event.account_id or 0,
        protocol=event.protocol,
        address=event.address or "",
        country=event.country,
        device=event.device,
        success=event.result == Result.SUCCESS,
        login=event.login,
    )


def event_assess(*, event_id: int) -> SignInAlert | None:
    """Look at one success, once; returns the alert when one was raised or went on."""
    event = SignInEvent.objects.select_related("account").filter(pk=event_id, account__isnull=False).first()
    if event is None or event.account is None:
        return None
    with transaction.atomic():
        row = _profile_locked(event.account)
        if event_id in row.assessed:
            return None
        before, profile, sign_in = json.dumps(row.data), Profile.from_json(row.data), as_sign_in(event)
        findings = detection.assess(profile, sign_in, _world(sign_in))
        row.data = vars(profile)
        if findings or json.dumps(row.data) != before:  # the usual changes nothing, and may be looked at again
            row.assessed = [*row.assessed, event_id][-REMEMBERED:]
            row.save()
        if findings:
            return _raise(event.account, sign_in, findings)
        if sign_in.network:
            network_note(network=sign_in.network, account_id=sign_in.account, at=sign_in.at)
    return None


def _profile_locked(account: Account) -> SignInProfile:
    SignInProfile.objects.get_or_create(account=account)
    return SignInProfile.objects.select_for_update().get(account=account)


def _world(event: SignIn) -> World:
    """Four queries at most: failures, shared networks, spray."""
    rows = SignInEvent.objects.filter(account_id=event.account, at__gt=event.at - BURST_WINDOW, at__lte=event.at)
    failures = [as_sign_in(row) for row in rows.filter(result__in=FAILED).order_by("-id")[:50]]
    networks = {event.network, *(failure.network for failure in failures)}
    shared = shared_among(networks=networks, account_id=event.account, at=event.at)
    return World(
        shared=event.network in shared,
        failures=failures,
        spray=_spray_from(event),
        shared_networks=shared,
    )


def _spray_from(event: SignIn) -> detection.Spray | None:
    since = event.at - detection.spray.WINDOW
    row = SprayEpisode.objects.filter(network=event.network, last_at__gt=since).first() if event.network else None
    return spray_of(row) if row else None


def spray_of(row: SprayEpisode) -> detection.Spray:
    return detection.Spray(row.network, row.first_at, row.last_at, row.logins, row.tries, tuple(row.succeeded))


def _raise(account: Account, event: SignIn, findings: Sequence[Finding]) -> SignInAlert:
    """A new alert and its messages, or one more line in the episode that is already told."""
    from ecritoire.accounts.tasks.alerts import send_alert

    found = subjects(findings, event.network)
    recent = account.alerts.filter(state=SignInAlert.State.OPEN, last_at__gt=event.at - NETWORK_GAP)
    for alert in recent.select_for_update():
        if continues(known=set(alert.subjects), last_at=alert.last_at, found=found, at=event.at):
            alert.last_at = max(alert.last_at, event.at)
            alert.count += 1
            alert.subjects = sorted(set(alert.subjects) | found)
            alert.save(update_fields=["last_at", "count", "subjects", "updated_at"])
            return alert
    alert = SignInAlert.objects.create(
        account=account,
        kind=findings[0].kind,
        findings=[{"kind": f.kind, "subject": f.subject, "facts": f.facts} for f in findings],
        subjects=sorted(found),
        first_at=event.at,
        last_at=event.at,
        protocol=event.protocol,
        address=event.address or None,
        country=event.country,
        device=event.device,
    )
    audit_record(acting_user=None, action="alert.raise", target=account.login, kind=alert.kind)
    send_alert.defer(alert_id=alert.pk)
    return alert


def spray_success(*, row: SprayEpisode, event: SignInEvent) -> SignInAlert | None:
    """A success found inside a spray once the spray is recognised, perhaps after it was taken for ordinary."""
    if event.account is None:
        return None
    with transaction.atomic():
        profile = Profile.from_json(_profile_locked(event.account).data)
        sign_in = as_sign_in(event)
        shared = shared_among(networks=[sign_in.network], account_id=sign_in.account, at=sign_in.at)
        world = World(shared=bool(shared), spray=spray_of(row))
        findings = list(detection.rules.spray_findings(profile, sign_in, world))
        return _raise(event.account, sign_in, findings) if findings else None


def alert_mine(*, alert: SignInAlert, acting_user: Account) -> None:
    """« C'était moi »: the person's profile learns it, and the alert is closed. Again: nothing more happens."""
    with transaction.atomic():
        row = _profile_locked(alert.account)
        alert = SignInAlert.objects.select_for_update().get(pk=alert.pk)
        if alert.state != SignInAlert.State.OPEN:
            return
        profile = Profile.from_json(row.data)
        event = _told_in(alert)
        shared = shared_among(networks=[event.network], account_id=event.account, at=event.at)
        profile.learn(event, located=is_located(event, World(shared=bool(shared))))
        profile.muted_routes += [f["subject"] for f in alert.findings if f["kind"] == Kind.TRAVEL]
        row.data = vars(profile)
        row.save(update_fields=["data"])
        if event.network:
            network_note(network=event.network, account_id=event.account, at=event.at)
        _answer(alert, SignInAlert.State.MINE, acting_user)


def _told_in(alert: SignInAlert) -> SignIn:
    return SignIn(
        at=alert.first_at,
        account=alert.account_id,
        protocol=alert.protocol,
        address=alert.address or "",
        country=alert.country,
        device=alert.device,
    )


def profile_distrust(*, account: Account, since: dt.datetime) -> None:
    """What the rules have learnt since then may be a stranger's habits: they forget it."""
    with transaction.atomic():
        row = _profile_locked(account)
        profile = Profile.from_json(row.data)
        profile.distrust(since)
        row.data = vars(profile)
        row.save(update_fields=["data"])


def alert_not_mine(*, alert: SignInAlert, acting_user: Account) -> None:
    if alert.state != SignInAlert.State.NOT_MINE:
        _answer(alert, SignInAlert.State.NOT_MINE, acting_user)


def _answer(alert: SignInAlert, state: SignInAlert.State, acting_user: Account) -> None:
    with transaction.atomic():
        alert.state, alert.answered_at = state, timezone.now()
        alert.save(update_fields=["state", "answered_at", "updated_at"])
        audit_record(acting_user=acting_user, action=f"alert.{state}", target=alert.account.login, kind=alert.kind)


def link_make(*, alert: SignInAlert, channel: AlertLink.Channel) -> str:
    """The token of a new link: it is kept as a hash, works once and for three days."""
    token = secrets.token_urlsafe(16)
    expires_at = timezone.now() + dt.timedelta(days=LINK_DAYS)
    AlertLink.objects.create(alert=alert, channel=channel, token_hash=_link_hash(token), expires_at=expires_at)
    return token


def link_find(token: str) -> AlertLink | None:
    """The link as long as it works."""
    rows = AlertLink.objects.filter(token_hash=_link_hash(token), used_at__isnull=True, expires_at__gt=timezone.now())
    return rows.select_related("alert__account__person").first()


def link_use(link: AlertLink) -> bool:
    """Use the link up; False when somebody else just did."""
    unused = AlertLink.objects.filter(pk=link.pk, used_at__isnull=True)
    return unused.update(used_at=timezone.now()) == 1


def _link_hash(token: str) -> str:
    key = settings.CONFIG.secret("app-password-key").encode()
    return hmac.new(key, f"alert\0{token}".encode(), hashlib.sha256).hexdigest()
