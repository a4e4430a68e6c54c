"""The clock of a request, what is told when it is nearly late and late, and critical alerts until somebody has them."""

from __future__ import annotations

import datetime as dt
import itertools
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from ecritoire.common.models import AuditEvent
from ecritoire.common.roles import Role
from ecritoire.support import tasks
from ecritoire.support.alerts import PATIENCE, alert_raise, alerts_watch, on_call_add
from ecritoire.support.desk import Days, desk_of, national_periods, settings_of
from ecritoire.support.desk_settings import calendar_save, clocks_again, queue_save, targets_save
from ecritoire.support.escalation import escalate_all, told_of
from ecritoire.support.models import CriticalAlert, DeskSettings, OnCall, Queue, SchoolHoliday, Ticket, TicketEvent
from ecritoire.support.services import ticket_answer, ticket_classify, ticket_open, ticket_take, ticket_write
from ecritoire.support.signals import critical_raised
from ecritoire.support.targets import Target

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
Kind, State, Priority = Ticket.Kind, Ticket.State, Ticket.Priority
ESCALATED = TicketEvent.Kind.ESCALATED


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """In November 2026; the 23rd is a Monday. Without a hotline the desk works from 9 to 17."""
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=PARIS)


@pytest.fixture
def clock():
    with time_machine.travel(at(23, 9), tick=False) as traveller:
        yield traveller


@pytest.fixture
def ticket(clock, anne):
    return ticket_open(kind=Kind.TAKEOVER, text="x", account=anne, opened_by=anne)


