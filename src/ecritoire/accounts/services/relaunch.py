"""Reminding those who have not activated their account: nobody twice within the delay, and each reminder kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ecritoire.accounts.dashboards.pending import too_soon
from ecritoire.accounts.lifecycle import OPEN, State
from ecritoire.accounts.models import Account, Relaunch, RelaunchBatch, RoleGrant
from ecritoire.accounts.selectors import activation_pending
from ecritoire.common.roles import Role
from ecritoire.common.services import audit_record
from ecritoire.directory.models import Assignment
from ecritoire.directory.selectors import not_over

from .letters import BATCH_LIMIT, LetterKind, letters_make, temporary_password_mail

Channel = RelaunchBatch.Channel
MOST = 5_000
"""People of one gesture: more would be a campaign, to be prepared by school."""


class RelaunchRefused(Exception):
    """Nobody can be reminded so; the message says why, in French."""


@dataclass(frozen=True)
class Relaunched:
    """What one gesture did. ``recent`` were reminded too short a time ago, ``unreachable`` have no such channel, or
    come after the last letter of a batch."""

    sent: int
    recent: int
    unreachable: int
    letters: bytes | None = None


def relaunch(*, accounts: Sequence[Account], channel: RelaunchBatch.Channel, acting_user: Account) -> Relaunched:
    """Remind those of ``accounts`` who still have to activate theirs. Raises RelaunchRefused, LettersRefused."""
    if len(accounts) > MOST:
        raise RelaunchRefused(_("Trop de personnes à la fois : choisissez un établissement ou une ancienneté."))
    with transaction.atomic():
        rows = _locked(accounts, acting_user)
        fresh = [row for row in rows if row.pk not in _recently([row.pk for row in rows])]
        reached = _reached(fresh, channel)
        if not reached:
            raise RelaunchRefused(
                _("Personne à relancer ainsi : déjà relancés, ou sans ce moyen. Essayez-en un autre.")
            )
        letters = _send(reached, channel, acting_user)
        batch = RelaunchBatch.objects.create(
            organisation_id=acting_user.person.organisation_id, channel=channel, acting_login=acting_user.login
        )
        Relaunch.objects.bulk_create([Relaunch(batch=batch, account=row) for row in reached], batch_size=1000)
        logins = [row.login for row in reached]
        audit_record(
            acting_user=acting_user,
            action=f"account.relaunch_{channel}",
            target=f"{len(logins)} comptes",
            logins=logins,
        )
    return Relaunched(len(reached), len(rows) - len(fresh), len(fresh) - len(reached), letters)


def _locked(accounts: Sequence[Account], acting_user: Account) -> list[Account]:
    """As they are now, of the acting user's académie, one gesture at a time."""
    wanted = [account.pk for account in accounts]
    locked = Account.objects.select_for_update(of=("self",)).filter(pk__in=wanted, state=State.PROVISIONED)
    kept = locked.filter(person__organisation=acting_user.person.organisation_id).order_by("pk")
    return list(
        activation_pending(organisation=acting_user.person.organisation_id).filter(pk__in=[row.pk for row in kept])
    )


def _recently(ids: Sequence[int]) -> set[int]:
    rows = Relaunch.objects.filter(account__in=ids, created_at__gt=too_soon())
    return set(rows.values_list("account", flat=True))


def _reached(rows: list[Account], channel: RelaunchBatch.Channel) -> list[Account]:
    if channel == Channel.MAIL:
        return [row for row in rows if row.person.private_email]
    if channel == Channel.CONTACT:
        watched = _contacts().values("structure")
        there = Assignment.objects.filter(not_over(), person__in=[row.person_id for row in rows], structure__in=watched)
        known = set(there.values_list("person", flat=True))
        return [row for row in rows if row.person_id in known]
    return rows[:BATCH_LIMIT]


def _contacts() -> QuerySet[RoleGrant]:
    return RoleGrant.objects.filter(role=Role.LOCAL_CONTACT, structure__isnull=False, account__state__in=OPEN)


def _send(rows: list[Account], channel: RelaunchBatch.Channel, acting_user: Account) -> bytes | None:
    from ecritoire.accounts.tasks.relaunch import send_to_contact

    if channel == Channel.LETTER:
        return letters_make(accounts=rows, kind=LetterKind.PASSWORDS, acting_user=acting_user)
    if channel == Channel.MAIL:
        temporary_password_mail(accounts=rows, acting_user=acting_user)
        return None
    people = [row.person_id for row in rows]
    structures = Assignment.objects.filter(not_over(), person__in=people).values("structure")
    for contact in _contacts().filter(structure__in=structures).values_list("account", flat=True).distinct():
        send_to_contact.defer(contact_id=contact, account_ids=[row.pk for row in rows])
    return None
