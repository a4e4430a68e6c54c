"""Whose accounts somebody's dashboards count: the académie's, or those of the schools of a local IT contact."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from ecritoire.accounts.models import Account
from ecritoire.accounts.overview import people_working_in
from ecritoire.accounts.services.probe import EMPLOYEE_NUMBER
from ecritoire.common.roles import Action
from ecritoire.directory.models import Assignment, Structure
from ecritoire.directory.selectors import not_over


@dataclass(frozen=True)
class Scope:
    """``structures`` is None where all of the académie's count."""

    organisation_id: int
    structures: tuple[int, ...] | None = None

    def accounts(self) -> QuerySet[Account]:
        """Everybody's but the probe's."""
        rows = Account.objects.filter(person__organisation=self.organisation_id)
        rows = rows.exclude(person__employee_number=EMPLOYEE_NUMBER)
        if self.structures is not None:
            rows = rows.filter(person__in=people_working_in(self.structures))
        return rows

    def schools(self) -> QuerySet[Structure]:
        rows = Structure.objects.filter(organisation=self.organisation_id)
        return rows if self.structures is None else rows.filter(pk__in=self.structures)

    def posts(self) -> QuerySet[Assignment]:
        """Who works where today, or will; the accounts of these people are those of ``accounts``."""
        rows = Assignment.objects.filter(not_over(), structure__organisation=self.organisation_id)
        rows = rows.exclude(person__employee_number=EMPLOYEE_NUMBER)
        return rows if self.structures is None else rows.filter(structure__in=self.structures)


def scope_of(account: Account) -> Scope:
    """The académie for those who watch over it, one's own schools for a local IT contact."""
    organisation_id = account.person.organisation_id
    if account.may(Action.STATISTICS_VIEW):
        return Scope(organisation_id)
    return Scope(organisation_id, tuple(account.contact_structures))


def at_school(rows: QuerySet[Account], scope: Scope, uai: str) -> QuerySet[Account]:
    """Those of ``rows`` who work at that school of the scope, today or soon; an unknown one leaves nobody."""
    return rows.filter(person__in=scope.posts().filter(structure__uai=uai).values("person"))
