"""What each reader sees, and says."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from ecritoire.directory.models import Organisation
from ecritoire.knowledge.models import Article, AskedQuery, Opinion
from ecritoire.knowledge.services import article_create, version_publish
from ecritoire.knowledge.services.articles import Text
from ecritoire.knowledge.services.shipped import shipped_load

pytestmark = pytest.mark.django_db


@pytest.fixture
def library() -> None:
    shipped_load()


def publish(title: str, organisation=None, *, public: bool = False) -> Article:
    version = article_create(
        kind=Article.Kind.FAQ,
        topic="help",
        text=Text(title=title, body="Voici."),
        is_public=public,
        organisation=organisation,
        acting_user=None,
    )
    version_publish(version=version, acting_user=None)
    return version.article


def test_it_works(library, sign_in, anne) -> None:
    page = sign_in(anne).get("/aide/lire/mot-de-passe-oublie/")

    assert "question secrète" in page.content.decode()


def test_a_stranger_reads_what_is_public_only(library, browser) -> None:
    assert browser.get("/aide/lire/mot-de-passe-oublie/").status_code == 200
    assert browser.get("/aide/lire/signature/").status_code == 404
    assert "/aide/lire/signature/" not in browser.get("/aide/?q=signature").content.decode()


def test_an_academy_s_own_page_is_not_another_s(sign_in, anne) -> None:
    other = Organisation.objects.create(name="Ailleurs", mail_domain="ac-ailleurs.test")
    article = publish("Le photocopieur d'ailleurs", other, public=True)

    client = sign_in(anne)

    assert client.get(reverse("knowledge:article", args=[article.slug])).status_code == 404
    assert article.slug not in client.get("/aide/?q=photocopieur").content.decode()
    client.cookies.clear()
    assert client.get(reverse("knowledge:article", args=[article.slug])).status_code == 404


def test_the_last_opinion_of_each_counts(library, sign_in, anne) -> None:
    client = sign_in(anne)

    client.post("/aide/lire/signature/avis/", {"helped": "1"})
    client.post("/aide/lire/signature/avis/", {"helped": "0", "text": "Et sur le téléphone ?"})

    opinion = Opinion.objects.get()
    assert (opinion.helped, opinion.text) == (False, "Et sur le téléphone ?")


def test_a_stranger_gives_no_opinion(library, browser) -> None:
    assert browser.post("/aide/lire/mot-de-passe-oublie/avis/", {"helped": "1"}).status_code == 302
    assert not Opinion.objects.exists()


def test_searches_are_counted_without_a_name(library, sign_in, anne) -> None:
    client = sign_in(anne)

    for asked in ("imprimante", "Imprimante", "anne.durand@ailleurs.test", "06 12 34 56 78"):
        client.get("/aide/", {"q": asked})

    assert list(AskedQuery.objects.values_list("text", "count")) == [("imprimante", 2)]


def test_pages_cost_few_queries(library, sign_in, anne, django_assert_max_num_queries) -> None:
    client = sign_in(anne)

    for address in ("/aide/", "/aide/?q=telephone", "/aide/themes/phone/", "/aide/lire/signature/", "/aide/parcours/"):
        with django_assert_max_num_queries(13):
            assert client.get(address).status_code == 200


def test_an_unknown_topic_or_question_is_not_found(library, browser) -> None:
    assert browser.get("/aide/themes/rien/").status_code == 404
    assert browser.get("/aide/parcours/rien/").status_code == 404


def test_suggestions_come_while_typing(library, sign_in, anne) -> None:
    page = sign_in(anne).get("/aide/suggestions/", {"subject": "mon iphone ne reçoit plus"})

    assert "iPhone" in page.content.decode()
    assert "<html" not in page.content.decode()


def test_news_come_newest_first(sign_in, anne) -> None:
    for title, days in (("Ancienne", 10), ("Récente", 1)):
        article = publish(title)
        since = timezone.now() - dt.timedelta(days=days)
        Article.objects.filter(pk=article.pk).update(kind=Article.Kind.NEWS, live_since=since)

    page = sign_in(anne).get("/aide/actualites/").content.decode()

    assert page.index("Récente") < page.index("Ancienne")