def reload(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def test_it_works(ticket, clock, sam, anne):
    """High: an answer in two hours, a resolution in eight; the person awaited for three."""
    row = reload(ticket)
    assert (row.response_due, row.resolution_due, row.due_at) == (at(23, 11), at(23, 17), at(23, 11))
    clock.move_to(at(23, 10))
    ticket_answer(ticket=ticket, acting_user=sam, text="Essayez.", state=State.WAITING)
    row = reload(ticket)
    assert (row.response_due, row.due_at) == (at(23, 11), None)
    clock.move_to(at(23, 13))
    ticket_write(ticket=ticket, author=anne, text="Non.")
    assert reload(ticket).due_at == at(24, 12)
    ticket_answer(ticket=ticket, acting_user=sam, text="Voilà.", state=State.RESOLVED)
    row = reload(ticket)
    assert (row.due_at, row.resolution_due) == (None, at(24, 12))


def test_another_priority_is_due_otherwise(ticket, sam):
    ticket_classify(ticket=ticket, acting_user=sam, state=State.NEW, priority=Priority.NORMAL, kind=Kind.OTHER)
    assert reload(ticket).due_at == at(23, 17)


def test_nearly_late_then_late_are_told_once_each(ticket, clock, sam, admin):
    assert escalate_all() == 0
    clock.move_to(at(23, 10, 40))
    assert [escalate_all(), escalate_all()] == [1, 0]
    assert reload(ticket).priority == Priority.HIGH
    clock.move_to(at(23, 11, 5))
    assert [escalate_all(), escalate_all()] == [1, 0]
    row = reload(ticket)
    assert row.priority == Priority.CRITICAL
    assert row.events.filter(kind=ESCALATED).count() == 2
    assert row.events.filter(kind=ESCALATED).latest("pk").detail["priority"] == [2, 1]


def test_a_job_that_slept_tells_late_at_once(ticket, clock, sam):
    clock.move_to(at(23, 15))
    assert [escalate_all(), escalate_all()] == [1, 0]
    assert ticket.events.filter(kind=ESCALATED).count() == 1


def test_nothing_is_told_while_the_person_is_awaited(ticket, clock, sam):
    ticket_answer(ticket=ticket, acting_user=sam, text="?", state=State.WAITING)
    clock.move_to(at(27, 15))
    assert escalate_all() == 0


def test_who_is_told(ticket, sam, admin, make_account):
    lou = make_account("Lou", "Ligne", Role.SUPPORT)
    assert set(told_of(reload(ticket), late=False)) == {sam.login, lou.login}
    line = Queue(organisation=sam.person.organisation)
    queue_save(queue=line, name="N2", discipline="", address="", members=[lou], acting_user=admin)
    Ticket.objects.update(queue=line)
    assert told_of(reload(ticket), late=False) == [lou.login]
    ticket_take(ticket=reload(ticket), acting_user=sam)
    assert told_of(reload(ticket), late=False) == [sam.login]
    assert told_of(reload(ticket), late=True) == [sam.login, lou.login, admin.login]


def test_the_queue_shows_and_sorts_delays(ticket, clock, sign_in, sam, anne):
    later = ticket_open(kind=Kind.OTHER, text="x", account=anne)
    clock.move_to(at(23, 11, 30))
    browser = sign_in(sam)

    def numbers(query: str) -> list[str]:
        return [row.number for row in browser.get(f"/assistance/file/?{query}").context["page"]]

    assert numbers("due=late") == [ticket.number]
    assert numbers("due=soon") == []
    assert numbers("due=next") == [ticket.number, later.number]
    page = browser.get("/assistance/file/").content.decode()
    assert "dépassé de" in page
    assert "répondre avant le" in page
    assert "dépassé de" in browser.get(f"/assistance/file/{ticket.number}/").content.decode()


def test_targets_are_set_on_their_page(ticket, sign_in, admin):
    browser = sign_in(admin)
    form = browser.get("/assistance/reglages/delais/").context["form"]
    values = {field.html_name: field.value() for field in form if field.value()}
    assert browser.post("/assistance/reglages/delais/", values | {"response_2": 60}).status_code == 302
    assert AuditEvent.objects.get(action="desk.targets").detail["close_days"] == 7
    clocks_again(admin.organisation_id)
    assert reload(ticket).due_at == at(23, 10)
    page = browser.post("/assistance/reglages/delais/", values | {"response_2": 9000})
    assert "resolution_2" in page.context["form"].errors


def test_days_are_set_on_the_same_page_by_an_administrator_alone(sign_in, sam, admin):
    assert sign_in(sam).get("/assistance/reglages/delais/").status_code == 403
    browser = sign_in(admin)
    form = browser.get("/assistance/reglages/delais/").context["form"]
    values = {field.html_name: field.value() for field in form if field.value()}
    browser.post("/assistance/reglages/delais/", values | {"remind_days": 3, "close_days": 0, "reopen_days": 30})
    assert desk_of(admin.organisation_id).days == Days(3, 0, 30)
    assert (settings_of(admin.organisation_id).close_days, DeskSettings.objects.count()) == (0, 1)


def test_targets_are_one_s_own_academy_s(rivemont, admin):
    targets: dict[int, Target] = {Priority.HIGH: Target(dt.timedelta(minutes=1), dt.timedelta(minutes=2))}
    targets_save(
        organisation=admin.person.organisation, targets=targets, contact_hours=3, days=Days(3, 0, 30), acting_user=admin
    )
    assert desk_of(admin.organisation_id).contact_time == dt.timedelta(hours=3)
    assert (desk_of(admin.organisation_id).days, desk_of(rivemont.pk).days) == (Days(3, 0, 30), Days(5, 7, 14))
    assert desk_of(rivemont.pk).targets[Priority.HIGH].response == dt.timedelta(hours=2)


@pytest.mark.parametrize("zone", ["A", "B", "C"])
def test_the_national_calendar_is_whole(zone):
    rows = national_periods(zone)
    assert all(row.first <= row.last for row in rows)
    assert all(before.last < after.first for before, after in itertools.pairwise(rows))
    names = [row.name for row in rows if dt.date(2026, 9, 1) <= row.first < dt.date(2027, 6, 1)]
    assert len(names) == 5


def test_zones_differ_in_winter():
    winter = {zone: next(r.first for r in national_periods(zone) if "hiver" in r.name) for zone in "ABC"}
    assert winter == {"A": dt.date(2026, 2, 7), "B": dt.date(2026, 2, 14), "C": dt.date(2026, 2, 21)}


def test_closed_during_school_holidays(sign_in, admin):
    browser = sign_in(admin)
    values = {"zone": "B", "holidays": "closed", "periods": "01/12/2026 - 02/12/2026 Fermeture"}
    assert browser.post("/assistance/reglages/calendrier/", values).status_code == 302
    calendar = desk_of(admin.organisation_id).calendar
    assert calendar.opens_at(dt.datetime(2026, 12, 21, 10, tzinfo=PARIS)) == dt.datetime(2027, 1, 4, 9, tzinfo=PARIS)
    assert calendar.opens_at(dt.datetime(2026, 12, 1, 10, tzinfo=PARIS)) == dt.datetime(2026, 12, 3, 9, tzinfo=PARIS)
    assert "Fermeture" in browser.get("/assistance/reglages/calendrier/").content.decode()


def test_a_period_written_by_hand_replaces_the_one_it_overlaps(sign_in, admin):
    values = {"zone": "B", "holidays": "closed", "periods": "21/12/2026 - 22/12/2026 Noël abrégé"}
    sign_in(admin).post("/assistance/reglages/calendrier/", values)
    calendar = desk_of(admin.organisation_id).calendar
    assert calendar.opens_at(dt.datetime(2026, 12, 21, 10, tzinfo=PARIS)) == dt.datetime(2026, 12, 23, 9, tzinfo=PARIS)
    assert calendar.opens_at(dt.datetime(2026, 10, 19, 10, tzinfo=PARIS)) == dt.datetime(2026, 11, 2, 9, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"zone": "D", "holidays": "usual"}, "zone"),
        ({"zone": "A", "holidays": "reduced"}, "opens"),
        ({"zone": "A", "holidays": "usual", "periods": "hier"}, "periods"),
    ],
)
def test_a_wrong_calendar_is_named(sign_in, admin, values, field):
    page = sign_in(admin).post("/assistance/reglages/calendrier/", values)
    assert field in page.context["form"].errors
    assert not SchoolHoliday.objects.exists()


