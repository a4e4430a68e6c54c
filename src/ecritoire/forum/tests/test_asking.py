"""Asking, answering, finding; what is refused."""

from __future__ import annotations

from http import HTTPStatus

import pytest

from ecritoire.directory.personal_data import erasures
from ecritoire.forum.models import Member, Post, Section, Subscription, Topic, Word
from ecritoire.forum.search import words_forget
from ecritoire.forum.selectors import POSTS, Filters, topic_list, topics_similar
from ecritoire.forum.services import (
    ForumRefused,
    answer_accept,
    answer_write,
    member_set,
    post_delete,
    post_edit,
    ticket_from_topic,
    topic_ask,
    vote_toggle,
)
from ecritoire.support.models import Ticket

pytestmark = pytest.mark.django_db


def test_it_works(sign_in, phones, anne):
    browser = sign_in(anne)
    data = {"title": "Courrier absent", "section": phones.pk, "text": "Rien **du tout**", "tags": "Courrier, iOS"}
    answer = browser.post("/forum/nouveau/", data)
    topic = Topic.objects.get()
    assert answer.url == f"/forum/sujets/{topic.pk}/"
    assert topic.tags == ["courrier", "ios"]
    assert "<strong>du tout</strong>" in browser.get(answer.url).content.decode()


def test_the_code_of_conduct_comes_first(sign_in, phones, make_account):
    clara = make_account("Clara", "Neuve")
    browser = sign_in(clara)
    assert browser.get("/forum/nouveau/").url == "/forum/charte/"
    with pytest.raises(ForumRefused):
        topic_ask(section=phones, author=clara, title="x", text="y", tags=[])
    browser.post("/forum/charte/")
    assert browser.get("/forum/nouveau/").status_code == HTTPStatus.OK


def test_a_telephone_is_confirmed_and_a_password_never_published(sign_in, question, boris):
    browser, url = sign_in(boris), f"/forum/sujets/{question.pk}/"
    assert "un numéro de téléphone" in browser.post(url, {"text": "Au 06 12 34 56 78"}).content.decode()
    assert browser.post(url, {"text": "Au 06 12 34 56 78", "confirm": "on"}).status_code == HTTPStatus.FOUND
    secret = browser.post(url, {"text": "mot de passe : Soleil2024!", "confirm": "on"})
    assert "un mot de passe" in secret.content.decode()
    assert question.posts.count() == 2


def test_markup_is_escaped(sign_in, question, boris):
    answer_write(topic=question, author=boris, text="<script>alert(1)</script> [x](javascript:alert(1))")
    page = sign_in(boris).get(f"/forum/sujets/{question.pk}/").content.decode()
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_one_does_not_vote_for_oneself(question, anne, boris):
    post = question.posts.get()
    with pytest.raises(ForumRefused):
        vote_toggle(post=post, account=anne)
    vote_toggle(post=post, account=boris)
    assert Topic.objects.get().votes_count == 1
    vote_toggle(post=post, account=boris)
    assert Topic.objects.get().votes_count == 0


def test_after_an_act_one_is_where_one_was(sign_in, question, anne, boris):
    posts = [Post.objects.create(topic=question, author=boris, text=str(rank)) for rank in range(POSTS + 5)]
    browser, first, last = sign_in(anne), posts[0], posts[-1]
    for post, where in ((first, f"#message-{first.pk}"), (last, f"?page=2#message-{last.pk}")):
        answer = browser.post(f"/forum/messages/{post.pk}/utile/")
        assert browser.get(answer.url).url == f"/forum/sujets/{question.pk}/{where}"
    browser.post(f"/forum/messages/{last.pk}/reponse/")
    assert browser.get(f"/forum/messages/{last.pk}/").url.endswith(f"/#message-{last.pk}"), (
        "the accepted answer comes first"
    )


def test_a_hidden_message_leads_nowhere(sign_in, question, boris, anne):
    post = Post.objects.create(topic=question, author=boris, text="x", is_hidden=True)
    assert sign_in(anne).get(f"/forum/messages/{post.pk}/").status_code == HTTPStatus.NOT_FOUND


def test_who_asked_accepts(question, anne, boris):
    post = answer_write(topic=question, author=boris, text="Par les réglages.")
    with pytest.raises(ForumRefused):
        answer_accept(post=post, account=boris)
    answer_accept(post=post, account=anne)
    assert Topic.objects.get().accepted == post


def test_what_was_answered_is_not_deleted(question, anne, boris):
    answer_write(topic=question, author=boris, text="Par les réglages.")
    with pytest.raises(ForumRefused):
        post_delete(post=question.posts.get(is_question=True), author=anne)
    with pytest.raises(ForumRefused):
        post_delete(post=question.posts.get(is_question=True), author=boris)


