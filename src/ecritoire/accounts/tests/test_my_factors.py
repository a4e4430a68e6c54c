"""« Double authentification » in one's account: adding, removing, recovery codes, and what the policy asks."""

import datetime as dt
import re

import pyotp
import pytest
from django.core import mail
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from conftest import PASSWORD, SECOND_FACTOR, SecureClient, enrol_totp, totp_code
from ecritoire.accounts.factors import Level, rule_for
from ecritoire.accounts.models import AccessPolicy, Population, RecoveryCode, TotpFactor
from ecritoire.accounts.services import probe_ensure, role_grant
from ecritoire.accounts.services.recovery_codes import recovery_codes_make
from ecritoire.accounts.tasks import factors as factor_tasks
from ecritoire.common.models import AuditEvent
from ecritoire.common.roles import Role

pytestmark = pytest.mark.django_db
FACTORS = "/compte/double-authentification/"
Setting = AccessPolicy.SecondFactor


@pytest.fixture
def confirmed(sign_in):
    def enter(account):
        browser = sign_in(account)
        browser.post(f"{FACTORS}confirmation/", {"current_password": PASSWORD})
        return browser

    return enter


def password(account, browser=None):
    browser = browser or SecureClient()
    return browser, browser.post("/compte/connexion/", {"login": account.login, "password": PASSWORD})


def key_on(browser):
    """The key the page shows."""
    page = browser.get(f"{FACTORS}application/").content.decode()
    found = re.search(r'id="key">([A-Z2-7 ]+)<', page)
    assert found
    return found[1].replace(" ", "")


def enrol(browser):
    """Type the code of the page's key; returns the answer."""
    return browser.post(f"{FACTORS}application/", {"code": pyotp.TOTP(key_on(browser)).now()})


def announced(account):
    jobs = ProcrastinateJob.objects.filter(task_name="accounts.send_factor_changed").order_by("id")
    return [job.args["change"] for job in jobs if job.args["account_id"] == account.pk]


def test_it_works(confirmed, anne):
    page = enrol(confirmed(anne)).content.decode()
    assert len(set(re.findall(r"<code>([a-z2-9]{4}(?:-[a-z2-9]{4}){2})</code>", page))) == 10
    assert password(anne)[1].url == SECOND_FACTOR
    assert announced(anne) == ["totp_added", "codes_made"]
    assert AuditEvent.objects.filter(action="factor.add", target=anne.login).exists()


def test_the_alternate_address_is_told(anne):
    factor_tasks.send_factor_changed(account_id=anne.pk, change="totp_added")
    assert mail.outbox[0].to == ["anne@ailleurs.test"]
    assert "application d'authentification vient d'être ajoutée" in mail.outbox[0].body


def test_without_an_alternate_address_the_mailbox_is_told(anne):
    anne.recovery_address.delete()
    factor_tasks.send_factor_changed(account_id=anne.pk, change="passkey_added")
    assert mail.outbox[0].to == [anne.login]


def test_any_change_asks_for_the_password_again(sign_in, anne):
    enrol_totp(anne)
    browser = sign_in(anne)
    for method, url in [("get", "application/"), ("post", "application/retrait/"), ("post", "codes/")]:
        assert getattr(browser, method)(FACTORS + url).url.startswith(f"{FACTORS}confirmation/"), url
    assert TotpFactor.objects.filter(account=anne).exists()
    wrong = browser.post(f"{FACTORS}confirmation/", {"current_password": "faux"})
    assert "pas votre mot de passe actuel" in wrong.content.decode()


def test_the_password_cannot_be_guessed_there(sign_in, anne):
    browser = sign_in(anne)
    for _ in range(5):
        browser.post(f"{FACTORS}confirmation/", {"current_password": "faux"})
    browser.post(f"{FACTORS}confirmation/", {"current_password": PASSWORD})
    assert browser.get(f"{FACTORS}application/").status_code == 302


