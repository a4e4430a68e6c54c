"""Finding people, and who finds whom."""

import datetime as dt

import pytest
from django.utils import timezone

from conftest import enrol_totp
from ecritoire.accounts.models import Account, SignInEvent
from ecritoire.accounts.services import role_grant
from ecritoire.common.models import AuditEvent
from ecritoire.common.roles import Role
from ecritoire.directory.models import Assignment, Structure
from ecritoire.directory.services import organisation_ensure

pytestmark = pytest.mark.django_db


@pytest.fixture
def support(make_account):
    return make_account("Sam", "Support", Role.SUPPORT)


def school(uai, name):
    values = {"kind": Structure.Kind.MIDDLE, "city": "Valmont", "search_name": f"{name} valmont {uai}".lower()}
    return Structure.objects.create(organisation=organisation_ensure(), uai=uai, name=name, **values)


def assign(account, structure, ends_on=None):
    start = dt.date(2026, 9, 1)
    Assignment.objects.create(
        person=account.person, structure=structure, function="CPE", starts_on=start, ends_on=ends_on
    )


@pytest.fixture
def barret():
    return school("0990103Z", "College Jeanne-Barret")


@pytest.fixture
def germain():
    return school("0990106C", "Lycee Sophie-Germain")


@pytest.fixture
def karim(make_account, barret):
    """The local IT contact of barret."""
    account = make_account("Karim", "Contact")
    role_grant(account=account, role=Role.LOCAL_CONTACT, structure=barret, acting_user=None)
    enrol_totp(account)
    return account


@pytest.fixture
def zoe(make_account, barret):
    account = make_account("Zoé", "Œuvrard-Lefèvre")
    assign(account, barret)
    return account


def found(browser, query):
    return [str(person) for person in browser.get(f"/annuaire/?{query}").context["page"]]


@pytest.mark.parametrize(
    "words", ["oeuvr", "ŒUVRARD zoe", "lefev", "zoe.oeuvrard-lefevre@", "uvrard-lef", "barret zoe", "0990103z"]
)
def test_it_works(sign_in, support, zoe, boris, words):
    assert found(sign_in(support), f"q={words}") == ["Zoé Œuvrard-Lefèvre"]


def test_by_employee_number_or_a_part_of_it(sign_in, support, zoe, boris):
    number = zoe.person.employee_number
    assert found(sign_in(support), f"q={number.lower()}") == ["Zoé Œuvrard-Lefèvre"]
    assert "Zoé Œuvrard-Lefèvre" in found(sign_in(support), f"q={number[1:]}")


def test_a_name_nearly_right_is_suggested(sign_in, support, zoe):
    page = sign_in(support).get("/annuaire/?q=zoe+ouvrart")
    assert [str(person) for person in page.context["near"]] == ["Zoé Œuvrard-Lefèvre"]


def test_filters(sign_in, support, zoe, boris, make_account):
    browser = sign_in(support)
    make_account("Nina", "Nouvelle", state=Account.State.PROVISIONED, activated_at=None)
    assert found(browser, "state=provisioned") == ["Nina Nouvelle"]
    assert found(browser, "role=support") == ["Sam Support"]
    assert found(browser, "school=jeanne+barret") == ["Zoé Œuvrard-Lefèvre"]
    assert found(browser, "uai=0990103Z") == ["Zoé Œuvrard-Lefèvre"]
    assert found(browser, "category=contract") == []
    assert len(found(browser, "state=nonsense")) == len(found(browser, ""))


def test_dormant_accounts(sign_in, support, anne, boris):
    long_ago = timezone.now() - dt.timedelta(days=200)
    Account.objects.exclude(pk=support.pk).update(activated_at=long_ago)
    browser = sign_in(support)
    seen = SignInEvent.objects.create(account=anne, login=anne.login, protocol="imap", result="success")
    assert found(browser, "dormant=180") == ["Boris Lenoir"]
    SignInEvent.objects.filter(pk=seen.pk).update(at=long_ago)
    assert found(browser, "dormant=180") == ["Anne Durand", "Boris Lenoir"]
    assert found(browser, "dormant=365") == []


def test_the_list_leaves_as_csv_and_that_is_noted(sign_in, support, zoe, boris):
    answer = sign_in(support).get("/annuaire/personnes.csv?q=zoe")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert len(text.splitlines()) == 2
    assert "Zoé;zoe.oeuvrard-lefevre@ac-valmont.test;enseignant;actif;0990103Z" in text
    event = AuditEvent.objects.get(action="person.export")
    assert (event.actor, event.target, event.detail) == (support.login, "1 personnes", {"filters": {"q": "zoe"}})


def test_who_may_not_export(sign_in, karim, make_account, anne):
    officer = make_account("Rita", "Rssi", Role.SECURITY)
    for account in (karim, officer, anne):
        assert sign_in(account).get("/annuaire/personnes.csv").status_code == 403


def test_a_contact_sees_the_people_of_their_school_alone(sign_in, karim, zoe, boris, germain):
    assign(boris, germain)
    browser = sign_in(karim)
    assert found(browser, "") == ["Zoé Œuvrard-Lefèvre"]
    assert found(browser, "q=boris") == []
    assert found(browser, f"uai={germain.uai}") == []
    assert browser.get(f"/annuaire/personnes/{zoe.person_id}/").status_code == 200
    assert browser.get(f"/annuaire/personnes/{boris.person_id}/").status_code == 403


