"""The database's part of a purge: what may be purged, what is kept as proof. The store's part is ``mailstore.services_purge``."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ecritoire.accounts.lifecycle import Event, State
from ecritoire.accounts.models import Account, AccountTransition, LegalHold, PurgeProof
from ecritoire.common.services import Actor, audit_record
from ecritoire.directory.services.deaths import private_details_forget

from .lifecycle import account_move
from .returning import personal_data_forget

Reason = AccountTransition.Reason


class PurgeRefused(Exception):
    """A legal hold is open, or the account is not closed (any more)."""


def purge_check(account: Account) -> None:
    """Raises PurgeRefused. Asked again before each step: a hold may be placed at any moment."""
    state = Account.objects.filter(pk=account.pk).values_list("state", flat=True).get()
    if state != State.DEACTIVATED:
        raise PurgeRefused(f"{account} is {state}")
    if LegalHold.objects.filter(account=account, lifted_at__isnull=True).exists():
        raise PurgeRefused(f"{account} is under a legal hold")


def purge_begin(*, account: Account, rule: AccountTransition.Reason) -> PurgeProof:
    """The proof of this mailbox's purge: a new one, or the one a purge cut short has left. Raises PurgeRefused."""
    purge_check(account)
    values = {"rule": rule}
    return PurgeProof.objects.get_or_create(account=account, generation=account.generation, defaults=values)[0]


def purge_note(*, proof: PurgeProof, counts: dict[str, Any], digest: str) -> None:
    """What is about to go. Noted once: what a second run finds is only what the first one left."""
    if not proof.digest:
        proof.counts, proof.digest = counts, digest
        proof.save(update_fields=["counts", "digest"])


def purge_emptied(*, proof: PurgeProof) -> None:
    proof.store_emptied_at = timezone.now()
    proof.save(update_fields=["store_emptied_at"])


def purge_finish(*, proof: PurgeProof, acting_user: Actor | None) -> PurgeProof:
    """Erase the personal data, move the account and seal the proof in the journal, all at once. Raises PurgeRefused."""
    with transaction.atomic():
        proof = PurgeProof.objects.select_for_update().get(pk=proof.pk)
        if proof.finished_at is not None:
            return proof
        account = Account.objects.select_related("person").get(pk=proof.account_id)
        purge_check(account)
        rows = personal_data_forget(account=account)
        private_details_forget(person=account.person)
        account_move(account=account, event=Event.PURGE, reason=Reason(proof.rule), acting_user=acting_user)
        proof.finished_at = timezone.now()
        proof.backups_until = timezone.localdate() + dt.timedelta(days=settings.CONFIG.lifecycle.backup_days)
        proof.counts = {**proof.counts, "rows": rows}
        proof.save()
        audit_record(
            acting_user=acting_user,
            action="purge.proof",
            target=account.login,
            mailbox=account.store_id,
            rule=proof.rule,
            counts=proof.counts,
            digest=proof.digest,
            begun=proof.created_at.isoformat(),
            store_emptied=proof.store_emptied_at.isoformat() if proof.store_emptied_at else "",
            backups_until=proof.backups_until.isoformat(),
        )
    return proof
