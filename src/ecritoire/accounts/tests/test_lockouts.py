"""Who is kept out, why, until when, and how it ends."""

import datetime as dt

import pytest
from django.utils import timezone

from conftest import PASSWORD
from ecritoire.accounts.lockout_reports import bars_of, lockouts_by_week
from ecritoire.accounts.models import Account, Lockout, SignInEvent
from ecritoire.accounts.services.history import sign_in_record
from ecritoire.accounts.services.passwords import password_set
from ecritoire.common.roles import Role
from ecritoire.directory.services import organisation_ensure

Protocol, Result = SignInEvent.Protocol, SignInEvent.Result
URL = "/compte/connexion/"
STATISTICS = "/compte/blocages/"
WRONG = "faux"
pytestmark = pytest.mark.django_db


def fail(browser, login, times=5, password=WRONG, **extra):
    for _ in range(times):
        answer = browser.post(URL, {"login": login, "password": password}, **extra)
    return answer


def test_it_works(browser, anne, sign_in):
    fail(browser, anne.login)
    row = Lockout.objects.get()
    assert (row.account, row.cause, row.protocol, row.address, row.failures) == (
        anne, "wrong_password", "web", "192.0.2.10", 5,
    )  # fmt: skip
    assert row.ended_at
    assert dt.timedelta(seconds=50) < row.ended_at - row.started_at <= dt.timedelta(minutes=1)
    assert row.lasts
    page = fail(browser, anne.login, 1, PASSWORD).content.decode()
    assert f"{timezone.localtime(row.ended_at):%H:%M}" in page
    assert "mots de passe ou codes incorrects à la suite" in page


def test_the_delay_grows_within_one_lockout(browser, anne):
    fail(browser, anne.login)
    SignInEvent.objects.update(at=timezone.now() - dt.timedelta(minutes=2))
    fail(browser, anne.login, 1)
    row = Lockout.objects.get()
    assert row.failures == 6
    assert row.ended_at
    assert row.ended_at - timezone.now() > dt.timedelta(seconds=100)


def test_a_refused_try_does_not_lengthen_it(browser, anne):
    fail(browser, anne.login)
    before = Lockout.objects.get().ended_at
    fail(browser, anne.login, 3)
    assert Lockout.objects.get().ended_at == before


def test_a_name_nobody_has_is_locked_alike(browser, db):
    fail(browser, "personne@ac-valmont.test")
    assert fail(browser, "personne@ac-valmont.test", 1).status_code == 429
    assert Lockout.objects.get().account is None


def test_a_stale_telephone_does_not_lock_the_pages(browser, anne):
    for _ in range(30):
        sign_in_record(
            login=anne.login,
            account=anne,
            protocol=Protocol.IMAP,
            result=Result.WRONG_PASSWORD,
            address="192.0.2.10",
            application="",
        )
    assert fail(browser, anne.login, 1, PASSWORD).status_code == 302
    assert Lockout.objects.get().protocol == "imap"


def test_wrong_codes_have_a_cause_of_their_own(anne):
    for _ in range(5):
        sign_in_record(
            login=anne.login, account=anne, protocol=Protocol.WEB, result=Result.WRONG_CODE, address="", application=""
        )
    assert Lockout.objects.get().cause == "wrong_code"


def test_an_expired_temporary_password_is_counted_until_there_is_a_new_one(browser, make_account):
    account = make_account(
        state=Account.State.PROVISIONED, temporary_password_expires_at=timezone.now() - dt.timedelta(1)
    )
    fail(browser, account.login, 3, PASSWORD)
    row = Lockout.objects.get()
    assert (row.cause, row.ended_at) == ("expired", None)
    password_set(account=account, password="Tracteur-bleu-7-lune")
    row.refresh_from_db()
    assert (row.end, row.lasts) == ("reset", False)


def test_support_unlocks_and_sees_why(browser, sign_in, make_account, anne):
    fail(browser, anne.login)
    support = sign_in(make_account("Sam", "Support", Role.SUPPORT))
    page = support.get(f"/annuaire/personnes/{anne.person_id}/").content.decode()
    assert "en cours" in page
    assert "Mots de passe incorrects (5)" in page
    support.post(f"/compte/gestion/{anne.pk}/unlock/")
    row = Lockout.objects.get()
    assert (row.end, row.lasts) == ("support", False)


def test_the_person_sees_it_in_the_history(browser, anne, boris, sign_in):
    fail(browser, anne.login)
    fail(browser, boris.login)
    SignInEvent.objects.update(at=timezone.now() - dt.timedelta(minutes=5))
    page = sign_in(anne).get("/compte/historique/").content.decode()
    assert page.count("Mots de passe incorrects (5)") == 1


@pytest.fixture
def a_year_of_them(anne):
    now = timezone.now()
    causes = ["wrong_password"] * 6 + ["expired"] * 3 + ["suspected"]
    Lockout.objects.bulk_create(
        Lockout(login=anne.login, protocol="web", cause=cause, started_at=now - dt.timedelta(weeks=week), ended_at=now)
        for week in (0, 1, 40)
        for cause in causes
    )


def test_the_share_of_each_cause_is_counted_by_week(
    a_year_of_them, sign_in, make_account, django_assert_max_num_queries
):
    browser = sign_in(make_account("Sam", "Support", Role.SUPPORT))
    browser.get(STATISTICS)
    with django_assert_max_num_queries(8):
        page = browser.get(STATISTICS).content.decode()
    assert page.count("60 %") == 3
    assert page.count("30 %") == 3
    assert page.count("<rect") == 6 + 4


def test_the_bars_are_as_high_as_the_figures(a_year_of_them):
    weeks = lockouts_by_week(organisation=organisation_ensure())
    assert [week.total for week in weeks] == [0] * 10 + [10, 10]
    assert [bar.height for bar in bars_of(weeks)][:3] == [96, 48, 16]


def test_the_export_opens_in_a_spreadsheet(a_year_of_them, sign_in, admin):
    content = sign_in(admin).get("/compte/blocages.csv").content.decode()
    assert content.startswith("\ufeffSemaine du;")
    assert content.splitlines()[-1].endswith(";6;3;0;1;10")


@pytest.mark.parametrize("url", [STATISTICS, "/compte/blocages.csv"])
def test_an_agent_may_not(sign_in, anne, url):
    assert sign_in(anne).get(url).status_code == 403


def test_they_are_forgotten_after_a_year(a_year_of_them):
    from ecritoire.accounts.tasks import lockouts_purge

    Lockout.objects.filter(cause="expired").update(started_at=timezone.now() - dt.timedelta(days=366))
    lockouts_purge(timestamp=0)
    assert Lockout.objects.count() == 21
