"""From a recorded sign-in to an alert, its messages and its answer."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from conftest import PASSWORD, SecureClient
from ecritoire.accounts.models import (
    AlertLink,
    NetworkUse,
    RecoveryChange,
    SignInAlert,
    SignInEvent,
    SignInProfile,
    SprayEpisode,
)
from ecritoire.accounts.services.alerts import event_assess, link_find, link_make
from ecritoire.accounts.services.networks import shared_among
from ecritoire.accounts.services.sprays import sprays_scan
from ecritoire.accounts.tasks.alerts import send_alert, send_alert_to, send_intrusion_code
from ecritoire.accounts.tests.test_history import record
from ecritoire.common.models import AuditEvent
from ecritoire.common.roles import Role

pytestmark = pytest.mark.django_db
HOME, ABROAD = "90.1.1.7", "41.58.0.10"
CODE = re.compile(r"\b\d{6}\b")


@pytest.fixture
def usual(anne):
    """Anne has signed in from home for a month."""
    for day in range(40, 1, -1):
        happen(anne, HOME, days=-day)
    return anne


def happen(account, address=ABROAD, days=0.0, **values):
    """A sign-in at a given time, looked at as the job would."""
    event = record(account, address=address, **values)
    SignInEvent.objects.filter(pk=event.pk).update(at=timezone.now() + dt.timedelta(days=days))
    event_assess(event_id=event.pk)
    return event


@pytest.fixture
def alert(usual):
    happen(usual)
    return SignInAlert.objects.get()


def link(alert, channel=AlertLink.Channel.ALTERNATE):
    return f"/compte/a/{link_make(alert=alert, channel=channel)}/"


def code_sent(alert):
    send_intrusion_code(account_id=alert.account_id, since=alert.first_at.isoformat())
    return CODE.findall(str(mail.outbox[-1].body))[0], mail.outbox[-1].to


def test_it_works(usual):
    happen(usual)
    alert = SignInAlert.objects.get()
    assert (alert.account, alert.kind, alert.country) == (usual, "new_country", "NG")
    send_alert(alert_id=alert.pk)
    for job in ProcrastinateJob.objects.filter(task_name="accounts.send_alert_to"):
        send_alert_to(**job.args)
    assert {message.to[0] for message in mail.outbox} == {usual.login, "anne@ailleurs.test"}
    assert all("première connexion à votre compte depuis ce pays : Nigeria" in message.body for message in mail.outbox)


def test_a_job_run_twice_changes_nothing(usual):
    event = happen(usual)
    before = SignInProfile.objects.get(account=usual).data
    event_assess(event_id=event.pk)
    alert = SignInAlert.objects.get()
    assert alert.count == 1
    assert SignInProfile.objects.get(account=usual).data == before


def test_one_alert_an_episode(usual):
    for hour in range(5):
        happen(usual, days=hour / 24)
    assert SignInAlert.objects.get().count == 5
    assert ProcrastinateJob.objects.filter(task_name="accounts.send_alert").count() == 1


def test_after_an_answer_the_same_again_is_a_new_episode(alert):
    SignInAlert.objects.update(state=SignInAlert.State.NOT_MINE)
    happen(alert.account)
    assert SignInAlert.objects.count() == 2


def test_assessing_a_sign_in_costs_a_bounded_number_of_queries(usual, django_assert_max_num_queries):
    event = record(usual, address=HOME)
    with django_assert_max_num_queries(12):
        event_assess(event_id=event.pk)


def test_a_network_many_have_used_is_shared(usual, make_account):
    others = [make_account("Marie", f"Dupont{letter}") for letter in "abc"]
    for other in others:
        happen(other, "194.2.3.4")
    asked = {"networks": ["194.2.3.0/24"], "account_id": usual.pk, "at": timezone.now()}
    assert shared_among(**asked) == {"194.2.3.0/24"}
    NetworkUse.objects.filter(account=others[0]).update(last_seen_at=timezone.now() - dt.timedelta(days=91))
    assert shared_among(**asked) == frozenset()


def test_an_operator_s_list_of_relays_counts_as_shared(usual, settings, tmp_path):
    folder = tmp_path / "overrides" / "accounts"
    folder.mkdir(parents=True)
    (folder / "relays.txt").write_text("# relais privés\n41.58.0.0/16\n\n2001:db8::/32\n")
    settings.CONFIG = settings.CONFIG.model_copy(update={"path": tmp_path / "ecritoire.toml"})
    happen(usual)
    assert not SignInAlert.objects.exists()


def test_a_get_never_acts(alert, browser):
    url = link(alert)
    for _ in range(3):
        assert browser.get(url).status_code == 200
    alert.refresh_from_db()
    assert alert.state == "open"


def test_it_was_me_from_the_alternate_address_teaches_and_works_once(alert, browser):
    url = link(alert)
    assert browser.post(url, {"answer": "mine"}).status_code == 200
    alert.refresh_from_db()
    assert alert.state == "mine"
    assert browser.get(url).status_code == 410
    assert browser.post(url, {"answer": "not-mine"}).status_code == 410
    happen(alert.account)
    assert SignInAlert.objects.count() == 1


def test_it_was_me_from_the_mailbox_needs_a_code(alert, browser):
    """Whoever reads the mailbox could answer in its owner's place."""
    answer = browser.post(link(alert, AlertLink.Channel.MAILBOX), {"answer": "mine"})
    assert answer.url == "/compte/alertes/preuve/"
    browser.post(answer.url, {"kind": "password", "password": PASSWORD})
    alert.refresh_from_db()
    assert alert.state == "open"
    code, _to = code_sent(alert)
    browser.post(answer.url, {"kind": "code", "code": code})
    alert.refresh_from_db()
    assert alert.state == "mine"