def test_reduced_hours(admin):
    calendar_save(
        organisation=admin.person.organisation,
        zone="B",
        holidays="reduced",
        hours=(dt.time(10), dt.time(12)),
        periods=[],
        acting_user=admin,
    )
    calendar = desk_of(admin.organisation_id).calendar
    monday = dt.datetime(2026, 12, 21, 8, tzinfo=PARIS)
    assert calendar.after(monday, dt.timedelta(hours=3)) == dt.datetime(2026, 12, 22, 11, tzinfo=PARIS)


@pytest.fixture
def shifts(clock, admin, sam):
    """Sam first, then Ada."""
    now = timezone.now()
    same = {"starts_at": now, "ends_at": now + dt.timedelta(days=2), "phone": "06 00 00 00 01", "acting_user": admin}
    on_call_add(account=sam, rank=1, address="sam@ailleurs.test", **same)
    on_call_add(account=admin, rank=2, address="", **same)


@pytest.fixture
def raised():
    """Who was told, round after round."""
    rounds = []

    def note(accounts, **kwargs):
        rounds.append({account.person.given_name for account in accounts})

    critical_raised.connect(note)
    yield rounds
    critical_raised.disconnect(note)


def critical(anne) -> Ticket:
    return ticket_open(kind=Kind.MAIL, text="x", account=anne, priority=Priority.CRITICAL)


def test_one_after_the_other_then_everybody(shifts, clock, raised, anne, make_account):
    make_account("Lou", "Ligne", Role.SUPPORT)
    critical(anne)
    assert raised == [{"Sam"}]
    assert alerts_watch() == 0
    for _round in range(3):
        clock.shift(PATIENCE)
        alerts_watch()
    assert raised == [{"Sam"}, {"Ada"}, {"Sam", "Ada", "Lou"}]


