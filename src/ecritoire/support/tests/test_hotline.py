"""The telephone: open now, called back, and how long an answer really takes."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from ecritoire.common.roles import Role
from ecritoire.directory.services import organisation_ensure
from ecritoire.support.hotline import SlotTaken, callback_ask, hotline_of, hotline_save, slots_free, wait_measured
from ecritoire.support.hours import Calendar, Range
from ecritoire.support.models import Hotline, Ticket
from ecritoire.support.services import ticket_answer, ticket_open

PARIS = ZoneInfo("Europe/Paris")
WEEK = tuple(
    Range(day, dt.time(*opens), dt.time(*closes))
    for day in range(5)
    for opens, closes in (((8, 30), (12, 0)), ((13, 30), (17, 0)))
)
CALENDAR = Calendar(WEEK, PARIS, ((dt.date(2026, 12, 21), dt.date(2027, 1, 1)),))


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> dt.datetime:
    """In 2026; the 23rd of November is a Monday."""
    return dt.datetime(2026, month, day, hour, minute, tzinfo=PARIS)


def our_hotline() -> Hotline:
    found = hotline_of(organisation_ensure())
    assert found is not None
    return found


@pytest.fixture
def admin_saves(db, admin) -> Hotline:
    return hotline_save(
        organisation=organisation_ensure(),
        phone="03 00 00 00 00",
        note="",
        callers=1,
        hours=WEEK,
        closures=[],
        acting_user=admin,
    )


def test_it_works(admin_saves, sign_in, anne, browser) -> None:
    with time_machine.travel(at(23, 9), tick=False):
        page = browser.get("/assistance/telephone/").content.decode()

        assert "03 00 00 00 00" in page
        assert "ouvert, jusqu&#x27;à 12h00" in page or "ouvert, jusqu'à 12h00" in page


@pytest.mark.parametrize(
    ("now", "closes", "opens"),
    [
        (at(23, 9), at(23, 12), at(23, 9)),
        (at(23, 12, 30), None, at(23, 13, 30)),
        (at(23, 18), None, at(24, 8, 30)),
        (at(27, 17), None, at(30, 8, 30)),
        (at(11, 10), None, at(12, 8, 30)),
        (at(24, 10, month=12), None, dt.datetime(2027, 1, 4, 8, 30, tzinfo=PARIS)),
    ],
    ids=["open", "at noon", "in the evening", "for the weekend", "on Armistice day", "at Christmas"],
)
def test_open_now_or_when(now, closes, opens) -> None:
    assert CALENDAR.closes_at(now) == closes
    assert CALENDAR.opens_at(now) == opens


def test_only_open_time_counts() -> None:
    assert CALENDAR.worked_between(at(27, 16), at(30, 9, 30)) == dt.timedelta(hours=2)
    assert CALENDAR.worked_between(at(28, 9), at(29, 9)) == dt.timedelta()


def test_slots_are_whole_half_hours_to_come() -> None:
    assert CALENDAR.slots(at(23, 11, 10), 3) == [at(23, 11, 30), at(23, 13, 30), at(23, 14)]


def test_a_day_of_another_length_is_counted_right() -> None:
    """The clocks go back on the last Sunday of October: nothing moves."""
    assert CALENDAR.slots(at(23, 17, month=10), 1) == [at(26, 8, 30, month=10)]


moments = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 6, 1)).map(lambda naive: naive.replace(tzinfo=PARIS))


@given(moments, moments, moments)
def test_open_time_adds_up(a, b, c) -> None:
    first, middle, last = sorted((a, b, c))
    whole = CALENDAR.worked_between(first, last)

    assert dt.timedelta() <= whole <= last - first + dt.timedelta(hours=1)
    assert CALENDAR.worked_between(first, middle) + CALENDAR.worked_between(middle, last) == whole


def test_a_slot_is_given_once(admin_saves, anne, boris) -> None:
    with time_machine.travel(at(23, 9), tick=False):
        hotline = our_hotline()
        slot = slots_free(hotline)[0]
        ticket = callback_ask(hotline=hotline, account=anne, at=slot, phone="06 11 22 33 44", subject="Téléphone")

        assert (ticket.call_at, ticket.contact) == (slot, "06 11 22 33 44")
        with pytest.raises(SlotTaken):
            callback_ask(hotline=hotline, account=boris, at=slot, phone="06 55 66 77 88", subject="Moi aussi")


def test_asking_to_be_called(admin_saves, sign_in, anne) -> None:
    client = sign_in(anne)
    slot = slots_free(our_hotline())[0]

    client.post("/assistance/telephone/rappel/", {"at": slot.isoformat(), "phone": "pas un numéro", "subject": "x"})
    assert not Ticket.objects.exists()
    client.post("/assistance/telephone/rappel/", {"at": slot.isoformat(), "phone": "06 11 22 33 44", "subject": "x"})
    assert Ticket.objects.get().kind == Ticket.Kind.CALLBACK


def test_without_a_number_one_writes(anne, sign_in) -> None:
    client = sign_in(anne)

    assert "pas donné de numéro" in client.get("/assistance/telephone/").content.decode()
    assert client.get("/assistance/telephone/rappel/").status_code == 404


def test_the_wait_is_measured_in_open_time(admin_saves, anne, make_account) -> None:
    nadia = make_account("Nadia", "Benali", Role.SUPPORT)
    hotline = our_hotline()
    assert wait_measured(hotline) is None
    with time_machine.travel(at(20, 16, 30), tick=False):
        ticket = ticket_open(kind=Ticket.Kind.OTHER, text="x", account=anne)
    with time_machine.travel(at(23, 9), tick=False):
        ticket_answer(ticket=ticket, acting_user=nadia, text="Voici.", state=Ticket.State.RESOLVED)
        from django.core.cache import cache

        cache.clear()
        wait = wait_measured(hotline)

    assert wait is not None
    assert (wait.minutes, wait.count) == (60, 1)


def form(**values: str) -> dict[str, str]:
    return {
        "phone": "03 00 00 00 00",
        "note": "",
        "callers": "2",
        "closures": "",
        "day0": "8h30-12h, 13h30-17h",
        **values,
    }


def test_hours_are_written_as_people_write_them(admin, sign_in) -> None:
    sign_in(admin).post(
        "/assistance/telephone/reglages/", form(closures="21/12/2026 - 01/01/2027 Noël\n14/05/2027 Pont")
    )

    hotline = Hotline.objects.get()
    assert [(r.opens, r.closes) for r in hotline.hours.all()] == [
        (dt.time(8, 30), dt.time(12)),
        (dt.time(13, 30), dt.time(17)),
    ]
    assert [row.label for row in hotline.closures.all()] == ["Noël", "Pont"]


@pytest.mark.parametrize(
    "values", [{"day0": "de huit à midi"}, {"day0": "12h-8h"}, {"day0": "8h-25h"}, {"closures": "Noël"}]
)
def test_what_cannot_be_read_is_refused(admin, sign_in, values) -> None:
    page = sign_in(admin).post("/assistance/telephone/reglages/", form(**values))

    assert "fr-error-text" in page.content.decode()
    assert not Hotline.objects.exists()


def test_an_agent_sets_nothing(anne, sign_in) -> None:
    assert sign_in(anne).get("/assistance/telephone/reglages/").status_code == 403