def test_it_was_me_from_a_session_older_than_the_sign_in_is_enough(sign_in, usual):
    browser = sign_in(usual)
    happen(usual, days=0.01)
    alert = SignInAlert.objects.get()
    browser.post(f"/compte/alertes/{alert.pk}/", {"answer": "mine"})
    alert.refresh_from_db()
    assert alert.state == "mine"


def test_it_was_me_from_the_stranger_s_own_session_is_not(alert, sign_in):
    browser = sign_in(alert.account)
    assert browser.post(f"/compte/alertes/{alert.pk}/", {"answer": "mine"}).url == "/compte/alertes/preuve/"
    alert.refresh_from_db()
    assert alert.state == "open"


@pytest.mark.parametrize("damage", ["expired", "used", "wrong"])
def test_a_link_that_is_over(alert, browser, damage):
    url = link(alert)
    if damage == "expired":
        AlertLink.objects.update(expires_at=timezone.now())
    elif damage == "used":
        AlertLink.objects.update(used_at=timezone.now())
    else:
        url = "/compte/a/nimporte/"
    assert browser.get(url).status_code == 410


def test_the_link_is_kept_as_a_hash(alert):
    token = link_make(alert=alert, channel=AlertLink.Channel.ALTERNATE)
    assert token not in AlertLink.objects.get().token_hash
    found = link_find(token)
    assert found
    assert found.alert == alert


def test_the_password_proves_and_opens_the_gesture(alert, browser):
    url = link(alert)
    browser.post(url, {"answer": "not-mine"})
    refused = browser.post("/compte/alertes/preuve/", {"kind": "password", "password": "faux"})
    assert "pas votre mot de passe" in refused.content.decode()
    assert browser.get("/intrusion/mot-de-passe/").url == "/intrusion/"
    answer = browser.post("/compte/alertes/preuve/", {"kind": "password", "password": PASSWORD})
    assert answer.url == "/intrusion/mot-de-passe/"
    assert browser.get(answer.url).status_code == 200
    assert browser.get(url).status_code == 410


def test_it_was_not_me_unlearns_what_came_with_it(alert, browser):
    profile = SignInProfile.objects.get(account=alert.account)
    profile.data["countries"]["NG"] = [timezone.now().isoformat()] * 2
    profile.save()
    browser.post(link(alert), {"answer": "not-mine"})
    browser.post("/compte/alertes/preuve/", {"kind": "password", "password": PASSWORD})
    assert set(SignInProfile.objects.get(account=alert.account).data["countries"]) == {"FR"}


def test_wrong_passwords_lock_as_at_sign_in(alert, browser):
    browser.post(link(alert), {"answer": "not-mine"})
    for _ in range(5):
        browser.post("/compte/alertes/preuve/", {"kind": "password", "password": "faux"})
    refused = browser.post("/compte/alertes/preuve/", {"kind": "password", "password": PASSWORD})
    assert refused.status_code == 200
    assert not alert.intrusions.exists()


