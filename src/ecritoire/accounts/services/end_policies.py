"""How long an account outlives the right to it, by category of one académie."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from ecritoire.accounts.models import EndPolicy
from ecritoire.common.services import Actor, audit_record
from ecritoire.directory.models import Organisation, Person

FIELDS = ("delay_days", "retention_days", "before_end", "before_closing")


def end_policies(*, organisation: Organisation) -> dict[Person.Category, EndPolicy]:
    """A row for each category, unsaved with the defaults where nobody decided."""
    known = {row.category: row for row in EndPolicy.objects.filter(organisation=organisation)}
    return {
        category: known.get(category) or EndPolicy(organisation=organisation, category=category)
        for category in Person.Category
    }


def end_policies_save(
    *, organisation: Organisation, values: Mapping[Person.Category, Mapping[str, Any]], acting_user: Actor
) -> list[Person.Category]:
    """Put ``values`` in force; returns the categories that changed, each audited with what it was.

    The dates of accounts that are ending already stay: they were told to people.
    """
    changed = []
    with transaction.atomic():
        for category, policy in end_policies(organisation=organisation).items():
            former = {name: getattr(policy, name) for name in FIELDS}
            new = {name: values.get(category, {}).get(name, former[name]) for name in FIELDS}
            if new == former:
                continue
            for name in FIELDS:
                setattr(policy, name, new[name])
            policy.full_clean(validate_constraints=policy.pk is None)
            policy.save()
            changed.append(category)
            differing = [name for name in FIELDS if new[name] != former[name]]
            audit_record(
                acting_user=acting_user,
                action="end_policy.save",
                target=category,
                former={name: former[name] for name in differing},
                new={name: new[name] for name in differing},
            )
    return changed
