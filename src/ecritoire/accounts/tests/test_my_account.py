"""One's own password, recovery means, sessions and history."""

import datetime as dt

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from conftest import PASSWORD, SecureClient
from ecritoire.accounts import tasks
from ecritoire.accounts.models import AccountSession, OneTimeCode
from ecritoire.accounts.services.codes import code_make

pytestmark = pytest.mark.django_db
NEW = "Tracteur-bleu-7-lune"


def test_it_works(sign_in, anne):
    browser = sign_in(anne)
    data = {"current_password": PASSWORD, "new_password": NEW, "repeat": NEW}
    assert browser.post("/compte/mot-de-passe/", data).status_code == 302
    assert browser.get("/").status_code == 200
    anne.refresh_from_db()
    assert anne.check_password(NEW)


def test_changing_the_password_closes_the_other_sessions(sign_in, anne):
    other = SecureClient()
    other.post("/compte/connexion/", {"login": anne.login, "password": PASSWORD})
    data = {"current_password": PASSWORD, "new_password": NEW, "repeat": NEW}
    sign_in(anne).post("/compte/mot-de-passe/", data)
    assert other.get("/").status_code == 302


def test_the_current_password_is_asked_for(sign_in, anne):
    data = {"current_password": "faux", "new_password": NEW, "repeat": NEW}
    assert "pas votre mot de passe actuel" in sign_in(anne).post("/compte/mot-de-passe/", data).content.decode()


def test_a_session_is_closed_from_another(sign_in, anne):
    other = SecureClient()
    other.post("/compte/connexion/", {"login": anne.login, "password": PASSWORD})
    session = AccountSession.objects.get(account=anne)
    started = int(session.started_at.timestamp()) - 60
    data = session.get_decoded() | {"started": started}
    AccountSession.objects.filter(pk=session.pk).update(session_data=other.session.encode(data))
    AccountSession.objects.filter(pk=session.pk).update(started_at=f"2026-01-01T00:00:{started % 60:02d}Z")
    row = AccountSession.objects.get(pk=session.pk)
    sign_in(anne).post(f"/compte/sessions/{int(row.started_at.timestamp())}/")
    assert not AccountSession.objects.filter(pk=session.pk).exists()


def test_nobody_sees_or_closes_another_s_session(sign_in, anne, boris):
    other = SecureClient()
    other.post("/compte/connexion/", {"login": anne.login, "password": PASSWORD})
    session = AccountSession.objects.get(account=anne)
    sign_in(boris).post(f"/compte/sessions/{int(session.started_at.timestamp())}/")
    assert AccountSession.objects.filter(account=anne).exists()


def test_the_old_address_stays_until_the_new_one_is_verified_and_is_told(sign_in, anne):
    browser = sign_in(anne)
    data = {"kind": "address", "address-address": "nouvelle@maison.test", "address-current_password": PASSWORD}
    browser.post("/compte/secours/", data)
    anne.recovery_address.refresh_from_db()
    assert (anne.recovery_address.address, anne.recovery_address.pending) == (
        "anne@ailleurs.test",
        "nouvelle@maison.test",
    )
    tasks.send_verification_code(account_id=anne.pk)
    from django.core import mail

    browser.post("/compte/secours/", {"kind": "code", "code": mail.outbox[-1].subject.rpartition(" ")[2]})
    anne.recovery_address.refresh_from_db()
    assert anne.recovery_address.address == "nouvelle@maison.test"
    job = ProcrastinateJob.objects.get(task_name="accounts.send_address_changed")
    assert job.args == {"address": "anne@ailleurs.test", "account_id": anne.pk}


def test_recovery_cannot_be_changed_without_the_password(sign_in, anne):
    data = {"kind": "address", "address-address": "voleur@maison.test", "address-current_password": "faux"}
    sign_in(anne).post("/compte/secours/", data)
    anne.recovery_address.refresh_from_db()
    assert anne.recovery_address.pending == ""


def test_the_history_shows_one_s_own_sign_ins(sign_in, anne, boris):
    sign_in(boris)
    page = sign_in(anne).get("/compte/historique/").content.decode()
    assert page.count('badge--success">réussie<') == 1


@pytest.mark.parametrize(
    "url",
    ["/compte/mot-de-passe/", "/compte/secours/", "/compte/sessions/", "/compte/historique/", "/compte/applications/"],
)
def test_a_stranger_sees_none_of_it(browser, url):
    assert browser.get(url).url.startswith("/compte/connexion/")


def test_what_ran_out_is_forgotten(anne, sign_in):
    from ecritoire.accounts.tasks.mail import sessions_purge

    browser = sign_in(anne)
    lasting = AccountSession.objects.get(account=anne)
    AccountSession.objects.create(session_key="perimee", expire_date=timezone.now() - dt.timedelta(minutes=1))
    code_make(account=anne, purpose=OneTimeCode.Purpose.RESET_PASSWORD)
    sessions_purge(timestamp=0)
    assert OneTimeCode.objects.count() == 1
    OneTimeCode.objects.update(expires_at=timezone.now() - dt.timedelta(minutes=1))
    sessions_purge(timestamp=0)
    assert list(AccountSession.objects.all()) == [lasting]
    assert not OneTimeCode.objects.exists()
    assert browser.get("/").status_code == 200


def test_many_sessions_are_shown_thirty_at_a_time(anne, sign_in):
    browser = sign_in(anne)
    lasting = timezone.now() + dt.timedelta(hours=1)
    rows = (AccountSession(session_key=f"s{n:030}", expire_date=lasting, account=anne) for n in range(40))
    AccountSession.objects.bulk_create(rows)
    assert len(browser.get("/compte/sessions/").context["page"]) == 30
    assert len(browser.get("/compte/sessions/?page=2").context["page"]) == 11
