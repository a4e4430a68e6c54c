"""The home page: what one may use, what one keeps at hand, what one looks for."""

import pytest

from ecritoire.common.roles import Role
from ecritoire.portal.models import Favourite, Service

pytestmark = pytest.mark.django_db


@pytest.fixture
def make_service():
    def make(name, **values):
        defaults = {"url": "https://service.test/", "category": Service.Category.TEACHING}
        return Service.objects.create(name=name, **(defaults | values))

    return make


def titles(page):
    return {group.title: [tile.label for tile in group.tiles] for group in page.context["groups"]}


def test_it_works(sign_in, anne, make_service):
    service = make_service("Cahier de textes")
    browser = sign_in(anne)
    assert titles(browser.get("/"))["Pédagogie"] == ["Cahier de textes"]
    browser.post("/favoris/", {"tile": f"service-{service.pk}", "wanted": "1"})
    browser.post("/favoris/", {"tile": "accounts:sessions", "wanted": "1"})
    found = titles(browser.get("/"))
    assert next(iter(found)) == "Favoris"
    assert found["Favoris"] == ["Cahier de textes", "Sessions"]
    assert "Pédagogie" not in found
    assert "Sessions" not in found["Votre compte"]
    browser.post("/favoris/", {"tile": "accounts:sessions", "wanted": "0"})
    assert titles(browser.get("/"))["Favoris"] == ["Cahier de textes"]


def test_favourites_are_one_s_own(sign_in, anne, boris):
    sign_in(anne).post("/favoris/", {"tile": "accounts:sessions", "wanted": "1"})
    assert "Favoris" not in titles(sign_in(boris).get("/"))


def test_a_favourite_twice_is_once(sign_in, anne):
    browser = sign_in(anne)
    for _ in range(2):
        browser.post("/favoris/", {"tile": "accounts:sessions", "wanted": "1"})
    assert Favourite.objects.count() == 1


@pytest.mark.parametrize("tile", ["", "accounts:journal", "service-999999", "nulle:part"])
def test_only_a_tile_one_has_can_be_kept(sign_in, anne, tile):
    assert sign_in(anne).post("/favoris/", {"tile": tile, "wanted": "1"}).status_code == 404


def test_a_service_for_others_is_not_shown_even_as_a_favourite(sign_in, anne, make_service):
    service = make_service("Gestion des remplacements")
    browser = sign_in(anne)
    browser.post("/favoris/", {"tile": f"service-{service.pk}", "wanted": "1"})
    service.roles = [Role.ADMINISTRATOR]
    service.save()
    assert "Favoris" not in titles(browser.get("/"))


def test_a_search_without_javascript(sign_in, anne, make_service):
    make_service("Évaluation des élèves", description="Notes et compétences")
    browser = sign_in(anne)
    assert titles(browser.get("/?q=eleves+competences")) == {"Pédagogie": ["Évaluation des élèves"]}
    page = browser.get("/?q=rien-de-tel")
    assert titles(page) == {}
    assert "Aucun service ne correspond" in page.content.decode()


def test_the_home_page_costs_a_bounded_number_of_queries(sign_in, anne, make_service, django_assert_max_num_queries):
    for rank in range(30):
        make_service(f"Service {rank}")
    browser = sign_in(anne)
    with django_assert_max_num_queries(14):
        browser.get("/")
