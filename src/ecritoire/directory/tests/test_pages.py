"""The directory in the console, and who may open it."""

import pytest

from ecritoire.common.roles import Role

pytestmark = pytest.mark.django_db
PAGES = ["/annuaire/", "/annuaire/structures/", "/annuaire/import/"]


def test_it_works(sign_in, admin):
    page = sign_in(admin).get("/annuaire/").content.decode()
    assert admin.login in page


@pytest.mark.parametrize("url", PAGES)
def test_an_agent_has_no_access(sign_in, anne, url):
    assert sign_in(anne).get(url).status_code == 403


@pytest.mark.parametrize("url", PAGES)
def test_a_stranger_signs_in_first(browser, db, url):
    assert browser.get(url).url.startswith("/compte/connexion/")


def test_accents_do_not_count_in_a_search(sign_in, admin, make_person):
    make_person("Zoé", "Œuvrard")
    assert "zoe.oeuvrard@" in sign_in(admin).get("/annuaire/?q=oeuvr zoe").content.decode()


def test_a_person_s_page_shows_the_account(sign_in, admin, anne):
    page = sign_in(admin).get(f"/annuaire/personnes/{anne.person_id}/").content.decode()
    assert anne.login in page
    assert "Suspendre" in page


def test_the_security_officer_looks_but_does_not_touch(sign_in, make_account, anne):
    officer = make_account("Rita", "Rssi", Role.SECURITY)
    page = sign_in(officer).get(f"/annuaire/personnes/{anne.person_id}/").content.decode()
    assert anne.login in page
    assert "Suspendre" not in page


def test_the_list_costs_a_bounded_number_of_queries(sign_in, admin, make_person, django_assert_max_num_queries):
    for rank in range(30):
        make_person("Jean", f"Nom{rank}")
    browser = sign_in(admin)
    with django_assert_max_num_queries(14):
        browser.get("/annuaire/")
