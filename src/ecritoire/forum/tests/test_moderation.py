"""Flags, hiding, locking, merging, suspending, frequent questions."""

from __future__ import annotations

from http import HTTPStatus

import pytest

from ecritoire.common.models import AuditEvent
from ecritoire.forum.models import Flag, Member, Topic
from ecritoire.forum.services import ForumRefused, answer_write, flag_raise, topic_ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def answer(question, boris):
    return answer_write(topic=question, author=boris, text="Ceci est inconvenant.")


def test_it_works(sign_in, question, answer, anne, moderator):
    sign_in(anne).post(f"/forum/messages/{answer.pk}/signalement/", {"reason": "rude"})
    browser = sign_in(moderator)
    assert answer.text in browser.get("/forum/moderation/").content.decode()
    browser.post(f"/forum/moderation/signalements/{Flag.objects.get().pk}/", {"act": "hide"})
    assert Flag.objects.get().state == Flag.State.UPHELD
    assert answer.text not in sign_in(anne).get(f"/forum/sujets/{question.pk}/").content.decode()
    assert AuditEvent.objects.filter(action="forum.hide", actor=moderator.login).exists()


def test_a_hidden_topic_is_gone_for_others(sign_in, question, answer, anne, moderator):
    flag_raise(post=question.posts.get(is_question=True), account=anne, reason=Flag.Reason.OTHER, text="")
    sign_in(moderator).post(f"/forum/moderation/signalements/{Flag.objects.get().pk}/", {"act": "hide"})
    assert sign_in(anne).get(f"/forum/sujets/{question.pk}/").status_code == HTTPStatus.NOT_FOUND


def test_a_locked_topic_takes_no_answer(sign_in, question, boris, moderator):
    sign_in(moderator).post(f"/forum/moderation/sujets/{question.pk}/", {"act": "lock"})
    with pytest.raises(ForumRefused):
        answer_write(topic=question, author=boris, text="Trop tard")


def test_merged_topics_are_one(sign_in, phones, question, answer, boris, moderator):
    other = topic_ask(section=phones, author=boris, title="La même chose", text="Aussi", tags=[])
    sign_in(moderator).post(f"/forum/moderation/sujets/{other.pk}/", {"act": "merge", "into": question.pk})
    assert Topic.objects.get().answers_count == 2


def test_a_suspended_author_writes_nothing(sign_in, question, answer, boris, moderator):
    sign_in(moderator).post(f"/forum/moderation/messages/{answer.pk}/", {"act": "suspend"})
    assert Member.objects.get(account=boris).is_suspended
    with pytest.raises(ForumRefused):
        answer_write(topic=question, author=boris, text="Encore")
    sign_in(moderator).post(f"/forum/moderation/messages/{answer.pk}/", {"act": "release"})
    answer_write(topic=question, author=boris, text="Pardon")


def test_a_topic_becomes_a_frequent_question(sign_in, question, answer, moderator):
    browser = sign_in(moderator)
    browser.post(f"/forum/messages/{answer.pk}/reponse/")
    browser.post(f"/forum/moderation/sujets/{question.pk}/", {"act": "article"})
    article = Topic.objects.get().article
    assert article is not None
    assert article.versions.get().body == answer.text
    assert article.live is None, "a draft, for a writer to look over"


def test_sections(sign_in, moderator):
    browser = sign_in(moderator)
    data = {"name": "Pédagogie", "description": "", "order": 1, "categories": ["teacher"]}
    assert browser.post("/forum/moderation/sections/nouvelle/", data).url == "/forum/moderation/"
    assert "porte déjà" in browser.post("/forum/moderation/sections/nouvelle/", data).content.decode()


def test_only_moderators_moderate(sign_in, question, anne):
    browser = sign_in(anne)
    assert browser.get("/forum/moderation/").status_code == HTTPStatus.FORBIDDEN
    assert browser.post(f"/forum/moderation/sujets/{question.pk}/", {"act": "hide"}).status_code == HTTPStatus.FORBIDDEN
