"""From the request for a mail application to its secret."""

import datetime as dt

import pytest
from django.utils import timezone

from conftest import PASSWORD
from ecritoire.accounts.models import ApplicationRequest, AppPassword, SignInEvent, TrustedFamily
from ecritoire.accounts.services import app_password_create, applications
from ecritoire.accounts.services.mail_sign_in import mail_sign_in
from ecritoire.common.models import AuditEvent
from ecritoire.common.roles import Role

pytestmark = pytest.mark.django_db
URL = "/compte/applications/"
CONSOLE = f"{URL}console/"


@pytest.fixture
def security(make_account):
    return make_account("Rose", "Rssi", Role.SECURITY)


@pytest.fixture
def support(make_account):
    return make_account("Sam", "Support", Role.SUPPORT)


def wish(family="thunderbird", **values):
    return {"name": "Portable", "family": family, "reception": "imap", "sending": "on", **values}


def ask(account, family="outlook", protocols=("imap", "smtp")):
    return applications.application_request(account=account, name="Portable", family=family, protocols=list(protocols))


def shown_secret(page):
    return page.content.decode().partition('id="secret">')[2].partition("<")[0]


def jobs(name):
    from procrastinate.contrib.django.models import ProcrastinateJob

    return [job.args for job in ProcrastinateJob.objects.filter(task_name=name)]


def test_it_works(sign_in, anne):
    browser = sign_in(anne)
    page = browser.post(URL, wish(), follow=True)
    assert "Donnez votre mot de passe" in page.content.decode()
    secret = shown_secret(browser.post(page.request["PATH_INFO"], {"current_password": PASSWORD}))
    row = AppPassword.objects.get()
    assert (row.family, row.protocols) == ("thunderbird", ["imap", "smtp"])
    assert mail_sign_in(login=anne.login, secret=secret, protocol=SignInEvent.Protocol.IMAP, address="192.0.2.7").ok
    for url in (URL, f"{URL}{row.pk}/"):
        assert secret not in browser.get(url).content.decode()


def test_the_secret_comes_once(sign_in, anne):
    browser = sign_in(anne)
    url = browser.post(URL, wish()).url
    assert shown_secret(browser.post(url, {"current_password": PASSWORD}))
    again = browser.post(url, {"current_password": PASSWORD}, follow=True)
    assert not shown_secret(again)
    assert AppPassword.objects.count() == 1


def test_the_secret_asks_for_the_password(sign_in, anne):
    browser = sign_in(anne)
    page = browser.post(browser.post(URL, wish()).url, {"current_password": "faux"})
    assert "Ce n&#x27;est pas votre mot de passe actuel." in page.content.decode()
    assert not AppPassword.objects.exists()


def test_the_secret_is_in_no_log_and_no_audit(sign_in, anne, caplog):
    browser = sign_in(anne)
    secret = shown_secret(browser.post(browser.post(URL, wish()).url, {"current_password": PASSWORD}))
    events = str(list(AuditEvent.objects.values_list("target", "detail")))
    assert secret not in events + caplog.text
    assert secret.replace("-", "") not in events + caplog.text


def test_a_family_nobody_trusts_waits(sign_in, anne):
    page = sign_in(anne).post(URL, wish("outlook", reason="mon agenda"), follow=True)
    assert "La DSI décide" in page.content.decode()
    row = ApplicationRequest.objects.get()
    assert (row.state, row.reason) == ("waiting", "mon agenda")
    assert sign_in(anne).post(f"{URL}demandes/{row.pk}/secret/", {"current_password": PASSWORD}).status_code == 302
    assert not AppPassword.objects.exists()


def test_the_dsi_approves_and_the_person_makes_the_secret(sign_in, anne, admin):
    row = ask(anne)
    sign_in(admin).post(f"{CONSOLE}demandes/{row.pk}/", {"decision": "approve", "text": "bonne route"})
    assert jobs("accounts.send_decision") == [{"request_id": row.pk}]
    event = AuditEvent.objects.get(action="application.approve")
    assert (event.actor, event.target, event.detail["text"]) == (admin.login, anne.login, "bonne route")
    browser = sign_in(anne)
    assert "bonne route" in browser.get(URL).content.decode()
    assert shown_secret(browser.post(f"{URL}demandes/{row.pk}/secret/", {"current_password": PASSWORD}))


