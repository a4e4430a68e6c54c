"""Outside contributors: people the académie engages without an HR feed, under numbers of a series that no feed knows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from ecritoire.common.services import Actor
from ecritoire.directory.addresses import fold
from ecritoire.directory.models import Assignment, Contract, Organisation, Person, Structure
from ecritoire.directory.selectors import not_over
from ecritoire.directory.signals import people_assigned

from .addresses import addresses_allocate
from .rights import rights_recompute

SERIES, CODE = "EXT-", "EXT"


class AlreadyEngaged(Exception):
    """The person has a right to a mailbox as an agent; an engagement as a contributor would shorten it."""


@dataclass(frozen=True)
class Identity:
    given_name: str
    family_name: str
    birth_date: dt.date | None
    private_email: str


@dataclass(frozen=True)
class Engagement:
    """``number`` begins with SERIES and is the contract's, and the person's when they are new."""

    number: str
    structure: Structure
    function: str
    starts_on: dt.date
    ends_on: dt.date


def contributor_engage(
    *,
    organisation: Organisation,
    identity: Identity,
    engagement: Engagement,
    person: Person | None,
    acting_user: Actor | None,
) -> Person:
    """Engage ``person``, or somebody new: contract, assignment, address, right; the rooms above make the account.

    Raises AlreadyEngaged.
    """
    with transaction.atomic():
        if person is None:
            person = _person_create(organisation, identity, engagement.number)
        elif _is_agent(person):
            raise AlreadyEngaged
        elif person.category != Person.Category.EXTERNAL:
            person.category = Person.Category.EXTERNAL
            person.save(update_fields=["category"])
        addresses_allocate(people=[person])
        dates = {"starts_on": engagement.starts_on, "ends_on": engagement.ends_on}
        Contract.objects.create(person=person, number=engagement.number, **dates)
        Assignment.objects.create(
            person=person, structure=engagement.structure, function=engagement.function, function_code=CODE, **dates
        )
        rights_recompute(person_ids=[person.pk])
        person.refresh_from_db(fields=["right_from", "right_until"])
        people_assigned.send(sender=Person, people=[person], acting_user=acting_user)
    return person


def contributor_disengage(*, person: Person, number: str, last_day: dt.date) -> bool:
    """End one engagement on ``last_day``; one that had not begun leaves nothing. True when a right to the mailbox remains."""
    with transaction.atomic():
        contract = Contract.objects.select_for_update().get(person=person, number=number)
        work = person.assignments.filter(function_code=CODE, starts_on=contract.starts_on, ends_on=contract.ends_on)
        if contract.starts_on > last_day:
            work.delete()
            contract.delete()
        elif contract.ends_on is None or contract.ends_on > last_day:
            work.update(ends_on=last_day)
            contract.ends_on = last_day
            contract.save(update_fields=["ends_on"])
        rights_recompute(person_ids=[person.pk])
        person.refresh_from_db(fields=["right_from", "right_until"])
    return person.right_from is not None and (person.right_until is None or person.right_until > last_day)


def _person_create(organisation: Organisation, identity: Identity, number: str) -> Person:
    return Person.objects.create(
        organisation=organisation,
        employee_number=number,
        given_name=identity.given_name,
        family_name=identity.family_name,
        birth_date=identity.birth_date,
        private_email=identity.private_email,
        category=Person.Category.EXTERNAL,
        search_name=fold(f"{identity.given_name} {identity.family_name}"),
    )


def _is_agent(person: Person) -> bool:
    """A right of today or to come that comes from HR."""
    if person.contracts.filter(number__startswith=SERIES).exists():
        return person.contracts.exclude(number__startswith=SERIES).filter(not_over()).exists()
    ended = person.right_until is not None and person.right_until < timezone.localdate()
    return person.right_from is not None and not ended