def test_with_nobody_on_call_everybody_is_told(clock, raised, anne, sam, admin):
    critical(anne)
    assert raised == [{"Sam", "Ada"}]


def test_a_shift_that_is_over_is_not_told(shifts, clock, raised, anne):
    clock.shift(dt.timedelta(hours=1))
    OnCall.objects.filter(rank=1).update(ends_at=timezone.now())
    critical(anne)
    assert raised == [{"Ada"}]


def test_an_alert_reaches_addresses_outside(shifts, anne, sam, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    critical(anne)
    alert = CriticalAlert.objects.get()
    tasks.send_alert(alert_id=alert.pk, accounts=[sam.pk])
    assert {message.to[0] for message in mail.outbox} == {sam.login, "anne@ailleurs.test", "sam@ailleurs.test"}
    assert f"/assistance/alertes/{alert.pk}/" in mail.outbox[0].body


def test_taken_care_of_by_a_post_only(shifts, clock, raised, anne, sam, sign_in):
    row = critical(anne)
    alert = CriticalAlert.objects.get()
    browser = sign_in(sam)
    assert "Je m'en occupe" in browser.get(f"/assistance/alertes/{alert.pk}/").content.decode().replace("&#x27;", "'")
    alert.refresh_from_db()
    assert alert.acknowledged_at is None
    assert browser.post(f"/assistance/alertes/{alert.pk}/").status_code == 302
    alert.refresh_from_db()
    assert alert.acknowledged_by == sam
    row = reload(row)
    assert (row.assignee, row.state) == (sam, State.IN_PROGRESS)
    clock.shift(PATIENCE)
    assert alerts_watch() == 0
    assert raised == [{"Sam"}]
    assert AuditEvent.objects.filter(action="alert.acknowledge").exists()


def test_an_alert_is_for_support_only(shifts, anne, boris, sign_in):
    critical(anne)
    assert sign_in(boris).post(f"/assistance/alertes/{CriticalAlert.objects.get().pk}/").status_code == 403


def test_whoever_takes_the_request_stops_the_alert(shifts, clock, raised, anne, sam):
    ticket_take(ticket=critical(anne), acting_user=sam)
    clock.shift(PATIENCE)
    assert alerts_watch() == 0
    assert raised == [{"Sam"}]


def test_one_alert_a_request(shifts, raised, anne):
    row = critical(anne)
    alert_raise(row)
    assert raised == [{"Sam"}]


def test_becoming_critical_raises_it_too(ticket, raised, sam):
    ticket_classify(ticket=ticket, acting_user=sam, state=State.NEW, priority=Priority.CRITICAL, kind=Kind.MAIL)
    assert raised == [{"Sam"}]


def test_the_on_call_page(sign_in, admin, sam, anne):
    browser = sign_in(admin)
    shift = {"account": sam.pk, "rank": 1, "phone": "06 00 00 00 01", "address": "sam@ailleurs.test"}
    shift |= {"starts_at": "2026-11-23T08:00", "ends_at": "2036-11-24T08:00"}
    assert browser.post("/assistance/reglages/astreinte/", shift).status_code == 302
    row = OnCall.objects.get()
    assert "sam@ailleurs.test" in browser.get("/assistance/reglages/astreinte/").content.decode()
    page = browser.post("/assistance/reglages/astreinte/", shift | {"ends_at": "2026-11-22T08:00"})
    assert "ends_at" in page.context["form"].errors
    page = browser.post("/assistance/reglages/astreinte/", shift | {"account": anne.pk})
    assert "account" in page.context["form"].errors
    browser.post(f"/assistance/reglages/astreinte/{row.pk}/suppression/")
    assert not OnCall.objects.exists()
    assert AuditEvent.objects.filter(action__startswith="on_call.").count() == 2
