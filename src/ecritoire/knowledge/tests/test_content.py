"""The help that comes with the software is sound, and grows with it without undoing what people wrote."""

from __future__ import annotations

import re
from collections import Counter
from xml.etree import ElementTree

import pytest
from django.conf import settings

from ecritoire.knowledge.films.captions import captions_of, cues_of
from ecritoire.knowledge.films.container import media_of
from ecritoire.knowledge.markdown import IMAGES as IMAGE_FOLDER
from ecritoire.knowledge.markdown import faults_in, render
from ecritoire.knowledge.models import Article, Crossroad
from ecritoire.knowledge.selectors import crossroads_with_reach
from ecritoire.knowledge.services import version_publish, version_save
from ecritoire.knowledge.services.articles import Text
from ecritoire.knowledge.services.shipped import CONTENT, shipped_articles, shipped_load

pytestmark = pytest.mark.django_db
SHIPPED = list(shipped_articles())
SLUGS = [item.slug for item in SHIPPED]


def test_it_works() -> None:
    counts = shipped_load()

    assert counts["created"] == len(SHIPPED)
    assert Article.objects.filter(live__isnull=False).count() == len(SHIPPED)
    assert shipped_load() == {"created": 0, "renewed": 0, "kept": 0, "unchanged": len(SHIPPED)}


def test_there_is_enough_to_read() -> None:
    kinds = Counter(item.kind for item in SHIPPED)

    assert kinds["guide"] >= 25
    assert kinds["faq"] >= 40
    assert kinds["video"] >= 6
    assert kinds["graphic"] >= 4
    assert kinds["use_case"] >= 6
    assert kinds["release"] >= 1
    assert len(set(SLUGS)) == len(SLUGS)


@pytest.mark.parametrize("item", SHIPPED, ids=SLUGS)
def test_a_text_names_only_what_exists(item) -> None:
    assert faults_in(item.text.body, slugs=SLUGS) == []
    assert "{{" not in render(item.text.body)


FILMS = {item.slug: item.film for item in SHIPPED if item.film}
IMAGES = sorted(IMAGE_FOLDER.glob("*.svg"))


@pytest.mark.parametrize("name", FILMS)
def test_a_film_has_words_for_those_who_do_not_see_or_hear_it(name) -> None:
    with FILMS[name].path("webm").open("rb") as file:
        media = media_of(file)

    assert (media.width, media.height) == (1280, 720)
    assert 20_000 <= media.milliseconds <= 62_000
    for language in ("fr", "en"):
        cues = cues_of(captions_of(FILMS[name].read(f"{language}.vtt"), media.milliseconds))
        assert abs(cues[-1].end - media.milliseconds) < 500
    assert FILMS[name].read("en.txt").decode().count(". ") >= len(cues) - 1


def test_films_stay_small() -> None:
    assert sum(film.path("webm").stat().st_size for film in FILMS.values()) < 6_000_000


@pytest.mark.parametrize("path", IMAGES, ids=[path.stem for path in IMAGES])
def test_an_infographic_says_what_it_shows(path) -> None:
    names = {"s": "http://www.w3.org/2000/svg"}
    root = ElementTree.parse(path).getroot()

    assert root.attrib["role"] == "img"
    assert root.findtext("s:title", namespaces=names)
    assert len(root.findtext("s:desc", "", names)) > 60
    assert any(f"image:{path.name}" in item.text.body for item in SHIPPED)


def test_each_version_of_the_software_has_its_news() -> None:
    changelog = (settings.PROJECT_ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    written = [path.read_text(encoding="utf-8") for path in (CONTENT / "releases").glob("*.md")]

    for heading in re.findall(r"(?m)^## \[?([^\]\s]+)", changelog):
        assert any(f'changelog = "{heading}"' in text for text in written), f"nothing is written about {heading}"


def test_every_question_is_reached_and_leads_somewhere() -> None:
    shipped_load()

    rows = crossroads_with_reach(Crossroad.objects.all())

    assert [row.slug for row, reached in rows if not reached] == []
    assert all(row.choices.all() for row, _reached in rows)


def test_what_people_rewrote_stays(admin) -> None:
    shipped_load()
    article = Article.objects.get(slug="signature")
    version = version_save(article=article, text=Text(title="Chez nous", body="Autrement."), acting_user=admin)
    version_publish(version=version, acting_user=admin)
    Article.objects.filter(pk=article.pk).update(shipped_digest="an older delivery")

    counts = shipped_load()

    assert counts["kept"] == 1
    assert Article.objects.filter(slug="signature", live__title="Chez nous").exists()


def test_what_nobody_touched_is_renewed() -> None:
    shipped_load()
    Article.objects.filter(slug="signature").update(shipped_digest="an older delivery")

    assert shipped_load()["renewed"] == 1
    assert Article.objects.filter(slug="signature", live__number=2).exists()


def test_questions_rewritten_here_stay() -> None:
    shipped_load()
    Crossroad.objects.filter(slug="depart").update(question="Que vous arrive-t-il ?")

    shipped_load()

    assert Crossroad.objects.get(slug="depart").question == "Que vous arrive-t-il ?"


def test_no_markup_passes() -> None:
    html = render('<script>alert(1)</script> [x](javascript:alert(1)) <img src="x" onerror="y">')

    assert "<script" not in html
    assert "<img" not in html
    assert "<img" not in render("![espion](https://ailleurs.test/x.png) ![absente](image:absente.svg)")
    assert "href" not in html