def test_a_confirmation_lasts_ten_minutes(confirmed, anne):
    browser = confirmed(anne)
    assert browser.get(f"{FACTORS}application/").status_code == 200
    session = browser.session
    session["confirmed_at"] -= 601
    session.save()
    assert browser.get(f"{FACTORS}application/").status_code == 302


def test_a_confirmation_leads_only_to_our_own_pages(sign_in, anne):
    data = {"current_password": PASSWORD, "next": "https://voleur.test/"}
    assert sign_in(anne).post(f"{FACTORS}confirmation/", data).url == FACTORS


def test_a_wrong_code_enrols_nothing(confirmed, anne):
    browser = confirmed(anne)
    browser.get(f"{FACTORS}application/")
    assert "pas le bon" in browser.post(f"{FACTORS}application/", {"code": "000000"}).content.decode()
    assert not TotpFactor.objects.exists()


def test_the_pending_key_is_not_in_the_session_in_clear(confirmed, anne):
    browser = confirmed(anne)
    assert key_on(browser) not in str(dict(browser.session))


def test_the_code_that_enrolled_does_not_sign_in(confirmed, anne):
    browser = confirmed(anne)
    code = pyotp.TOTP(key_on(browser)).now()
    browser.post(f"{FACTORS}application/", {"code": code})
    other, _ = password(anne)
    assert other.post(SECOND_FACTOR, {"code": code}).status_code == 200


def test_the_last_factor_takes_its_stand_ins_along(confirmed, anne):
    enrol_totp(anne)
    recovery_codes_make(account=anne)
    confirmed(anne).post(f"{FACTORS}application/retrait/")
    assert not RecoveryCode.objects.exists()
    assert password(anne)[1].url == "/"


def test_a_recovery_code_serves_once(anne):
    enrol_totp(anne)
    code = recovery_codes_make(account=anne)[4]
    url = f"{SECOND_FACTOR}code-de-secours/"
    browser, _ = password(anne)
    assert browser.post(url, {"code": code.upper().replace("-", " ")}).url == "/"
    assert "Il vous reste 9 codes" in browser.get("/").content.decode()
    browser, _ = password(anne)
    assert "pas le bon" in browser.post(url, {"code": code}).content.decode()


def test_recovery_codes_are_hashed_and_belong_to_one_account(anne, boris):
    enrol_totp(anne)
    enrol_totp(boris)
    code = recovery_codes_make(account=anne)[0]
    assert code.replace("-", "") not in str(list(RecoveryCode.objects.values_list("code_hash", flat=True)))
    browser, _ = password(boris)
    assert browser.post(f"{SECOND_FACTOR}code-de-secours/", {"code": code}).status_code == 200


def test_new_codes_replace_the_old_ones(confirmed, anne):
    enrol_totp(anne)
    old = recovery_codes_make(account=anne)[0]
    confirmed(anne).post(f"{FACTORS}codes/")
    browser, _ = password(anne)
    assert browser.post(f"{SECOND_FACTOR}code-de-secours/", {"code": old}).status_code == 200
    assert RecoveryCode.objects.count() == 10


def test_few_codes_left_is_said_on_the_home_page(sign_in, anne):
    enrol_totp(anne)
    recovery_codes_make(account=anne)
    browser = sign_in(anne)
    assert "Codes de secours restants" not in browser.get("/").content.decode()
    RecoveryCode.objects.filter(pk__in=RecoveryCode.objects.values("pk")[:7]).delete()
    assert "Codes de secours restants : 3" in browser.get("/").content.decode()


@pytest.mark.parametrize(
    ("setting", "days", "level"),
    [
        (Setting.OFF, None, Level.OFF),
        (Setting.OFFERED, None, Level.OFFERED),
        (Setting.REQUIRED, 1, Level.ANNOUNCED),
        (Setting.REQUIRED, 0, Level.REQUIRED),
        (Setting.REQUIRED, -1, Level.REQUIRED),
        (Setting.REQUIRED, None, Level.REQUIRED),
        (Setting.ALWAYS, 30, Level.REQUIRED),
    ],
)
def test_the_policy_s_date(anne, setting, days, level):
    since = None if days is None else timezone.localdate() + dt.timedelta(days=days)
    AccessPolicy.objects.create(population=Population.TEACHER, second_factor=setting, second_factor_from=since)
    assert rule_for(anne).level == level