def test_a_contact_no_longer_sees_who_has_left(sign_in, karim, zoe):
    Assignment.objects.update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    assert found(sign_in(karim), "") == []


def test_near_names_stay_within_the_contact_s_school(sign_in, karim, boris):
    assert sign_in(karim).get("/annuaire/?q=boriss+lenoirr").context["near"] == []


def test_a_contact_sees_a_state_and_no_more(sign_in, karim, zoe):
    page = sign_in(karim).get(f"/annuaire/personnes/{zoe.person_id}/").content.decode()
    assert "actif" in page
    for hidden in ("Dernières connexions", "Sessions ouvertes", "Suspendre", "Actes sur ce compte", "Réinitialis"):
        assert hidden not in page


@pytest.mark.parametrize("act", ["suspend", "resume", "sign-out", "revoke", "unlock"])
def test_a_contact_does_nothing_to_an_account(sign_in, karim, zoe, act):
    assert sign_in(karim).post(f"/compte/gestion/{zoe.pk}/{act}/", {"reason": "x"}).status_code == 403


def test_a_contact_resets_no_password(sign_in, karim, zoe):
    assert sign_in(karim).post(f"/compte/lettres/{zoe.pk}/reinitialisation/").status_code == 403


def test_the_school_s_page_counts_and_prints_identifiers(sign_in, karim, zoe, barret, make_account):
    nina = make_account("Nina", "Nouvelle", state=Account.State.PROVISIONED, activated_at=None)
    assign(nina, barret)
    browser = sign_in(karim)
    (shown,) = browser.get("/compte/etablissement/").context["schools"]
    assert (shown.activated, shown.total) == (1, 2)
    assert [account.login for account in shown.pending] == [nina.login]
    answer = browser.post("/compte/etablissement/0990103Z/identifiants/")
    assert answer["Content-Type"] == "application/pdf"
    nina.refresh_from_db()
    assert nina.temporary_password_expires_at is None


def test_identifiers_of_another_school_are_refused(sign_in, karim, germain):
    assert sign_in(karim).post(f"/compte/etablissement/{germain.uai}/identifiants/").status_code == 403
    assert sign_in(karim).post("/compte/etablissement/0000000X/identifiants/").status_code == 404


def test_an_act_is_confirmed_and_its_reason_kept(sign_in, support, zoe):
    browser = sign_in(support)
    url = f"/compte/gestion/{zoe.pk}/revoke/"
    assert "Couper tous les accès" in browser.get(url).content.decode()
    refused = browser.post(url, {"reason": " "})
    assert "reason" in refused.context["form"].errors
    assert not AuditEvent.objects.filter(action="access.revoke").exists()
    browser.post(url, {"reason": "téléphone volé"})
    event = AuditEvent.objects.get(action="access.revoke")
    assert (event.target, event.detail["reason"]) == (zoe.login, "téléphone volé")
    assert "téléphone volé" in browser.get(f"/annuaire/personnes/{zoe.person_id}/").content.decode()


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SECURITY])
def test_support_does_not_manage_those_who_may_do_more(sign_in, support, make_account, role):
    target = make_account("Ada", "Haut", role)
    browser = sign_in(support)
    assert browser.post(f"/compte/gestion/{target.pk}/suspend/", {"reason": "x"}).status_code == 403
    assert browser.post(f"/compte/lettres/{target.pk}/reinitialisation/").status_code == 403
    assert "Suspendre" not in browser.get(f"/annuaire/personnes/{target.person_id}/").content.decode()


def test_support_manages_a_local_contact_and_an_administrator_everybody(sign_in, support, karim, admin, make_account):
    assert sign_in(support).get(f"/compte/gestion/{karim.pk}/suspend/").status_code == 200
    officer = make_account("Rita", "Rssi", Role.SECURITY)
    assert sign_in(admin).get(f"/compte/gestion/{officer.pk}/suspend/").status_code == 200


def test_every_sign_in_of_a_person(sign_in, support, zoe, karim):
    SignInEvent.objects.create(account=zoe, login=zoe.login, protocol="imap", result="wrong_password")
    url = f"/compte/gestion/{zoe.pk}/connexions/"
    assert "mot de passe incorrect" in sign_in(support).get(url).content.decode()
    assert sign_in(karim).get(url).status_code == 403


def test_cutting_every_access(sign_in, support, zoe):
    from ecritoire.accounts.services import app_password_create

    app_password_create(account=zoe, name="Téléphone")
    sign_in(zoe)
    sign_in(support).post(f"/compte/gestion/{zoe.pk}/revoke/", {"reason": "x"})
    assert not zoe.sessions.exists()
    assert not zoe.app_passwords.filter(revoked_at__isnull=True).exists()


def test_a_person_s_page_costs_a_bounded_number_of_queries(sign_in, support, zoe, django_assert_max_num_queries):
    for _ in range(30):
        SignInEvent.objects.create(account=zoe, login=zoe.login, protocol="imap", result="success")
    browser = sign_in(support)
    with django_assert_max_num_queries(48):
        browser.get(f"/annuaire/personnes/{zoe.person_id}/")
