"""A section, a tag: their new topics are told once, on the pages and by mail, and left with one click."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.core import signing

from ecritoire.forum import tasks
from ecritoire.forum.messages import SALT, answer_message, unsubscribe_token
from ecritoire.forum.models import Follow, Member, Notice, Section, Subscription
from ecritoire.forum.services import (
    ForumRefused,
    answer_write,
    follow_set,
    member_set,
    notices_clear,
    notices_purge,
    topic_ask,
)
from ecritoire.forum.services.following import FOLLOWS, KEPT
from ecritoire.forum.tasks import notify, send_digest, send_digests

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(monkeypatch):
    """Runs what is told of a post, and returns whom mail was to be sent to."""
    asked: list[int] = []
    monkeypatch.setattr(tasks.send_answer, "batch_defer", lambda *rows: asked.extend(row["account_id"] for row in rows))

    def run(topic):
        asked.clear()
        notify(post_id=topic.posts.latest("pk").pk)
        return asked

    return run


@pytest.fixture
def follower(sign_in, phones, make_account):
    """Chloé follows the section and one of the tags."""
    chloe = make_account("Chloé", "Martel")
    browser = sign_in(chloe)
    browser.post("/forum/suivis/", {"section": phones.pk, "wanted": "yes"})
    browser.post("/forum/suivis/", {"tag": " Tablette ", "wanted": "yes"})
    return chloe


def test_it_works(sign_in, follower, told, question):
    assert told(question) == [follower.pk], "once, though both the section and the tag lead to it; never the author"
    assert [notice.topic for notice in Notice.objects.filter(account=follower)] == [question]
    browser = sign_in(follower)
    assert "1 sujet à lire" in browser.get("/").content.decode()
    assert question.title in browser.get("/forum/?order=unread").content.decode()
    browser.get(f"/forum/sujets/{question.pk}/")
    assert "sujet à lire" not in browser.get("/").content.decode()


def test_answers_are_told_to_who_follows_the_topic_only(follower, told, question, anne, boris):
    answer_write(topic=question, author=boris, text="Par les réglages.")
    assert told(question) == [anne.pk]


def test_several_answers_are_one_notice(told, question, anne, boris):
    for text in ("Par les réglages.", "Ou par le menu."):
        answer_write(topic=question, author=boris, text=text)
        told(question)
    assert Notice.objects.filter(account=anne).count() == 1


def test_another_academie_is_told_nothing(told, rivemont, make_account, question):
    rita = make_account("Rita", "Voisine", organisation=rivemont)
    follow_set(account=rita, tag="tablette", wanted=True)
    assert told(question) == []


def test_who_may_no_longer_read_sees_nothing(sign_in, follower, told, question):
    told(question)
    Section.objects.update(categories=["administrative"])
    browser = sign_in(follower)
    assert "sujet à lire" not in browser.get("/").content.decode()
    assert question.section.name not in browser.get("/forum/reglages/").content.decode()


def test_a_section_of_others_is_not_followed(sign_in, phones, boris):
    Section.objects.update(categories=["administrative"])
    answer = sign_in(boris).post("/forum/suivis/", {"section": phones.pk, "wanted": "yes"})
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert not Follow.objects.exists()


def test_who_wants_mail_later_has_notices_at_once(follower, told, question):
    member_set(account=follower, notify=Member.Notify.NONE, shows_function=False)
    assert told(question) == []
    assert Notice.objects.filter(account=follower).exists()


def test_one_link_leaves_what_brought_the_message(browser, follower, question):
    message = answer_message(question.posts.get(), follower)
    assert message.subject == f"[Forum] {question.title}"
    assert "Téléphones, tablette" in message.body or "tablette, Téléphones" in message.body
    url = message.extra_headers["List-Unsubscribe"].strip("<>").partition("/forum/")[2]
    assert "Téléphones" in browser.get(f"/forum/{url}").content.decode()
    assert Follow.objects.count() == 2, "looking at the page leaves nothing"
    browser.post(f"/forum/{url}", {"List-Unsubscribe": "One-Click"})
    assert not Follow.objects.exists()


def test_a_link_leaves_nobody_else_s(browser, follower, question, boris):
    mine = [row.pk for row in Follow.objects.filter(account=follower)]
    browser.post(f"/forum/desabonnement/{unsubscribe_token(question.pk, boris.pk, mine)}/")
    assert Follow.objects.count() == 2


def test_links_sent_before_still_work(browser, question, anne):
    old = signing.dumps([question.pk, anne.pk], salt=SALT)
    browser.post(f"/forum/desabonnement/{old}/")
    assert not Subscription.objects.exists()


def test_settings_list_them_and_leave_them(sign_in, follower, phones, question):
    browser = sign_in(follower)
    page = browser.get("/forum/reglages/").content.decode()
    assert phones.name in page
    assert "tablette" in page
    answer = browser.post("/forum/suivis/", {"tag": "tablette", "wanted": "no", "from": "settings"})
    assert answer.url == "/forum/reglages/"
    assert [row.section for row in Follow.objects.all()] == [phones]


def test_their_pages_offer_to_leave(sign_in, follower, phones, question):
    browser = sign_in(follower)
    assert "Ne plus suivre cette section" in browser.get(f"/forum/?section={phones.pk}").content.decode()
    assert "Ne plus suivre cette étiquette" in browser.get("/forum/?tag=tablette").content.decode()


def test_a_summary_tells_new_topics_once(follower, question, boris, mailoutbox):
    member_set(account=follower, notify=Member.Notify.DAILY, shows_function=False)
    for _day in range(2):
        send_digest(account_id=follower.pk)
    assert [message.body.count(question.title) for message in mailoutbox] == [1]


def test_summaries_are_made_for_who_follows(follower, question, anne, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks.send_digest, "defer", lambda **values: asked.append(values["account_id"]))
    for account in (follower, anne):
        member_set(account=account, notify=Member.Notify.DAILY, shows_function=False)
    send_digests(timestamp=0)
    assert asked == [follower.pk], "there is nothing new for Anne, who asked it"


def test_only_so_many(anne):
    for rank in range(FOLLOWS):
        follow_set(account=anne, tag=f"étiquette {rank}", wanted=True)
    with pytest.raises(ForumRefused):
        follow_set(account=anne, tag="de trop", wanted=True)


def test_all_read(sign_in, follower, told, question):
    told(question)
    sign_in(follower).post("/forum/lus/")
    assert not Notice.objects.exists()


def test_notices_grow_old(follower, told, question):
    told(question)
    assert notices_purge() == 0
    Notice.objects.update(created_at=question.created_at - KEPT)
    assert notices_purge() == 1


def test_one_s_own_only_are_cleared(follower, told, question, boris):
    told(question)
    notices_clear(account=boris)
    assert Notice.objects.exists()


def test_telling_costs_the_same_however_many_follow(told, phones, make_account, anne, django_assert_max_num_queries):
    for rank in range(12):
        follow_set(account=make_account(f"Zoé{rank}", "Suiveuse"), section=phones, wanted=True)
    topic = topic_ask(section=phones, author=anne, title="Veille", text="?", tags=["x"])
    with django_assert_max_num_queries(8):
        assert len(told(topic)) == 12
