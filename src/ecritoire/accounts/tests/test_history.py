"""Sign-in history: where from, with what, filtered, exported, forgotten after a year."""

import csv
import datetime as dt
import io

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from conftest import SecureClient
from ecritoire.accounts.models import NetworkUse, RecoveryChange, SignInAlert, SignInEvent, SprayEpisode
from ecritoire.accounts.places import country_name, country_of, device_family
from ecritoire.accounts.services import app_password_create
from ecritoire.accounts.services.history import history_purge, sign_in_record
from ecritoire.accounts.services.mail_sign_in import mail_sign_in
from ecritoire.common.roles import Role

pytestmark = pytest.mark.django_db
URL = "/compte/historique/"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0"
ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36"


def record(account, result="success", protocol="web", address="41.58.0.10", application=EDGE):
    return sign_in_record(
        login=account.login,
        account=account,
        protocol=SignInEvent.Protocol(protocol),
        result=SignInEvent.Result(result),
        address=address,
        application=application,
    )


def test_it_works(sign_in, anne):
    record(anne, "wrong_password")
    page = sign_in(anne).get(URL).content.decode()
    assert "Nigeria" in page
    assert "Edge, Windows" in page
    assert "mot de passe incorrect" in page


def test_country_and_device_are_noted_at_once(anne):
    event = record(anne)
    assert (event.country, event.device) == ("NG", "Edge, Windows")


def test_a_mail_application_is_known_by_its_secret_s_name(anne):
    _, secret = app_password_create(account=anne, name="Téléphone")
    mail_sign_in(login=anne.login, secret=secret, protocol=SignInEvent.Protocol.IMAP, address="41.58.0.10")
    event = SignInEvent.objects.get(protocol="imap")
    assert (event.application, event.device, event.country) == ("Téléphone", "Téléphone", "NG")


@pytest.mark.parametrize(("protocol", "result"), [("web", "success"), ("sso", "success")])
def test_a_success_is_looked_at_by_a_job(anne, protocol, result):
    event = record(anne, result, protocol)
    assert ProcrastinateJob.objects.get(task_name="accounts.assess_sign_in").args == {"event_id": event.pk}


def test_a_failure_costs_no_job(anne, django_assert_num_queries):
    with django_assert_num_queries(2):  # the event, and the failures before it
        record(anne, "wrong_password")


@pytest.mark.parametrize(
    ("agent", "family"),
    [
        (IPHONE, "Safari, iPhone"),
        (EDGE, "Edge, Windows"),
        (ANDROID, "Chrome, Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("", ""),
        ("n'importe quoi", ""),
    ],
)
def test_a_device_s_family_outlives_updates(agent, family):
    assert device_family(agent) == family
    assert device_family(agent.replace("131", "140").replace("140.0", "141.0")) == family


@pytest.mark.parametrize("address", ["", "192.168.1.4", "127.0.0.1", "::1"])
def test_private_addresses_are_of_no_country(address):
    assert country_of(address) == ""


def test_countries_have_names_in_both_languages(settings):
    from django.utils.translation import override

    with override("fr"):
        assert (country_name("GB"), country_name("XX"), country_name("")) == ("Royaume-Uni", "XX", "")
    with override("en"):
        assert country_name("GB") == "United Kingdom"


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("?protocol=imap", ["Téléphone"], ["Edge, Windows", "trop de tentatives</span>"]),
        ("?result=locked", ["trop de tentatives</span>"], ["Téléphone"]),
        ("?result=failed", ["trop de tentatives</span>"], ["Téléphone"]),
    ],
)
def test_filters(sign_in, anne, query, shown, hidden):
    record(anne, protocol="imap", application="Téléphone")
    record(anne, "locked")
    page = sign_in(anne).get(URL + query).content.decode()
    assert all(words in page for words in shown)
    assert not any(words in page for words in hidden)


def test_an_unknown_filter_is_named_and_hides_nothing(sign_in, anne):
    page = sign_in(anne).get(f"{URL}?protocol=telepathie").content.decode()
    assert "telepathie" in page
    assert "Firefox, Linux" in page


def test_the_page_costs_the_same_whatever_the_history(sign_in, anne, django_assert_max_num_queries):
    for _ in range(40):
        record(anne, "wrong_password")
    browser = sign_in(anne)
    with django_assert_max_num_queries(8):
        assert "Page 1 sur 2" in browser.get(URL).content.decode()


def test_the_export_holds_all_one_s_own_and_no_formula(sign_in, anne, boris):
    record(anne, "wrong_password", application="=cmd|' /C calc'!A0")
    record(boris)
    answer = sign_in(anne).get("/compte/historique/connexions.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[0][:3] == ["Date", "Par", "Résultat"]
    assert len(rows) == 3
    assert rows[2][2:5] == ["mot de passe incorrect", "41.58.0.10", "Nigeria"]
    assert rows[2][-1].startswith("'=")


def test_sign_ins_are_forgotten_after_a_year(anne):
    kept, old = record(anne), record(anne)
    SignInEvent.objects.filter(pk=old.pk).update(at=timezone.now() - dt.timedelta(days=366))
    SignInEvent.objects.filter(pk=kept.pk).update(at=timezone.now() - dt.timedelta(days=364))
    NetworkUse.objects.create(account=anne, network="1.2.3.0/24", last_seen_at=timezone.now() - dt.timedelta(days=366))
    for days in (366, 364):
        then = timezone.now() - dt.timedelta(days=days)
        SignInAlert.objects.create(account=anne, kind="new_device", first_at=then, last_at=then, protocol="web")
        SprayEpisode.objects.create(network="1.2.3.0/24", first_at=then, last_at=then, logins=10, tries=10)
        change = RecoveryChange.objects.create(account=anne, kind="address", former_address="anne@ailleurs.test")
        RecoveryChange.objects.filter(pk=change.pk).update(created_at=then)
    assert history_purge() == 1
    assert [model.objects.count() for model in (SignInAlert, SprayEpisode, RecoveryChange)] == [1, 1, 1]
    assert list(SignInEvent.objects.all()) == [kept]
    assert not NetworkUse.objects.exists()


def test_support_sees_somebody_s_history_and_others_do_not(sign_in, make_account, anne, boris):
    record(anne)
    nadia = make_account("Nadia", "Benali", Role.SUPPORT)
    url = f"/compte/gestion/{anne.pk}/connexions/"
    assert "Nigeria" in sign_in(nadia).get(url).content.decode()
    assert sign_in(boris).get(url).status_code == 403
    assert SecureClient().get(url).status_code == 302


def test_a_stranger_exports_nothing(browser):
    assert browser.get("/compte/historique/connexions.csv").status_code == 302
