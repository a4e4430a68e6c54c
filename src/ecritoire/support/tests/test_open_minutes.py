"""The open time of a request, kept on it when it is answered and resolved; how often it was opened again; those before."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from ecritoire.support.desk import Period
from ecritoire.support.desk_settings import calendar_save
from ecritoire.support.measuring import BATCH, UNMEASURED, measure_past
from ecritoire.support.models import Ticket, TicketEvent
from ecritoire.support.services import (
    ticket_answer,
    ticket_classify,
    ticket_merge,
    ticket_note,
    ticket_open,
    ticket_unmerge,
    ticket_write,
    tickets_close,
)
from ecritoire.support.services.closing import ticket_reopen
from ecritoire.support.targets import Pause, Target, due, worked
from ecritoire.support.tests.test_due import at, reload
from ecritoire.support.tests.test_targets import CALENDAR

State, Kind = Ticket.State, Ticket.Kind
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def clock():
    with time_machine.travel(at(23, 9), tick=False) as traveller:
        yield traveller


@pytest.fixture
def ticket(db, clock, anne):
    return ticket_open(kind=Kind.OTHER, text="x", account=anne, opened_by=anne)


def minutes(ticket: Ticket) -> tuple[int | None, int | None]:
    row = reload(ticket)
    return row.answer_minutes, row.resolution_minutes


def answer(ticket, sam, state) -> None:
    ticket_answer(ticket=reload(ticket), acting_user=sam, text="Essayez.", state=state)


def test_it_works(ticket, clock, sam, anne) -> None:
    """Answered in an hour and a half, the person awaited for a night and an hour, resolved an hour after they wrote."""
    clock.move_to(at(23, 10, 30))
    answer(ticket, sam, State.WAITING)
    assert minutes(ticket) == (90, None)
    clock.move_to(at(24, 10))
    ticket_write(ticket=reload(ticket), author=anne, text="Non.")
    clock.move_to(at(24, 11))
    answer(ticket, sam, State.RESOLVED)
    assert minutes(ticket) == (90, 150)


def test_a_weekend_is_no_open_time(ticket, clock, sam) -> None:
    clock.move_to(at(30, 9, 10))
    answer(ticket, sam, State.RESOLVED)
    assert minutes(ticket) == (5 * 480 + 10, 5 * 480 + 10)


def test_a_school_holiday_is_no_open_time_when_the_desk_is_closed(ticket, clock, sam, admin) -> None:
    week = Period("Pont", at(24, 0).date(), at(27, 0).date())
    here = ticket.organisation
    calendar_save(organisation=here, zone="B", holidays="closed", hours=None, periods=[week], acting_user=admin)
    clock.move_to(at(30, 9, 10))
    answer(ticket, sam, State.RESOLVED)
    assert minutes(ticket) == (490, 490)


def test_opened_again_it_is_counted_anew(ticket, clock, sam, anne) -> None:
    """The time between the resolution and the reopening is not the desk's."""
    clock.move_to(at(23, 10))
    answer(ticket, sam, State.RESOLVED)
    clock.move_to(at(25, 10))
    ticket_write(ticket=reload(ticket), author=anne, text="Toujours pas.")
    assert (minutes(ticket), reload(ticket).reopenings) == ((60, None), 1)
    clock.move_to(at(25, 10, 20))
    answer(ticket, sam, State.RESOLVED)
    assert minutes(ticket) == (60, 80)


def test_hours_changed_later_do_not_change_what_was(ticket, clock, sam, admin) -> None:
    clock.move_to(at(25, 10))
    answer(ticket, sam, State.RESOLVED)
    before = minutes(ticket)
    week = Period("Pont", at(23, 0).date(), at(27, 0).date())
    here = ticket.organisation
    calendar_save(organisation=here, zone="B", holidays="closed", hours=None, periods=[week], acting_user=admin)
    ticket_note(ticket=reload(ticket), acting_user=sam, text="Note")
    assert minutes(ticket) == before == (2 * 480 + 60, 2 * 480 + 60)


