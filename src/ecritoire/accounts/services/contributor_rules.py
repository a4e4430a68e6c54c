"""Who decides on outside contributors in the DSI's place, and the académie's rules for them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ecritoire.accounts.lifecycle import OPEN
from ecritoire.accounts.models import Account, ContributorDelegation, ContributorPolicy
from ecritoire.common.services import audit_record
from ecritoire.directory.models import Structure

from .contributors import ContributorRefused

LONGEST = dt.timedelta(days=366)


def delegation_grant(
    *,
    delegate: Account,
    structure: Structure | None,
    kind: str,
    starts_on: dt.date,
    ends_on: dt.date,
    acting_user: Account,
) -> ContributorDelegation:
    """Let ``delegate`` decide for a time, at most a year. Raises ContributorRefused."""
    organisation_id = acting_user.person.organisation_id
    if delegate.person.organisation_id != organisation_id or delegate.state not in OPEN or delegate.is_external:
        raise ContributorRefused(_("La délégation va à un agent de l'académie dont le compte est actif."))
    if structure is not None and structure.organisation_id != organisation_id:
        raise ContributorRefused(_("Cet établissement est d'une autre académie."))
    if ends_on - starts_on > LONGEST:
        raise ContributorRefused(_("Une délégation dure un an au plus."))
    with transaction.atomic():
        row = ContributorDelegation.objects.create(
            organisation_id=organisation_id,
            delegate=delegate,
            structure=structure,
            kind=kind,
            starts_on=starts_on,
            ends_on=ends_on,
            granted_by=acting_user,
        )
        audit_record(
            acting_user=acting_user,
            action="contributor.delegate",
            target=delegate.login,
            structure=structure.uai if structure else "",
            kind=kind,
            starts_on=starts_on.isoformat(),
            ends_on=ends_on.isoformat(),
        )
    return row


def delegation_revoke(*, delegation: ContributorDelegation, acting_user: Account) -> None:
    with transaction.atomic():
        done = ContributorDelegation.objects.filter(pk=delegation.pk, revoked_at__isnull=True)
        if done.update(revoked_at=timezone.now()):
            target = delegation.delegate.login
            audit_record(acting_user=acting_user, action="contributor.delegation_end", target=target)


def policy_set(*, longest_days: int, opinion_asked: bool, orphan_days: int, acting_user: Account) -> ContributorPolicy:
    """The rules of the acting user's académie."""
    values: dict[str, Any] = {"longest_days": longest_days, "opinion_asked": opinion_asked, "orphan_days": orphan_days}
    with transaction.atomic():
        row, _made = ContributorPolicy.objects.update_or_create(
            organisation_id=acting_user.person.organisation_id, defaults=values
        )
        audit_record(
            acting_user=acting_user, action="contributor.policy", target=row.organisation.mail_domain, **values
        )
    return row
