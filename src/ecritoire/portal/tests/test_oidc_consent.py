"""A service that is not the académie's own: people agree first, may refuse, and may change their mind."""

import pytest

from ecritoire.portal.models import Consent

from .conftest import answered

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(make_service):
    return make_service(name="Librairie", is_own=False, claims=["given_name", "email"])


@pytest.fixture
def party(sign_in, anne, shop, relying_party):
    sign_in(anne)
    return relying_party(shop)


def decide(party, answer, choice):
    assert answer["Location"].startswith("/sso/accord/")
    page = party.browser.get(answer["Location"])
    assert "Prénom" in page.content.decode()
    back = party.browser.post(answer["Location"], {choice: "yes"})
    return party.browser.get(back["Location"])


def test_it_works(party):
    assert "code" in answered(decide(party, party.authorize(), "agree"))
    assert party.code(), "the second entry asks again"


def test_a_refusal_goes_back_to_the_service_and_is_not_kept(party):
    assert answered(decide(party, party.authorize(), "decline"))["error"] == "access_denied"
    assert not Consent.objects.exists()
    assert party.authorize()["Location"].startswith("/sso/accord/")


def test_asked_again_when_it_wants_to_know_more(party):
    decide(party, party.authorize(scope="openid profile"), "agree")
    assert party.code(scope="openid profile")
    assert party.authorize(scope="openid profile email")["Location"].startswith("/sso/accord/")


def test_prompt_consent_asks_each_time(party):
    decide(party, party.authorize(), "agree")
    assert "code" in answered(decide(party, party.authorize(prompt="consent"), "agree"))


def test_prompt_none_says_that_consent_is_missing(party):
    assert answered(party.authorize(prompt="none"))["error"] == "consent_required"


def test_the_academie_s_own_services_ask_nothing(party, make_service, relying_party):
    assert relying_party(make_service(name="Wiki", claims=["email"])).code()


def test_only_pages_of_the_single_sign_on_are_gone_back_to(party, shop):
    for address in ("https://mechant.test/", "//mechant.test/", "/compte/", "/sso/\\mechant.test"):
        answer = party.browser.get(f"/sso/accord/{shop.pk}/", {"next": address})
        assert answer.status_code in {200, 302}
        assert answer.status_code == 200 or answer["Location"] == "/"


def test_withdrawing_ends_tokens_and_consent(party, shop):
    decide(party, party.authorize(), "agree")
    tokens = party.enter()
    page = party.browser.get("/sso/services/").content.decode()
    assert "Librairie" in page
    party.browser.post(f"/sso/services/{shop.pk}/retrait/")
    assert party.userinfo(tokens["access_token"]).status_code == 401
    assert party.refresh(tokens["refresh_token"]).status_code == 400
    party.browser.get("/")  # shows the message that names the service
    assert "Librairie" not in party.browser.get("/sso/services/").content.decode()
    assert party.authorize()["Location"].startswith("/sso/accord/")


def test_nobody_withdraws_for_another(party, boris, sign_in, shop):
    decide(party, party.authorize(), "agree")
    sign_in(boris)
    party.browser.post(f"/sso/services/{shop.pk}/retrait/")
    assert Consent.objects.count() == 1


@pytest.mark.parametrize("address", ["/sso/services/", "/sso/accord/1/"])
def test_strangers_sign_in_first(browser, db, address):
    assert browser.get(address)["Location"].startswith("/compte/connexion/")


def test_the_page_of_connected_services_costs_the_same_for_many(
    party, make_service, relying_party, django_assert_num_queries
):
    for number in range(4):
        relying_party(make_service(name=f"Service {number}")).enter()
    with django_assert_num_queries(6):  # session, account, person, roles, services
        party.browser.get("/sso/services/")
