"""Who holds what."""

from __future__ import annotations

from django.db.models import QuerySet

from ecritoire.accounts.lifecycle import OPEN
from ecritoire.accounts.models import Account
from ecritoire.common.roles import Action, Role, actions_of


def accounts_that_may(action: Action, *, organisation: int) -> QuerySet[Account]:
    """Those of an académie who are there and have a role that allows ``action``, by login."""
    return accounts_with(*(role for role in Role if action in actions_of({role})), organisation=organisation)


def accounts_with(*roles: Role, organisation: int) -> QuerySet[Account]:
    """Those of an académie who are there and have one of these roles, by login."""
    active = Account.objects.filter(state__in=OPEN, person__organisation=organisation)
    return active.filter(role_grants__role__in=roles).distinct().order_by("login")
