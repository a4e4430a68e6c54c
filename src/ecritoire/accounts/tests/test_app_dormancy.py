"""Mail applications nobody uses: told, then revoked, never the one without the other."""

import datetime as dt

import pytest
from django.utils import timezone

from ecritoire.accounts.models import AppPassword
from ecritoire.accounts.services import app_password_create, probe_ensure
from ecritoire.accounts.services.dormancy import applications_review
from ecritoire.accounts.tasks.applications import review_applications, send_dormant
from ecritoire.common.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def make(anne):
    """An application of Anne's, with its ages in days."""

    def make(*, created, used=None, told=None):
        row, _ = app_password_create(account=anne, name="Tablette")
        values = {"created_at": created, "last_used_at": used, "dormant_told_at": told}
        now = timezone.now()
        AppPassword.objects.filter(pk=row.pk).update(
            **{name: None if days is None else now - dt.timedelta(days=days) for name, days in values.items()}
        )
        return row

    return make


def jobs():
    from procrastinate.contrib.django.models import ProcrastinateJob

    return ProcrastinateJob.objects.filter(task_name="accounts.send_dormant").count()


def test_it_works(make, anne):
    row = make(created=200, used=91)
    assert applications_review() == (1, 0)
    row.refresh_from_db()
    assert row.dormant_told_at
    assert row.revoked_at is None
    AppPassword.objects.update(last_used_at=timezone.now() - dt.timedelta(days=181))
    AppPassword.objects.update(dormant_told_at=timezone.now() - dt.timedelta(days=90))
    assert applications_review() == (0, 1)
    row.refresh_from_db()
    assert row.revoked_at
    event = AuditEvent.objects.get(action="app_password.revoke")
    assert (event.actor, event.target, event.detail["reason"]) == ("system", anne.login, "dormant")


@pytest.mark.parametrize(
    ("ages", "outcome"),
    [
        ({"created": 200, "used": 89}, (0, 0)),
        ({"created": 200, "used": 91}, (1, 0)),
        ({"created": 29}, (0, 0)),
        ({"created": 31}, (1, 0)),
        ({"created": 61, "told": 30}, (0, 1)),
        ({"created": 59, "told": 28}, (0, 0)),
        ({"created": 400, "used": 181, "told": 90}, (0, 1)),
        ({"created": 400, "used": 300}, (1, 0)),
        ({"created": 400, "used": 300, "told": 13}, (0, 0)),
    ],
)
def test_when(make, ages, outcome):
    make(**ages)
    assert applications_review() == outcome


def test_the_worker_does_it_every_night():
    from procrastinate.contrib.django import app

    periodic = {name for name, _ in app.periodic_registry.periodic_tasks}
    assert "accounts.review_applications" in periodic


def test_one_message_for_all_and_one_time(make):
    for _ in range(3):
        make(created=40)
    review_applications(timestamp=0)
    review_applications(timestamp=0)
    assert jobs() == 1


def test_the_message_names_them(make, anne, mailoutbox):
    make(created=40)
    applications_review()
    send_dormant(account_id=anne.pk)
    assert mailoutbox[0].to == [anne.login]
    assert "Tablette" in mailoutbox[0].body
    assert "jamais utilisée" in mailoutbox[0].body


def test_the_self_check_never_sleeps():
    probe_ensure()
    AppPassword.objects.update(created_at=timezone.now() - dt.timedelta(days=500))
    assert applications_review() == (0, 0)


def test_the_console_lists_them(sign_in, admin, make):
    make(created=40)
    assert "Tablette" in sign_in(admin).get("/compte/applications/console/").content.decode()