def test_each_reopening_by_the_person_is_counted(ticket, clock, sam, anne) -> None:
    """On the page once closed, by a message once resolved; a message on an open request opens nothing again."""
    ticket_write(ticket=reload(ticket), author=anne, text="Encore une chose.")
    answer(ticket, sam, State.WAITING)
    ticket_write(ticket=reload(ticket), author=anne, text="Voici.")
    assert reload(ticket).reopenings == 0
    answer(ticket, sam, State.RESOLVED)
    ticket_write(ticket=reload(ticket), author=anne, text="Non.")
    answer(ticket, sam, State.RESOLVED)
    tickets_close(at(30, 12) + dt.timedelta(days=3))
    assert reload(ticket).state == State.CLOSED
    ticket_reopen(ticket=reload(ticket), acting_user=anne, text="Rien ne va.")
    assert reload(ticket).reopenings == 2


def test_what_the_desk_does_is_no_reopening(ticket, sam, anne) -> None:
    """A state corrected, two requests joined then parted."""
    answer(ticket, sam, State.RESOLVED)
    ticket_classify(
        ticket=reload(ticket), acting_user=sam, state=State.NEW, priority=Ticket.Priority.NORMAL, kind=Kind.OTHER
    )
    other = ticket_open(kind=Kind.OTHER, text="y", account=anne, opened_by=anne)
    ticket_merge(ticket=reload(ticket), into=reload(other), acting_user=sam)
    ticket_unmerge(ticket=reload(ticket), acting_user=sam)
    assert reload(ticket).reopenings == 0
    assert minutes(ticket)[1] is None


def test_requests_of_before_are_counted_by_a_job(ticket, clock, sam, anne) -> None:
    clock.move_to(at(23, 10, 30))
    answer(ticket, sam, State.WAITING)
    clock.move_to(at(24, 10))
    ticket_write(ticket=reload(ticket), author=anne, text="Non.")
    clock.move_to(at(24, 11))
    answer(ticket, sam, State.RESOLVED)
    kept = minutes(ticket)
    Ticket.objects.update(answer_minutes=None, resolution_minutes=None)
    assert measure_past(ticket.organisation_id) == 1
    assert minutes(ticket) == kept
    assert measure_past(ticket.organisation_id) == 0


def test_the_job_reads_by_batches(ticket, sam, django_assert_num_queries) -> None:
    answer(ticket, sam, State.RESOLVED)
    row = reload(ticket)
    for rank in range(BATCH):
        row.pk, row.number = None, f"1999-{rank:06}"
        row.answer_minutes = row.resolution_minutes = None
        row._state.adding = True
        row.save()
    with django_assert_num_queries(8):  # a batch's requests, steps and writes, the empty batch after, a savepoint each
        assert measure_past(row.organisation_id) == BATCH
    assert not Ticket.objects.filter(UNMEASURED).exists()
    assert not TicketEvent.objects.filter(ticket__number__startswith="1999").exists()


moments = st.datetimes(dt.datetime(2026, 11, 2), dt.datetime(2026, 11, 27)).map(
    lambda at: at.replace(second=0, microsecond=0, tzinfo=CALENDAR.zone)
)


@given(st.lists(moments, min_size=4, max_size=4, unique=True).map(sorted))
def test_open_time_is_within_a_target_when_the_end_is(times) -> None:
    """The minutes of the figures and the moment the desk is held to are one clock."""
    opened, start, end, over = times
    target, stops = Target(8 * HOUR, 8 * HOUR), [Pause(start, end)]
    limit = due(calendar=CALENDAR, target=target, within=8 * HOUR, opened=opened, stops=stops).at
    assert limit is not None
    assert (worked(CALENDAR, opened, over, stops) <= 8 * HOUR) == (
        over <= limit or worked(CALENDAR, limit, over, []) == dt.timedelta()
    )
