"""« Ce n'était pas moi »: what is done, in order, in one guided gesture."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ecritoire.accounts.models import (
    Account,
    Intrusion,
    OneTimeCode,
    RecoveryAddress,
    RecoveryChange,
    SecretQuestion,
    SignInAlert,
    SignInEvent,
)
from ecritoire.accounts.selectors import local_contacts_of
from ecritoire.accounts.selectors.alerts import trusted_address
from ecritoire.common.services import audit_record

from .access import HelpKind, access_revoke, help_request
from .alerts import alert_not_mine, profile_distrust
from .codes import code_use
from .history import sign_in_record
from .limits import locked_until
from .passwords import password_set
from .recovery import code_allowed

MARGIN = dt.timedelta(hours=1)
RESUMED = dt.timedelta(days=1)


def intrusion_code_send(*, account: Account, since: dt.datetime) -> bool:
    """A code to the alternate address as it was at ``since``; False when today's six are used up."""
    from ecritoire.accounts.tasks.alerts import send_intrusion_code

    if not code_allowed(login=account.login):
        return False
    send_intrusion_code.defer(account_id=account.pk, since=since.isoformat())
    return True


def intrusion_code_check(*, account: Account, code: str) -> bool:
    return code_use(account=account, purpose=OneTimeCode.Purpose.INTRUSION, code=code)


def password_prove(*, account: Account, password: str, address: str, user_agent: str) -> bool:
    """Whether the password is right; failures are recorded and count towards the lock as at sign-in."""
    if locked_until(login=account.login, address=address):
        return False
    if account.check_password(password):
        return True
    sign_in_record(
        login=account.login,
        account=account,
        protocol=SignInEvent.Protocol.WEB,
        result=SignInEvent.Result.WRONG_PASSWORD,
        address=address,
        application=user_agent,
    )
    return False


def intrusion_open(*, account: Account, since: dt.datetime, alert: SignInAlert | None = None) -> Intrusion:
    """Start the gesture, or take up the one left unfinished today."""
    with transaction.atomic():
        begun = account.intrusions.filter(closed_at__isnull=True, created_at__gt=timezone.now() - RESUMED, alert=alert)
        intrusion = begun.first() or Intrusion.objects.create(account=account, alert=alert, since=since - MARGIN)
        profile_distrust(account=account, since=intrusion.since)
        if alert is not None:
            alert_not_mine(alert=alert, acting_user=account)
        audit_record(acting_user=account, action="intrusion.open", target=account.login)
    return intrusion


def intrusion_secure(*, intrusion: Intrusion, password: str, keep_session: str = "") -> None:
    """New password, every door closed on every protocol, the help desk and the local IT contacts told. One transaction."""
    from ecritoire.accounts.tasks import send_password_changed
    from ecritoire.accounts.tasks.alerts import send_intrusion_notice

    account = intrusion.account
    with transaction.atomic():
        first = intrusion.secured_at is None
        password_set(account=account, password=password)
        intrusion.sessions_closed += account.sessions.exclude(session_key=keep_session).count()
        intrusion.secrets_revoked += account.app_passwords.filter(revoked_at__isnull=True).count()
        access_revoke(account=account, acting_user=account, reason="intrusion", keep_session=keep_session)
        intrusion.secured_at = timezone.now()
        if first:
            contacts = list(local_contacts_of(account.person))
            for contact in contacts:
                send_intrusion_notice.defer(intrusion_id=intrusion.pk, contact_id=contact.pk)
            intrusion.contacts_told = len(contacts)
            _ask_for_help(intrusion)
        intrusion.save()
        send_password_changed.defer(account_id=account.pk)


def _ask_for_help(intrusion: Intrusion) -> None:
    account, alert = intrusion.account, intrusion.alert
    facts = {
        _("Signalé"): f"{timezone.localtime(intrusion.created_at):%d/%m/%Y %H:%M}",
        _("Soupçon depuis"): f"{timezone.localtime(intrusion.since):%d/%m/%Y %H:%M}",
        _("Sessions fermées"): str(intrusion.sessions_closed),
        _("Secrets d'applications retirés"): str(intrusion.secrets_revoked),
    }
    if alert is not None:
        facts[_("Alerte")] = str(SignInAlert.Kind(alert.kind).label)
        facts[_("Adresse")] = f"{alert.address or '–'} {alert.country}"
    help_request(
        account=account,
        login=account.login,
        contact=trusted_address(account=account, since=intrusion.since) or account.login,
        kind=HelpKind.TAKEOVER,
        text=_(
            "La personne signale qu'une autre s'est servie de son compte. Mot de passe changé, accès fermés : vérifier les envois récents."
        ),
        urgent=True,
        **facts,
    )


def intrusion_rule_removed(*, intrusion: Intrusion, words: list[str], name: str) -> None:
    """Note what the mail store has just removed."""
    with transaction.atomic():
        intrusion.rules_removed = [*intrusion.rules_removed, {"name": name, "words": words}]
        intrusion.save(update_fields=["rules_removed", "updated_at"])
        audit_record(
            acting_user=intrusion.account, action="rule.remove", target=intrusion.account.login, name=name, words=words
        )


def intrusion_close(*, intrusion: Intrusion) -> None:
    if intrusion.closed_at is None:
        intrusion.closed_at = timezone.now()
        intrusion.save(update_fields=["closed_at", "updated_at"])
        audit_record(acting_user=intrusion.account, action="intrusion.close", target=intrusion.account.login)


def recovery_restore(*, intrusion: Intrusion, change: RecoveryChange) -> None:
    """Put back what was in force before ``change``; the later changes of the same kind are undone with it."""
    account = intrusion.account
    with transaction.atomic():
        if change.kind == RecoveryChange.Kind.ADDRESS:
            RecoveryAddress.objects.filter(account=account).update(
                address=change.former_address, pending="", verified_at=timezone.now()
            )
        else:
            account.secret_questions.all().delete()
            for question, hashed in change.former_questions.items():
                SecretQuestion.objects.create(account=account, question=question, answer_hash=hashed)
        later = account.recovery_changes.filter(kind=change.kind, pk__gte=change.pk, restored_at__isnull=True)
        later.update(restored_at=timezone.now())
        intrusion.recovery_restored = [*intrusion.recovery_restored, change.kind]
        intrusion.save(update_fields=["recovery_restored", "updated_at"])
        audit_record(acting_user=account, action="recovery.restore", target=account.login, kind=change.kind)
