from __future__ import annotations

from django.db import transaction

from ecritoire.accounts.factors import factors_of
from ecritoire.accounts.models import Account, RoleGrant
from ecritoire.accounts.policies import ORDINARY
from ecritoire.common.roles import Role
from ecritoire.common.services import Actor, audit_record
from ecritoire.directory.models import Structure

from .access import sessions_end


def role_grant(*, account: Account, role: Role, structure: Structure | None, acting_user: Actor | None) -> None:
    """Give a role; again: nothing changes. Rights grow at a sign-in that asks for a second factor, not in a session without."""
    with transaction.atomic():
        _, made = RoleGrant.objects.get_or_create(account=account, role=role, structure=structure)
        if made:
            where = structure.uai if structure else ""
            audit_record(acting_user=acting_user, action="role.grant", target=account.login, role=role, structure=where)
            if role not in ORDINARY and not factors_of(account).any:
                sessions_end(account=account)


def role_revoke(*, grant: RoleGrant, acting_user: Actor) -> None:
    with transaction.atomic():
        audit_record(acting_user=acting_user, action="role.revoke", target=grant.account.login, role=grant.role)
        grant.delete()
