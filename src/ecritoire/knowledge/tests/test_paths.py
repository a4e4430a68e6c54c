"""The interactive questions, and their editor."""

from __future__ import annotations

import pytest

from ecritoire.common.roles import Role
from ecritoire.knowledge.models import Choice, Crossroad
from ecritoire.knowledge.services.shipped import shipped_load

pytestmark = pytest.mark.django_db


@pytest.fixture
def chloe(make_account):
    return make_account("Chloé", "Comm", Role.COMMUNICATION)


@pytest.fixture(autouse=True)
def library() -> None:
    shipped_load()


def form(slug: str, *choices: dict[str, str]) -> dict[str, str]:
    data = {
        "slug": slug,
        "question": "Quelle couleur ?",
        "hint": "",
        "choix-TOTAL_FORMS": str(len(choices)),
        "choix-INITIAL_FORMS": "0",
    }
    for rank, choice in enumerate(choices):
        data |= {f"choix-{rank}-{name}": value for name, value in choice.items()}
    return data


def test_it_works(sign_in, anne) -> None:
    client = sign_in(anne)

    page = client.get("/aide/parcours/").content.decode()

    assert "/aide/parcours/connexion/" in page
    assert "/compte/oubli" in client.get("/aide/parcours/oubli/").content.decode()


def test_a_stranger_is_not_led_where_they_may_not_go(browser) -> None:
    page = browser.get("/aide/parcours/courrier/").content.decode()

    assert "/aide/lire/signature/" not in page
    assert browser.get("/aide/parcours/").status_code == 200


def test_a_question_is_saved_with_its_choices(sign_in, chloe) -> None:
    choices = (
        {"label": "Bleu", "article": "signature"},
        {"label": "Rouge", "crossroad": "depart"},
        {"label": "Vert", "page": "support:ask"},
    )

    sign_in(chloe).post("/aide/redaction/parcours/nouveau/", form("couleur", *choices))

    assert [c.label for c in Crossroad.objects.get(slug="couleur").choices.all()] == ["Bleu", "Rouge", "Vert"]


@pytest.mark.parametrize(
    "choice",
    [
        {"label": "Bleu"},
        {"label": "Bleu", "article": "rien"},
        {"label": "Bleu", "page": "rien:rien"},
        {"label": "Bleu", "article": "signature", "page": "support:ask"},
    ],
)
def test_a_choice_leads_to_one_thing_that_exists(sign_in, chloe, choice) -> None:
    page = sign_in(chloe).post(
        "/aide/redaction/parcours/nouveau/", form("couleur", {"label": "Rouge", "crossroad": "depart"}, choice)
    )

    assert "« Bleu »" in page.content.decode()
    assert not Crossroad.objects.filter(slug="couleur").exists()


def test_a_question_others_lead_to_stays(sign_in, chloe) -> None:
    sign_in(chloe).post("/aide/redaction/parcours/oubli/suppression/")

    assert Choice.objects.filter(crossroad__slug="oubli").count() == 3


def test_a_writer_without_the_right_changes_nothing(sign_in, make_account) -> None:
    client = sign_in(make_account("Sam", "Support", Role.SUPPORT))

    assert client.get("/aide/redaction/parcours/").status_code == 200
    assert client.post("/aide/redaction/parcours/oubli/suppression/").status_code == 403


def test_an_academy_s_own_question_comes_before_the_one_for_all(sign_in, make_account, rivemont, anne) -> None:
    rita = make_account("Rita", "Rive", Role.COMMUNICATION, organisation=rivemont)
    client = sign_in(rita)
    assert client.get("/aide/redaction/parcours/depart/").status_code == 404

    client.post("/aide/redaction/parcours/nouveau/", form("depart", {"label": "Bleu", "article": "signature"}))

    assert "Quelle couleur ?" in client.get("/aide/parcours/").content.decode()
    assert "Quelle couleur ?" not in sign_in(anne).get("/aide/parcours/").content.decode()
