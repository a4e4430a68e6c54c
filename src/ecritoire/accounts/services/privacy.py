"""Personal data rights: what is asked, what is answered, what is erased. Nothing of an account under a legal hold is erased."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import IO, Any

from django.db import transaction
from django.utils import timezone

from ecritoire.accounts.models import Account, PrivacyRequest
from ecritoire.accounts.models.privacy import EXTENSION_MONTHS, months_after
from ecritoire.common.services import Actor, audit_record
from ecritoire.directory.access_archive import archive_write
from ecritoire.directory.personal_data import erasures

Kind, State, Channel, Ground = (
    PrivacyRequest.Kind,
    PrivacyRequest.State,
    PrivacyRequest.Channel,
    PrivacyRequest.Ground,
)
OPEN_EACH = 5


class ErasureHeld(Exception):
    """A legal hold protects the account."""


class TooManyOpen(Exception):
    """The person has several requests without an answer already."""


class AlreadyDecided(Exception):
    """Somebody else decided meanwhile."""


def privacy_ask(
    *,
    account: Account,
    kind: str,
    text: str,
    acting_user: Account,
    channel: str = Channel.ONLINE,
    received_on: dt.date | None = None,
) -> PrivacyRequest:
    """Enter a request in the register: the person's own, or one that came by letter. Raises TooManyOpen."""
    from ecritoire.accounts.tasks.privacy import send_received

    day = received_on or timezone.localdate()
    with transaction.atomic():
        Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
        own = acting_user.pk == account.pk
        if own and account.privacy_requests.filter(state=State.OPEN).count() >= OPEN_EACH:
            raise TooManyOpen
        request = PrivacyRequest.objects.create(
            account=account, kind=kind, text=text, channel=channel, received_on=day, due_on=months_after(day, 1)
        )
        detail: dict[str, Any] = {"kind": kind, "channel": channel, "request": request.pk}
        audit_record(acting_user=acting_user, action="privacy.ask", target=account.login, **detail)
        send_received.defer(request_id=request.pk)
    return request


def privacy_withdraw(*, request: PrivacyRequest, acting_user: Account) -> None:
    """Its owner asks no longer."""
    with transaction.atomic():
        rows = PrivacyRequest.objects.filter(pk=request.pk, state=State.OPEN)
        if rows.update(state=State.WITHDRAWN, decided_at=timezone.now()):
            audit_record(
                acting_user=acting_user, action="privacy.withdraw", target=acting_user.login, request=request.pk
            )


def privacy_extend(*, request: PrivacyRequest, reason: str, acting_user: Account) -> None:
    """Two more months, once, for a reason the person is told (article 12, 3). Raises AlreadyDecided."""
    from ecritoire.accounts.tasks.privacy import send_extended

    with transaction.atomic():
        row = _still_open(request)
        if row.extension:
            raise AlreadyDecided
        row.extension, row.due_on = reason, months_after(row.due_on, EXTENSION_MONTHS)
        row.save(update_fields=["extension", "due_on", "updated_at"])
        detail: dict[str, Any] = {"request": row.pk, "reason": reason}
        audit_record(acting_user=acting_user, action="privacy.extend", target=row.account.login, **detail)
        send_extended.defer(request_id=row.pk)


def privacy_decide(
    *,
    request: PrivacyRequest,
    state: str,
    answer: str,
    acting_user: Account,
    ground: str = "",
    erase: Collection[str] = (),
) -> PrivacyRequest:
    """Answer a request, once; what is granted of an erasure happens in the same transaction.

    Raises AlreadyDecided, ErasureHeld.
    """
    from ecritoire.accounts.tasks.privacy import send_answer

    with transaction.atomic():
        row = _still_open(request)
        if erase:
            reason = f"privacy request {row.pk}"
            row.erased = personal_data_erase(account=row.account, keys=erase, acting_user=acting_user, reason=reason)
        row.state, row.answer, row.ground = state, answer, ground
        row.decided_at, row.acting_login = timezone.now(), acting_user.login
        row.save()
        detail: dict[str, Any] = {"request": row.pk, "kind": row.kind, "state": state, "ground": ground}
        audit_record(acting_user=acting_user, action="privacy.decide", target=row.account.login, **detail)
        send_answer.defer(request_id=row.pk)
    return row


def _still_open(request: PrivacyRequest) -> PrivacyRequest:
    rows = PrivacyRequest.objects.select_for_update(of=("self",)).select_related("account__person")
    row = rows.get(pk=request.pk)
    if not row.is_open:
        raise AlreadyDecided
    return row


def is_held(account: Account) -> bool:
    return account.legal_holds.filter(lifted_at__isnull=True).exists()


def personal_data_erase(
    *, account: Account, keys: Collection[str], acting_user: Actor | None, reason: str
) -> dict[str, int]:
    """Erase what may go while the person is here, by the keys the rooms gave; returns rows by key. The rest goes with the
    purge, after the end of the contract. Raises ErasureHeld, KeyError for a key no room knows."""
    chosen = [erasures[key] for key in keys]
    with transaction.atomic():
        locked = Account.objects.select_for_update(of=("self",)).select_related("person").get(pk=account.pk)
        if is_held(locked):
            raise ErasureHeld
        erased = {erasure.key: erasure.erase(locked.person) for erasure in chosen}
        detail: dict[str, Any] = {"reason": reason, "erased": erased}
        audit_record(acting_user=acting_user, action="privacy.erase", target=locked.login, **detail)
    return erased


def personal_data_archive(*, account: Account, target: IO[bytes], acting_user: Actor | None) -> int:
    """Write everything the installation knows about the person into ``target``; returns how many rows."""
    with transaction.atomic():
        rows = archive_write(person=account.person, target=target)
        audit_record(acting_user=acting_user, action="privacy.access", target=account.login, rows=rows)
    return rows