def test_a_refusal_says_why(sign_in, anne, admin):
    row = ask(anne)
    url = f"{CONSOLE}demandes/{row.pk}/"
    page = sign_in(admin).post(url, {"decision": "refuse", "text": ""}).content.decode()
    assert "Dites pourquoi la demande est refusée." in page
    sign_in(admin).post(url, {"decision": "refuse", "text": "préférez Thunderbird"})
    row.refresh_from_db()
    assert row.state == "refused"
    assert "préférez Thunderbird" in sign_in(anne).get(URL).content.decode()


def test_a_decision_is_taken_once(anne, admin):
    row = ask(anne)
    applications.application_decide(request=row, approve=True, text="", acting_user=admin)
    with pytest.raises(applications.AlreadyDecided):
        applications.application_decide(request=row, approve=False, text="non", acting_user=admin)


def test_nobody_decides_for_themselves(sign_in, admin):
    row = ask(admin)
    page = sign_in(admin).post(f"{CONSOLE}demandes/{row.pk}/", {"decision": "approve"}, follow=True)
    assert "On ne décide pas de sa propre demande" in page.content.decode()
    row.refresh_from_db()
    assert row.state == "waiting"


def test_a_request_may_be_given_up(sign_in, anne, admin):
    row = ask(anne)
    sign_in(anne).post(f"{URL}demandes/{row.pk}/abandon/")
    with pytest.raises(applications.AlreadyDecided):
        applications.application_decide(request=row, approve=True, text="", acting_user=admin)


@pytest.mark.parametrize("path", ["secret", "abandon"])
def test_another_s_request_is_nobody_s_business(sign_in, anne, boris, path):
    row = ask(anne)
    assert sign_in(boris).post(f"{URL}demandes/{row.pk}/{path}/").status_code == 404


def test_ten_may_be_open_and_no_more(sign_in, anne):
    rows = [ask(anne, family) for family in ("outlook", "thunderbird") * 5]
    for family in ("outlook", "thunderbird"):
        assert "Dix de vos demandes" in sign_in(anne).post(URL, wish(family)).content.decode()
    applications.application_withdraw(request=rows[0])
    assert sign_in(anne).post(URL, wish("thunderbird")).status_code == 302