def test_editing_keeps_what_was_said(question, anne, boris):
    post = question.posts.get()
    with pytest.raises(ForumRefused):
        post_edit(post=post, editor=boris, text="autre")
    post_edit(post=post, editor=anne, text="autre")
    assert post.versions.get().text == "Comment **faire** ?"


def test_new_authors_write_slowly(phones, question, anne):
    for rank in range(2):
        topic_ask(section=phones, author=anne, title=f"Encore {rank}", text="x", tags=[])
    with pytest.raises(ForumRefused):
        topic_ask(section=phones, author=anne, title="De trop", text="x", tags=[])


@pytest.mark.parametrize(
    "asked", ["réinitialisation des tablettes", "REINITIALISER", "reinitialsier", "faire tablette"]
)
def test_search_in_french(question, boris, asked):
    assert list(topic_list(boris, Filters(asked))) == [question]


@pytest.mark.parametrize("asked", ["tablete", "reinitialsier tablete", "reinitialisr"])
def test_typing_errors(question, boris, asked):
    assert list(topic_list(boris, Filters(asked))) == [question]


@pytest.mark.parametrize("asked", ["zzzzzz", "ordinateur", "tablette imprimante"])
def test_what_is_not_there_is_not_found(question, boris, asked):
    assert not topic_list(boris, Filters(asked)).exists()


def test_words_of_no_title_are_forgotten(question, phones, anne):
    topic_ask(section=phones, author=anne, title="Etagere bancale", text="?", tags=[]).delete()
    assert words_forget() == 2
    assert {word.text for word in Word.objects.all()} == {"reinitialiser", "tablette"}


def test_similar_questions_come_before_publishing(sign_in, phones, question, boris):
    assert topics_similar(boris, "ma tablette est bloquée") == [question]
    browser = sign_in(boris)
    data = {"title": "Ma tablette", "section": phones.pk, "text": "Elle est bloquée", "tags": ""}
    assert question.title in browser.post("/forum/nouveau/", data).content.decode()
    assert Topic.objects.count() == 1
    browser.post("/forum/nouveau/", data | {"seen": "1"})
    assert Topic.objects.count() == 2


def test_a_section_for_some_is_hidden_from_others(sign_in, phones, question, boris):
    Section.objects.update(categories=["administrative"])
    browser = sign_in(boris)
    assert browser.get(f"/forum/sujets/{question.pk}/").status_code == HTTPStatus.NOT_FOUND
    assert question.title not in browser.get("/forum/").content.decode()


def test_nothing_without_signing_in(browser, question):
    for url in ("/forum/", f"/forum/sujets/{question.pk}/"):
        assert browser.get(url).status_code == HTTPStatus.FOUND


def test_no_address_is_shown(sign_in, question, anne, boris):
    page = sign_in(boris).get(f"/forum/sujets/{question.pk}/").content.decode()
    assert anne.login not in page
    assert "enseignant" not in page
    member_set(account=anne, notify=Member.Notify.DAILY, shows_function=True)
    assert "enseignant" in sign_in(boris).get(f"/forum/sujets/{question.pk}/").content.decode()


def test_a_topic_becomes_a_request(question, anne, boris):
    with pytest.raises(ForumRefused):
        ticket_from_topic(topic=question, acting_user=boris)
    ticket = ticket_from_topic(topic=question, acting_user=anne)
    assert (ticket.channel, ticket.account) == (Ticket.Channel.FORUM, anne)


def test_erased_people_become_former_members(sign_in, question, anne, boris):
    answer_write(topic=question, author=boris, text="Par les réglages.")
    assert erasures["forum_posts"].erase(anne.person) == 1
    assert "ancien membre" in sign_in(boris).get(f"/forum/sujets/{question.pk}/").content.decode()
    assert erasures["forum_posts"].erase(boris.person) == 1
    assert not Post.objects.exclude(author=None).exists()


def test_who_writes_follows(question, anne, boris):
    answer_write(topic=question, author=boris, text="Par les réglages.")
    assert {row.account for row in Subscription.objects.all()} == {anne, boris}


@pytest.mark.parametrize("path", ["/forum/", "/forum/sujets/{pk}/"])
def test_pages_cost_the_same_whatever_they_show(
    sign_in, django_assert_max_num_queries, phones, question, anne, boris, path
):
    browser = sign_in(boris)
    url = path.format(pk=question.pk)
    browser.get(url)
    for rank in range(20):
        Post.objects.create(topic=question, author=[anne, boris][rank % 2], text=f"réponse {rank}")
        Topic.objects.create(section=phones, author=anne, title=f"Sujet {rank}")
    with django_assert_max_num_queries(20):
        browser.get(url)
