"""A password renewed by policy: reminders, then a page that still works on the day after."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from conftest import PASSWORD
from ecritoire.accounts import tasks
from ecritoire.accounts.models import AccessPolicy, Lockout, PasswordReminder, Population, SignInEvent
from ecritoire.accounts.renewal import due_on
from ecritoire.accounts.services.probe import probe_ensure
from ecritoire.accounts.services.renewal import reminders_send
from ecritoire.common.roles import Role

pytestmark = pytest.mark.django_db
NEW = "Tracteur-bleu-7-lune"
RENEWAL = "/compte/renouvellement/"
SENT = {"current_password": PASSWORD, "new_password": NEW, "repeat": NEW}


@pytest.fixture
def yearly(db):
    return AccessPolicy.objects.create(population=Population.TEACHER, renewal_days=365)


def age(account, days):
    account.password_changed_at = timezone.now() - dt.timedelta(days=days)
    account.save()
    return account


def test_it_works(yearly, sign_in, anne):
    """The day after: signed in, led to the renewal page and nowhere else, free again with a new password."""
    browser = sign_in(age(anne, 366))
    for url in ("/", "/courrier/", "/compte/sessions/", "/compte/mot-de-passe/"):
        assert browser.get(url).url == RENEWAL
    assert "Renouveler votre mot de passe" in browser.get(RENEWAL).content.decode()
    assert browser.post(RENEWAL, SENT).url == "/"
    assert browser.get("/").status_code == 200
    sign_in(anne, NEW)


def test_the_reason_is_recorded_and_nothing_locks(yearly, sign_in, anne):
    for _ in range(6):
        sign_in(age(anne, 400)).get("/")
    assert SignInEvent.objects.filter(result="password_old").count() == 6
    row = Lockout.objects.get()
    assert (row.cause, row.ended_at) == ("expired", None)
    browser = sign_in(anne)
    browser.get("/")
    browser.post(RENEWAL, SENT)
    row.refresh_from_db()
    assert (row.end, row.lasts) == ("reset", False)


def test_the_last_day_still_opens_everything(yearly, sign_in, anne):
    page = sign_in(age(anne, 365)).get("/")
    assert page.status_code == 200
    assert "à renouveler au plus tard le" in page.content.decode()


def test_no_banner_long_before(yearly, sign_in, anne):
    assert "à renouveler" not in sign_in(age(anne, 300)).get("/").content.decode()


def test_the_renewal_page_is_for_those_out_of_date(yearly, sign_in, anne, browser):
    assert browser.get(RENEWAL).url.startswith("/compte/connexion/")
    assert sign_in(age(anne, 10)).get(RENEWAL).url == "/compte/mot-de-passe/"


def test_the_same_password_is_no_renewal(yearly, sign_in, anne):
    answer = sign_in(age(anne, 366)).post(RENEWAL, {**SENT, "new_password": PASSWORD, "repeat": PASSWORD})
    assert "mot de passe actuel : choisissez-en un autre" in answer.content.decode()


def test_no_policy_no_renewal(anne):
    assert due_on(age(anne, 4000)) is None


def test_the_shortest_of_several_holds(yearly, make_account):
    AccessPolicy.objects.create(population=Population.PRIVILEGED, renewal_days=90)
    ada = age(make_account("Ada", "Admin", Role.ADMINISTRATOR), 10)
    assert due_on(ada) == timezone.localdate() + dt.timedelta(days=80)


def test_a_new_policy_leaves_the_time_of_its_reminders(yearly, anne):
    yearly.renewal_set_on = timezone.localdate()
    yearly.save()
    assert due_on(age(anne, 4000)) == timezone.localdate() + dt.timedelta(days=15)


def test_the_self_check_s_account_never_expires(yearly):
    AccessPolicy.objects.update(population=probe_ensure().person.category)
    assert due_on(age(probe_ensure(), 4000)) is None


@pytest.mark.parametrize(("left", "threshold"), [(15, 15), (14, 15), (8, 15), (7, 7), (2, 7), (1, 1), (0, 1)])
def test_each_reminder_is_sent_once(yearly, anne, left, threshold):
    age(anne, 365 - left)
    assert [reminders_send(), reminders_send()] == [1, 0]
    assert PasswordReminder.objects.get().days == threshold


@pytest.mark.parametrize("left", [16, 200, -1])
def test_none_too_early_none_too_late(yearly, anne, left):
    age(anne, 365 - left)
    assert reminders_send() == 0


def test_the_reminder_goes_to_the_mailbox(yearly, anne):
    age(anne, 358)
    reminders_send()
    job = ProcrastinateJob.objects.get(task_name="accounts.send_renewal_reminder")
    tasks.send_renewal_reminder(**job.args)
    assert mail.outbox[-1].to == [anne.login]
    assert "renouveler avant le" in mail.outbox[-1].subject


def test_reminding_costs_queries_by_the_thousand(yearly, make_account, django_assert_max_num_queries):
    for number in range(5):
        age(make_account("Anne", f"Numero-{number}"), 300)
    with django_assert_max_num_queries(4):
        reminders_send()