def test_an_approval_nobody_uses_ends_after_a_month(sign_in, anne):
    old, young = ask(anne, "thunderbird"), ask(anne, "thunderbird")
    ApplicationRequest.objects.filter(pk=old.pk).update(decided_at=timezone.now() - dt.timedelta(days=31))
    assert applications.approvals_expire() == 1
    with pytest.raises(applications.AlreadyDecided):
        applications.application_secret_make(request=old)
    assert applications.application_secret_make(request=young)


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"name": ""}, "id_name_error"),
        ({"family": "netscape"}, "id_family_error"),
        ({"reception": "", "sending": ""}, "id_reception_error"),
        ({"reception": "uucp"}, "id_reception_error"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(sign_in, anne, values, fault):
    assert fault in sign_in(anne).post(URL, wish(**values)).content.decode()
    assert not ApplicationRequest.objects.exists()


def test_trust_may_be_for_one_population(anne, admin):
    assert "outlook" not in applications.trusted_families(anne)
    TrustedFamily.objects.create(organisation=anne.person.organisation, family="outlook", population="teacher")
    assert "outlook" in applications.trusted_families(anne)
    assert "outlook" not in applications.trusted_families(admin), "an administrator is also of the privileged"
    TrustedFamily.objects.create(organisation=anne.person.organisation, family="outlook", population="privileged")
    assert "outlook" in applications.trusted_families(admin)


def test_trust_is_given_and_taken_by_administrators(sign_in, admin, security):
    url = f"{CONSOLE}confiance/"
    assert sign_in(security).get(url).status_code == 200
    assert sign_in(security).post(f"{url}ajout/", {"family": "gmail"}).status_code == 403
    sign_in(admin).post(f"{url}ajout/", {"family": "gmail", "population": "teacher"})
    row = TrustedFamily.objects.get(family="gmail", organisation=admin.person.organisation)
    assert row.population == "teacher"
    assert sign_in(security).post(f"{url}{row.pk}/retrait/").status_code == 403
    sign_in(admin).post(f"{url}{row.pk}/retrait/")
    assert not TrustedFamily.objects.filter(family="gmail", organisation=admin.person.organisation).exists()
    acts = AuditEvent.objects.filter(actor=admin.login, action__contains="trust").values_list("action", flat=True)
    assert list(acts) == ["application.trust", "application.distrust"]


def test_an_unknown_application_is_never_trusted_beforehand(sign_in, admin):
    page = sign_in(admin).post(f"{CONSOLE}confiance/ajout/", {"family": "other"}).content.decode()
    assert "id_family_error" in page


@pytest.mark.parametrize("path", ["", "confiance/", "dns/", "demandes/1/"])
def test_the_console_is_the_dsi_s(sign_in, browser, anne, support, path):
    assert browser.get(CONSOLE + path).status_code == 302
    for outsider in (anne, support):
        assert sign_in(outsider).get(CONSOLE + path).status_code == 403


def test_the_console_costs_the_same_for_many(sign_in, admin, make_account, django_assert_max_num_queries):
    for number in range(6):
        ask(make_account(f"Ada{number}", "Lune"))
    browser = sign_in(admin)
    with django_assert_max_num_queries(15):
        assert browser.get(CONSOLE).content.decode().count("Décider :") == 6


def test_my_page_costs_the_same_for_many(sign_in, anne, django_assert_max_num_queries):
    for number in range(10):
        app_password_create(account=anne, name=f"Appareil {number}")
    browser = sign_in(anne)
    with django_assert_max_num_queries(10):
        assert "Appareil 9" in browser.get(URL).content.decode()


def test_a_surge_is_shown_fifty_at_a_time(sign_in, admin, anne):
    ApplicationRequest.objects.bulk_create(
        ApplicationRequest(account=anne, name=f"Appareil {number}", family="outlook") for number in range(60)
    )
    page = sign_in(admin).get(CONSOLE).content.decode()
    assert page.count("Décider :") == 50
    assert "Les plus anciennes d&#x27;abord" in page or "Les plus anciennes d'abord" in page


def test_where_it_was_used_is_shown(sign_in, anne):
    _, secret = app_password_create(account=anne, name="Tablette")
    mail_sign_in(login=anne.login, secret=secret, protocol=SignInEvent.Protocol.IMAP, address="192.0.2.7")
    SignInEvent.objects.filter(application="Tablette").update(country="PT")
    assert "IMAP, 192.0.2.7, PT" in sign_in(anne).get(URL).content.decode()


def test_support_sees_and_withdraws(sign_in, support, anne):
    row, _ = app_password_create(account=anne, name="Tablette perdue")
    assert "Tablette perdue" in sign_in(support).get(f"/annuaire/personnes/{anne.person_id}/").content.decode()
    sign_in(support).post(f"{URL}{row.pk}/retrait/assistance/")
    row.refresh_from_db()
    assert row.revoked_at
    assert AuditEvent.objects.get(action="app_password.revoke").actor == support.login
    assert jobs("accounts.send_revoked") == [{"app_password_id": row.pk}]


def test_a_colleague_withdraws_nothing(sign_in, anne, boris, security):
    row, _ = app_password_create(account=anne, name="Tablette")
    for outsider in (boris, security):
        assert sign_in(outsider).post(f"{URL}{row.pk}/retrait/assistance/").status_code == 403
    row.refresh_from_db()
    assert row.revoked_at is None


def test_withdrawing_one_s_own_sends_no_mail(sign_in, anne):
    row, _ = app_password_create(account=anne, name="Tablette")
    sign_in(anne).post(f"{URL}{row.pk}/retrait/")
    assert not jobs("accounts.send_revoked")


def test_those_who_decide_are_told_once_a_day(anne, admin, security, support, mailoutbox):
    from ecritoire.accounts.tasks.applications import review_applications, send_waiting

    review_applications(timestamp=0)
    assert not jobs("accounts.send_waiting")
    ask(anne)
    review_applications(timestamp=0)
    told = jobs("accounts.send_waiting")
    assert sorted(job["login"] for job in told) == sorted([admin.login, security.login])
    send_waiting(**told[0])
    assert "1 demande d'application" in mailoutbox[0].body


def test_the_decision_is_told_by_mail(anne, admin, mailoutbox):
    from ecritoire.accounts.tasks.applications import send_decision

    row = ask(anne)
    applications.application_decide(request=row, approve=False, text="préférez Thunderbird", acting_user=admin)
    send_decision(request_id=row.pk)
    assert mailoutbox[0].to == [anne.login]
    assert "préférez Thunderbird" in mailoutbox[0].body