def test_the_code_goes_to_the_address_from_before_the_thief_changed_it(alert):
    RecoveryChange.objects.create(account=alert.account, kind="address", former_address="anne@ailleurs.test")
    alert.account.recovery_address.address = "voleur@ailleurs.test"
    alert.account.recovery_address.save()
    assert code_sent(alert)[1] == ["anne@ailleurs.test"]
    send_alert(alert_id=alert.pk)
    told = {job.args["address"] for job in ProcrastinateJob.objects.filter(task_name="accounts.send_alert_to")}
    assert told == {alert.account.login, "anne@ailleurs.test", "voleur@ailleurs.test"}


def test_an_answer_given_stays(alert, sign_in):
    SignInAlert.objects.update(state=SignInAlert.State.NOT_MINE)
    page = sign_in(alert.account).post(f"/compte/alertes/{alert.pk}/", {"answer": "mine"}).content.decode()
    alert.refresh_from_db()
    assert alert.state == "not_mine"
    assert "Merci" not in page


def test_the_code_page_without_a_question_is_over(browser):
    assert browser.get("/compte/alertes/preuve/").status_code == 410


def test_one_s_own_alerts_and_nobody_else_s(alert, sign_in, boris):
    url = f"/compte/alertes/{alert.pk}/"
    assert "Nigeria" in sign_in(alert.account).get("/compte/alertes/").content.decode()
    assert sign_in(boris).get(url).status_code == 404
    assert "Nigeria" not in sign_in(boris).get("/compte/alertes/").content.decode()
    assert SecureClient().get(url).status_code == 302


def spray(make_account, victim, tried=12):
    for number in range(tried):
        event = record(victim, "unknown_login", address="41.58.7.9")
        SignInEvent.objects.filter(pk=event.pk).update(login=f"p{number}@ac-valmont.test", account=None)


def test_a_spray_is_recognised_with_the_success_inside_it(usual, make_account):
    happen(usual, "41.58.7.30", days=-0.001)
    SignInAlert.objects.all().delete()
    spray(make_account, usual)
    SignInEvent.objects.filter(account=None).update(at=timezone.now() - dt.timedelta(minutes=5))
    rows = sprays_scan()
    assert [(row.network, row.logins, row.succeeded, row.country) for row in rows] == [
        ("41.58.7.0/24", 12, [usual.login], "NG")
    ]
    assert SignInAlert.objects.get().kind == "spray"


def test_a_spray_goes_on_as_one(usual, make_account):
    spray(make_account, usual)
    sprays_scan()
    spray(make_account, usual, tried=20)
    sprays_scan()
    assert SprayEpisode.objects.get().logins == 20


def test_quiet_minutes_cost_one_query(usual, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert sprays_scan() == []


def test_the_security_officer_sees_all_and_others_do_not(alert, sign_in, make_account, boris):
    spray(make_account, alert.account)
    sprays_scan()
    marc = make_account("Marc", "Ollivier", Role.SECURITY)
    url = "/compte/alertes/toutes/"
    page = sign_in(marc).get(url).content.decode()
    assert str(alert.account.person) in page
    assert "41.58.7.0/24" in page
    assert "en cours" in page
    assert str(alert.account.person) not in sign_in(marc).get(f"{url}?state=mine").content.decode()
    assert sign_in(boris).get(url).status_code == 403
    assert SecureClient().get(url).status_code == 302


def test_the_security_officer_s_page_costs_the_same_whatever_the_number(
    usual, sign_in, make_account, django_assert_max_num_queries
):
    happen(usual)
    for number in range(15):
        SignInAlert.objects.create(
            account=usual, kind="new_device", findings=[], first_at=timezone.now(), last_at=timezone.now(), count=number
        )
    browser = sign_in(make_account("Marc", "Ollivier", Role.SECURITY))
    with django_assert_max_num_queries(10):
        browser.get("/compte/alertes/toutes/")


def test_alerts_and_answers_are_in_the_audit_log(alert, browser):
    browser.post(link(alert), {"answer": "mine"})
    assert list(AuditEvent.objects.filter(action__startswith="alert").values_list("action", flat=True)) == [
        "alert.raise",
        "alert.mine",
    ]