def test_the_strictest_policy_holds(make_account):
    account = make_account("Karim", "Delattre", Role.LOCAL_CONTACT)
    AccessPolicy.objects.create(population=Population.TEACHER, second_factor=Setting.OFF, trusted_days=10)
    assert (rule_for(account).level, rule_for(account).trusted_days) == (Level.REQUIRED, 10)


def test_before_the_date_the_home_page_reminds(sign_in, anne):
    since = timezone.localdate() + dt.timedelta(days=12)
    policy = {"second_factor": Setting.REQUIRED, "second_factor_from": since}
    AccessPolicy.objects.create(population=Population.TEACHER, **policy)
    page = sign_in(anne).get("/").content.decode()
    assert "La double authentification sera obligatoire" in page
    enrol_totp(anne)
    recovery_codes_make(account=anne)
    assert "sera obligatoire" not in sign_in(anne).get("/").content.decode()


def test_from_the_date_a_sign_in_leads_to_enrolment_and_nowhere_else(sign_in, anne):
    AccessPolicy.objects.create(population=Population.TEACHER, second_factor=Setting.ALWAYS)
    browser = sign_in(anne)
    for url in ("/", "/courrier/", "/compte/mot-de-passe/", "/compte/sessions/", "/compte/applications/"):
        assert browser.get(url).url == FACTORS, url
    assert "Il vous faut un second facteur" in browser.get(FACTORS).content.decode()
    assert "Vos codes de secours" in enrol(browser).content.decode()
    assert browser.get("/").status_code == 200


def test_a_required_factor_is_not_removed_without_another(confirmed, anne):
    AccessPolicy.objects.create(population=Population.TEACHER, second_factor=Setting.ALWAYS)
    enrol_totp(anne)
    browser = confirmed(anne)
    browser.post(f"{FACTORS}application/retrait/")
    assert "ajoutez-en un autre" in browser.get(FACTORS).content.decode()
    assert TotpFactor.objects.exists()


def test_where_it_is_off_nothing_is_offered_but_what_exists_holds(confirmed, anne):
    AccessPolicy.objects.create(population=Population.TEACHER, second_factor=Setting.OFF)
    browser = confirmed(anne)
    assert "ne la propose pas" in browser.get(FACTORS).content.decode()
    assert browser.get(f"{FACTORS}application/").url == FACTORS
    enrol_totp(anne)
    assert password(anne)[1].url == SECOND_FACTOR


def test_a_role_given_ends_the_sessions_without_a_second_factor(sign_in, anne):
    browser = sign_in(anne)
    role_grant(account=anne, role=Role.SUPPORT, structure=None, acting_user=None)
    assert browser.get("/").status_code == 302
    browser, answer = password(anne)
    assert browser.get(answer.url).url == FACTORS


def test_the_self_check_is_asked_for_nothing(db):
    account = probe_ensure()
    AccessPolicy.objects.create(population=Population.ADMINISTRATIVE, second_factor=Setting.ALWAYS)
    assert rule_for(account).level == Level.OFF


def test_the_page_costs_a_bounded_number_of_queries(sign_in, anne, django_assert_max_num_queries):
    enrol_totp(anne)
    browser = sign_in(anne)
    with django_assert_max_num_queries(16):
        browser.get(FACTORS)


@pytest.mark.parametrize("url", ["", "confirmation/", "application/", "cles/"])
def test_a_stranger_sees_none_of_it(browser, url):
    assert browser.get(FACTORS + url).url.startswith("/compte/connexion/")


def test_the_application_changes_with_the_phone(confirmed, anne):
    enrol_totp(anne)
    recovery_codes_make(account=anne)
    assert enrol(confirmed(anne)).url == FACTORS
    browser, _ = password(anne)
    assert browser.post(SECOND_FACTOR, {"code": totp_code(1)}).status_code == 200
