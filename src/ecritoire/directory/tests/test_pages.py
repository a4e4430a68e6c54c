"""The directory in the console, and who may open it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ecritoire.common.roles import Role
from ecritoire.directory.feed.generate import generate
from ecritoire.directory.models import Person, Structure

pytestmark = pytest.mark.django_db
PAGES = ["/annuaire/", "/annuaire/structures/", "/annuaire/import/"]


def upload(browser, kind, content):
    return browser.post("/annuaire/import/", {"kind": kind, "file": SimpleUploadedFile("rh.csv", content)})


def test_it_works(sign_in, admin):
    browser = sign_in(admin)
    made = generate(rows=30, seed=3, faults=False)
    for kind, content in (("structures", made.structures), ("staff", made.staff)):
        page = upload(browser, kind, content)
        action = page.context["upload"].pk
        assert browser.post(f"/annuaire/import/{action}/", {"kind": kind}).status_code == 302
    assert Structure.objects.count() == 40
    assert Person.objects.filter(employee_number__startswith="G").count() == 30


def test_faults_are_shown_and_nothing_can_be_applied(sign_in, admin):
    made = generate(rows=100, seed=3, faults=True)
    browser = sign_in(admin)
    upload(browser, "structures", made.structures)
    page = upload(browser, "staff", made.staff)
    assert "upload" not in page.context
    assert "rien ne sera appliqué" in page.content.decode()


@pytest.mark.parametrize("url", PAGES)
def test_an_agent_has_no_access(sign_in, anne, url):
    assert sign_in(anne).get(url).status_code == 403


@pytest.mark.parametrize("url", PAGES)
def test_a_stranger_signs_in_first(browser, db, url):
    assert browser.get(url).url.startswith("/compte/connexion/")


def test_nobody_applies_another_s_file(sign_in, admin, make_account):
    made = generate(rows=3, seed=3, faults=False)
    page = upload(sign_in(admin), "structures", made.structures)
    other = make_account("Autre", "Admin", Role.ADMINISTRATOR)
    sign_in(other).post(f"/annuaire/import/{page.context['upload'].pk}/", {"kind": "structures"})
    assert not Structure.objects.exists()


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
    with django_assert_max_num_queries(10):
        browser.get("/annuaire/")
