"""From a request or a frequent question to the topic it was made of, and back; for who may read it."""

from __future__ import annotations

import pytest

from ecritoire.common.roles import Role
from ecritoire.forum.models import Section, Topic
from ecritoire.forum.services import answer_accept, answer_write, ticket_from_topic, topic_to_article
from ecritoire.knowledge.services import version_publish

pytestmark = pytest.mark.django_db


def page(browser, url):
    return browser.get(url).content.decode()


def link(topic):
    return f'href="/forum/sujets/{topic.pk}/"'


def test_it_works(sign_in, question, anne, make_account):
    ticket = ticket_from_topic(topic=question, acting_user=anne)
    own, desk = f"/assistance/demandes/{ticket.number}/", f"/assistance/file/{ticket.number}/"
    assert link(question) in page(sign_in(anne), own)
    assert own in page(sign_in(anne), f"/forum/sujets/{question.pk}/")
    support = sign_in(make_account("Nadia", "Aide", Role.SUPPORT))
    assert link(question) in page(support, desk)
    assert desk in page(support, f"/forum/sujets/{question.pk}/")


def test_who_handles_no_request_sees_no_number(sign_in, question, anne, boris):
    ticket = ticket_from_topic(topic=question, acting_user=anne)
    assert ticket.number not in page(sign_in(boris), f"/forum/sujets/{question.pk}/")


def test_a_topic_one_may_no_longer_read_is_not_named(sign_in, question, anne):
    ticket = ticket_from_topic(topic=question, acting_user=anne)
    Section.objects.update(categories=["administrative"])
    assert link(question) not in page(sign_in(anne), f"/assistance/demandes/{ticket.number}/")


@pytest.fixture
def article(question, anne, boris, moderator):
    answer_accept(post=answer_write(topic=question, author=boris, text="Par les réglages."), account=anne)
    topic_to_article(topic=Topic.objects.get(), acting_user=moderator)
    return Topic.objects.get().article


def test_a_draft_is_for_its_writers(sign_in, question, article, anne, moderator):
    desk = f"/aide/redaction/articles/{article.slug}/"
    assert desk in page(sign_in(moderator), f"/forum/sujets/{question.pk}/")
    assert link(question) in page(sign_in(moderator), desk)
    assert article.slug not in page(sign_in(anne), f"/forum/sujets/{question.pk}/")


def test_once_on_line_both_lead_to_each_other(sign_in, browser, question, article, anne, moderator):
    version_publish(version=article.versions.get(), acting_user=moderator)
    type(article).objects.filter(pk=article.pk).update(is_public=True)
    url = f"/aide/lire/{article.slug}/"
    assert link(question) not in page(browser, url), "the forum is for those who signed in"
    assert url in page(sign_in(anne), f"/forum/sujets/{question.pk}/")
    assert link(question) in page(sign_in(anne), url)
