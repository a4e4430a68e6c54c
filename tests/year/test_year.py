"""A generated year, replayed day by day, ends in exactly the state the rules lead to.

``ECRITOIRE_YEAR_STAFF`` sets its size: some hundred people are enough for every adventure to happen to somebody.
"""

import os
from collections import Counter
from itertools import pairwise

import pytest

from ecritoire.accounts.models import AccountTransition
from ecritoire.accounts.timeline import timeline
from ecritoire.directory.models import EmailAddress, Person
from tests.year.replay import Replay

# Real transactions: three hundred runs of the engine in one would hold more locks than the database has.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(7200)]
STAFF = int(os.environ.get("ECRITOIRE_YEAR_STAFF", "100"))


@pytest.fixture
def short_aliases(settings):
    """So that the end of a kept address comes within the year."""
    lifecycle = settings.CONFIG.lifecycle.model_copy(update={"alias_days": 100})
    settings.CONFIG = settings.CONFIG.model_copy(update={"lifecycle": lifecycle})


def test_it_works(tmp_path, short_aliases):
    replay = Replay(staff=STAFF, seed=2, folder=tmp_path)
    for day in replay.days():
        if day.date.day == 1 or day.date == replay.story.last:
            assert replay.differences(day.date) == []
    check_the_year_was_full(replay)
    check_addresses()
    check_timelines()


def check_the_year_was_full(replay):
    """Everything that may happen did, so that it was compared."""
    outcomes = {name.rsplit(" ", 1)[1] for name in replay.runs}
    assert outcomes == {"applied", "refused", "waiting"}
    steps = Counter(state for one in replay.oracle.people.values() for _day, state in one.steps)
    assert set(steps) == {"announced", "provisioned", "activated", "ending", "deactivated", "purged"}
    people = replay.oracle.people.values()
    assert any(one.generation > 1 for one in people)
    assert any(cancelled(one) for one in people)
    assert any(one.is_dead for one in people)
    assert any(one.retired for one in people)


def cancelled(one):
    """Announced, and closed before the first day came."""
    states = [state for _day, state in one.steps]
    return ("announced", "deactivated") in pairwise(states)


def check_addresses():
    """Nobody ever got an address that had been somebody else's: each was given once, to one person."""
    assert EmailAddress.objects.values("address").distinct().count() == EmailAddress.objects.count()


def check_timelines():
    """Each step of each account can be read on its person's page."""
    for person in Person.objects.filter(account__isnull=False).order_by("pk")[:100]:
        told = Counter(moment.on for moment in timeline(person, person.account) if moment.kind == "account")
        steps = Counter(AccountTransition.objects.filter(account__person=person).values_list("on", flat=True))
        assert steps <= told
        assert any(moment.kind == "address" for moment in timeline(person, person.account))
