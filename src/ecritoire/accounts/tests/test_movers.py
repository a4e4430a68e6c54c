"""Whoever moves: another school, another category, a leave, contracts that overlap or leave a gap."""

import datetime as dt

import pytest
import time_machine

from ecritoire.accounts.lifecycle import State
from ecritoire.accounts.models import EndPolicy
from ecritoire.accounts.overview import looks_after
from ecritoire.accounts.services import role_grant
from ecritoire.accounts.services.lifecycle import accounts_advance
from ecritoire.accounts.timeline import timeline
from ecritoire.accounts.witnesses import schools_of
from ecritoire.common.roles import Role
from ecritoire.directory.models import Assignment, Contract, EmailAddress, Leave, Person, Structure
from ecritoire.directory.services import rights_recompute, rights_roll

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
START = dt.date(2026, 9, 1)


@pytest.fixture
def clock():
    with time_machine.travel(dt.datetime(2026, 9, 1, 6, tzinfo=dt.UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def schools(anne):
    made = [
        Structure(organisation=anne.person.organisation, uai=uai, name=name, kind="middle", city="Valmont")
        for uai, name in (("0990001A", "Collège A"), ("0990002B", "Collège B"))
    ]
    return Structure.objects.bulk_create(made)


def contract(account, number, start, end):
    Contract.objects.create(person=account.person, number=number, starts_on=start, ends_on=end)
    rights_recompute(person_ids=[account.person_id])
    account.refresh_from_db()
    account.person.refresh_from_db()


def on(clock, account, day):
    clock.move_to(dt.datetime.combine(day, dt.time(6), tzinfo=dt.UTC))
    rights_roll(today=day)
    accounts_advance()
    account.refresh_from_db()
    return account.state


def test_it_works(clock, anne, boris, schools):
    """Another school: its local contact sees the person at once, the former one no more."""
    first, second = schools
    role_grant(account=boris, role=Role.LOCAL_CONTACT, structure=second, acting_user=None)
    here = Assignment.objects.create(person=anne.person, structure=first, function="PE", starts_on=START)
    assert not looks_after(contact=boris, person_id=anne.person_id)
    here.ends_on = START + 10 * DAY
    here.save()
    Assignment.objects.create(person=anne.person, structure=second, function="PE", starts_on=START + 11 * DAY)
    clock.move_to(dt.datetime(2026, 9, 12, 6, tzinfo=dt.UTC))
    assert looks_after(contact=boris, person_id=anne.person_id)
    rights_recompute(person_ids=[anne.person_id])
    assert on(clock, anne, START + 40 * DAY) == State.ACTIVATED


def test_contracts_that_overlap_are_one_right(clock, anne):
    contract(anne, "1", START, START + 100 * DAY)
    contract(anne, "2", START + 60 * DAY, START + 200 * DAY)
    assert anne.person.right_until == START + 200 * DAY
    assert on(clock, anne, START + 101 * DAY) == State.ACTIVATED
    assert on(clock, anne, START + 201 * DAY) == State.ENDING


def test_a_summer_between_two_contracts_is_bridged(clock, anne):
    contract(anne, "1", START, START + 100 * DAY)
    contract(anne, "2", START + 125 * DAY, START + 200 * DAY)
    assert on(clock, anne, START + 110 * DAY) == State.ACTIVATED


def test_a_contract_signed_late_rescues_the_account(clock, anne):
    contract(anne, "1", START, START + 100 * DAY)
    assert on(clock, anne, START + 110 * DAY) == State.ENDING
    contract(anne, "2", START + 105 * DAY, START + 200 * DAY)
    assert anne.state == State.ACTIVATED


def test_the_rules_are_those_of_the_new_category(clock, anne):
    organisation = anne.person.organisation
    EndPolicy.objects.create(organisation=organisation, category="contract", delay_days=15)
    Person.objects.filter(pk=anne.person_id).update(category="contract")
    contract(anne, "1", START, START + 100 * DAY)
    on(clock, anne, START + 101 * DAY)
    assert anne.closes_on == START + 115 * DAY


def test_a_leave_changes_nothing_and_is_told(clock, anne):
    contract(anne, "1", START, None)
    Leave.objects.create(person=anne.person, kind="parental", starts_on=START, ends_on=START + 90 * DAY)
    assert on(clock, anne, START + 30 * DAY) == State.ACTIVATED
    assert any(moment.kind == "leave" for moment in timeline(anne.person, anne))


def test_the_school_that_is_told(clock, anne, boris, schools):
    first, second = schools
    Assignment.objects.create(person=anne.person, structure=first, function="PE", starts_on=START)
    Assignment.objects.create(
        person=anne.person, structure=second, function="PE", starts_on=START - 90 * DAY, ends_on=START - DAY
    )
    assert schools_of(anne.person) == []
    for uai in ("0990001a", "0990002b"):
        EmailAddress.objects.create(person=boris.person, address=f"ce.{uai}@ac-valmont.test", is_primary=False)
    assert schools_of(anne.person) == ["ce.0990001a@ac-valmont.test"]
