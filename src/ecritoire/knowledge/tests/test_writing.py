"""From a draft to the page people read."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from ecritoire.common.models import AuditEvent
from ecritoire.common.roles import Role
from ecritoire.knowledge.models import Article, ArticleVersion
from ecritoire.knowledge.reminders import reminders_send
from ecritoire.knowledge.services import publish_due, version_publish
from ecritoire.knowledge.services.articles import VersionRefused

pytestmark = pytest.mark.django_db
State = ArticleVersion.State
FIELDS = {"title": "Réserver le chariot", "kind": "guide", "topic": "help", "body": "1. Demandez-le."}


@pytest.fixture
def chloe(make_account):
    """The communication officer."""
    return make_account("Chloé", "Comm", Role.COMMUNICATION)


@pytest.fixture
def sam(make_account):
    """A support agent: writes, does not publish."""
    return make_account("Sam", "Support", Role.SUPPORT)


@pytest.fixture
def draft(sign_in, sam) -> ArticleVersion:
    sign_in(sam).post("/aide/redaction/nouveau/", FIELDS)
    return ArticleVersion.objects.get()


def desk(slug: str, act: str) -> str:
    return f"/aide/redaction/articles/{slug}/{act}/"


def test_it_works(draft, sign_in, sam, chloe, anne) -> None:
    slug = draft.article.slug
    assert slug == "reserver-le-chariot"
    sign_in(sam).post(desk(slug, "relecture"))
    assert sign_in(anne).get(f"/aide/lire/{slug}/").status_code == 404

    sign_in(chloe).post(desk(slug, "publication"))

    assert "Demandez-le" in sign_in(anne).get(f"/aide/lire/{slug}/").content.decode()
    assert AuditEvent.objects.filter(action="article.publish", actor=chloe.login).exists()


def test_an_author_does_not_publish(draft, sign_in, sam) -> None:
    assert sign_in(sam).post(desk(draft.article.slug, "publication")).status_code == 403


def test_an_agent_does_not_write(draft, sign_in, anne) -> None:
    client = sign_in(anne)

    assert client.get("/aide/redaction/").status_code == 403
    assert client.post("/aide/redaction/nouveau/", FIELDS).status_code == 403


def test_a_change_waits_while_the_page_stays(draft, sign_in, sam, chloe, anne) -> None:
    slug = draft.article.slug
    sign_in(chloe).post(desk(slug, "publication"))

    sign_in(sam).post(desk(slug, "texte"), FIELDS | {"body": "1. Autrement."})

    assert "Demandez-le" in sign_in(anne).get(f"/aide/lire/{slug}/").content.decode()
    sign_in(chloe).post(desk(slug, "publication"))
    assert "Autrement" in sign_in(anne).get(f"/aide/lire/{slug}/").content.decode()
    assert [v.number for v in ArticleVersion.objects.all()] == [2, 1]


def test_a_reviewer_says_what_to_mend(draft, sign_in, sam, chloe) -> None:
    slug = draft.article.slug
    sign_in(sam).post(desk(slug, "relecture"))

    sign_in(chloe).post(desk(slug, "reprise"), {"note": "Où est le chariot ?"})

    assert "Où est le chariot ?" in sign_in(sam).get(f"/aide/redaction/articles/{slug}/").content.decode()
    draft.refresh_from_db()
    assert draft.state == State.REFUSED


def test_publication_may_be_for_later(draft, sign_in, chloe, anne) -> None:
    slug, later = draft.article.slug, timezone.localtime() + dt.timedelta(hours=2)
    sign_in(chloe).post(desk(slug, "publication"), {"at": later.strftime("%Y-%m-%dT%H:%M")})
    assert publish_due() == 0
    assert sign_in(anne).get(f"/aide/lire/{slug}/").status_code == 404

    ArticleVersion.objects.update(publish_at=timezone.now())

    assert publish_due() == 1
    assert publish_due() == 0
    assert sign_in(anne).get(f"/aide/lire/{slug}/").status_code == 200


def test_a_version_published_meanwhile_is_not_published_again(draft, chloe) -> None:
    stale = ArticleVersion.objects.select_related("article").get(pk=draft.pk)
    version_publish(version=draft, acting_user=chloe)

    with pytest.raises(VersionRefused):
        version_publish(version=stale, acting_user=chloe)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("[x](article:nulle-part)", "Article inconnu"),
        ("[x](page:nulle:part)", "Page inconnue"),
        ("{{ rien }}", "Valeur inconnue"),
    ],
)
def test_a_text_at_fault_is_refused(sign_in, sam, body, said) -> None:
    page = sign_in(sam).post("/aide/redaction/nouveau/", FIELDS | {"body": body})

    assert said in page.content.decode()
    assert not Article.objects.exists()


def test_a_preview_saves_nothing(sign_in, sam) -> None:
    page = sign_in(sam).post("/aide/redaction/nouveau/", FIELDS | {"preview": "1"})

    assert "<li>Demandez-le.</li>" in page.content.decode()
    assert not Article.objects.exists()


def test_a_page_withdrawn_is_gone_and_may_come_back(draft, sign_in, chloe, anne) -> None:
    slug = draft.article.slug
    client = sign_in(chloe)
    client.post(desk(slug, "publication"))

    client.post(desk(slug, "retrait"))

    assert sign_in(anne).get(f"/aide/lire/{slug}/").status_code == 404
    client = sign_in(chloe)
    assert "Reprendre ce texte" in client.get(f"/aide/redaction/articles/{slug}/").content.decode()
    assert "Demandez-le" in client.get(desk(slug, "texte") + "?version=1").content.decode()


def test_writers_are_reminded_of_what_grows_old(draft, chloe, anne) -> None:
    version_publish(version=draft, acting_user=chloe)
    Article.objects.update(review_by=timezone.localdate() + dt.timedelta(days=3))

    assert reminders_send() == 1
    assert mail.outbox[0].to == [chloe.login]
    assert "Réserver le chariot" in mail.outbox[0].body
    Article.objects.update(review_by=timezone.localdate() + dt.timedelta(days=60))
    assert reminders_send() == 0


def test_the_desk_costs_few_queries(draft, sign_in, chloe, django_assert_max_num_queries) -> None:
    client = sign_in(chloe)

    with django_assert_max_num_queries(14):
        client.get("/aide/redaction/?need=draft")


def test_another_academy_changes_nothing_for_all(draft, chloe, sign_in, make_account, rivemont) -> None:
    version_publish(version=draft, acting_user=chloe)
    Article.objects.update(organisation=None)
    client = sign_in(make_account("Rita", "Rive", Role.COMMUNICATION, organisation=rivemont))

    assert client.get(f"/aide/lire/{draft.article.slug}/").status_code == 200
    assert client.get(f"/aide/redaction/articles/{draft.article.slug}/").status_code == 404


def test_when_it_is_to_be_read_again_is_kept_with_the_rest(sign_in, sam) -> None:
    """On writing it and on changing it; what holds at once is in the journal."""
    browser = sign_in(sam)
    browser.post("/aide/redaction/nouveau/", FIELDS | {"review_by": "2027-09-01"})
    article = ArticleVersion.objects.get().article
    assert article.review_by == dt.date(2027, 9, 1)
    browser.post(desk(article.slug, "texte"), FIELDS | {"review_by": "2027-10-01", "is_public": "on"})
    article.refresh_from_db()
    assert (article.review_by, article.is_public) == (dt.date(2027, 10, 1), True)
    assert AuditEvent.objects.get(action="article.change").detail["fields"] == ["is_public", "review_by"]
    browser.post(desk(article.slug, "texte"), FIELDS | {"review_by": "2027-10-01", "is_public": "on"})
    assert AuditEvent.objects.filter(action="article.change").count() == 1
