"""Reminders around the end of a right."""

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from ecritoire.accounts import tasks, witnesses
from ecritoire.accounts.lifecycle import State
from ecritoire.accounts.models import Account, EndPolicy, EndReminder
from ecritoire.accounts.services.end_reminders import reminders_due_send
from ecritoire.accounts.services.lifecycle import accounts_advance

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
LAST = dt.date(2027, 6, 30)


@pytest.fixture
def clock():
    with time_machine.travel(dt.datetime(2027, 5, 1, 6, tzinfo=dt.UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def anne(clock, make_account):
    account = make_account("Anne", "Durand")
    account.person.right_until = LAST
    account.person.save()
    return account


def on(clock, day):
    """One night and one morning of the service."""
    clock.move_to(dt.datetime.combine(day, dt.time(6), tzinfo=dt.UTC))
    accounts_advance()
    return reminders_due_send(today=timezone.localdate())


def written(account):
    rows = EndReminder.objects.filter(account=account).order_by("id")
    return [(row.about, row.days) for row in rows]


def test_it_works(clock, anne):
    days = [LAST - 60 * DAY + n * DAY for n in range(92)]
    sent_on = [day for day in days if on(clock, day)]
    closing = LAST + 30 * DAY
    assert sent_on == [LAST - 30 * DAY, LAST - 7 * DAY, LAST + DAY, closing - 7 * DAY, closing - DAY]
    assert written(anne) == [("end", 30), ("end", 7), ("ended", 0), ("closing", 7), ("closing", 1)]
    anne.refresh_from_db()
    assert anne.state == State.DEACTIVATED


def test_nothing_goes_out_twice(clock, anne):
    assert [on(clock, LAST - 30 * DAY) for _ in range(3)] == [1, 0, 0]


def test_days_missed_are_caught_up_with_the_nearest(clock, anne):
    assert on(clock, LAST - 3 * DAY) == 1
    assert written(anne) == [("end", 7)]


def test_a_renewal_cancels_the_rest(clock, anne):
    on(clock, LAST - 30 * DAY)
    anne.person.right_until = LAST + 365 * DAY
    anne.person.save()
    assert [on(clock, LAST + n * DAY) for n in (-7, 1, 24, 30)] == [0] * 4


def test_a_message_under_way_stops_when_the_right_is_renewed(clock, anne):
    on(clock, LAST - 30 * DAY)
    row = EndReminder.objects.get()
    tasks.lifecycle.send_end_reminder(reminder_id=row.pk, address=anne.login)
    assert len(mail.outbox) == 1
    anne.person.right_until = None
    anne.person.save()
    tasks.lifecycle.send_end_reminder(reminder_id=row.pk, address=anne.login)
    assert len(mail.outbox) == 1


def test_the_calendar_is_the_categorys(clock, anne):
    EndPolicy.objects.create(
        organisation=anne.person.organisation, category=anne.person.category, before_end=[45], before_closing=[]
    )
    assert on(clock, LAST - 45 * DAY) == 1
    assert on(clock, LAST - 7 * DAY) == 0


def test_a_date_that_moves_has_reminders_of_its_own(clock, anne):
    on(clock, LAST - 7 * DAY)
    anne.person.right_until = LAST + 10 * DAY
    anne.person.save()
    assert on(clock, LAST + 3 * DAY) == 1
    assert written(anne) == [("end", 7), ("end", 7)]


def test_who_is_written_to(clock, anne, monkeypatch):
    monkeypatch.setattr(witnesses, "_witnesses", [lambda person: ["ce.0999999a@ac-valmont.test"]])
    on(clock, LAST - 30 * DAY)
    jobs = ProcrastinateJob.objects.filter(task_name__startswith="accounts.send_end")
    told = {job.args["address"] for job in jobs}
    assert told == {anne.login, "anne@ailleurs.test", "ce.0999999a@ac-valmont.test"}
    assert EndReminder.objects.get().recipients == 3


def test_the_words(clock, anne):
    on(clock, LAST - 30 * DAY)
    on(clock, LAST + DAY)
    for row in EndReminder.objects.filter(about="ended"):
        tasks.lifecycle.send_end_reminder(reminder_id=row.pk, address="anne@ailleurs.test")
    (message,) = mail.outbox
    assert message.subject == "Votre messagerie ferme le 30 juillet 2027"
    assert "vendredi 30 juillet 2027" in message.body
    assert "/fin-de-contrat/" in message.body
    assert "il vous reste 29 jours" in message.body


def test_the_dead_the_suspended_and_the_never_activated_hear_nothing(clock, anne, make_account):
    nina = make_account("Nina", "Nouvelle", state=State.PROVISIONED, activated_at=None)
    boris = make_account("Boris", "Lenoir")
    for account in (nina, boris):
        account.person.right_until = LAST
        account.person.save()
    Account.objects.filter(pk=boris.pk).update(state=State.SUSPENDED)
    anne.person.deceased_on = LAST - 40 * DAY
    anne.person.save()
    assert [on(clock, LAST + n * DAY) for n in (-30, -7, 1, 23, 29)] == [0] * 5


def test_whoever_is_told_late_is_told_once_that_day(clock, anne):
    anne.person.right_until = LAST - 90 * DAY
    anne.person.save()
    assert on(clock, LAST) == 1
    assert reminders_due_send(today=LAST) == 0
    assert on(clock, LAST + DAY) == 1
    assert written(anne) == [("ended", 0), ("closing", 7)]


def test_reading_costs_a_bounded_number_of_queries(clock, anne, make_account, django_assert_max_num_queries):
    for number in range(3):
        other = make_account(f"Agent{number}", "Pluriel")
        other.person.right_until = LAST
        other.person.save()
    on(clock, LAST - 30 * DAY)
    with django_assert_max_num_queries(4):
        reminders_due_send(today=LAST - 30 * DAY)
