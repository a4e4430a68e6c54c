"""A forgotten password: code and secret answer, nothing less."""

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from ecritoire.accounts import tasks
from ecritoire.accounts.services.recovery import question_shown

pytestmark = pytest.mark.django_db
NEW = "Tracteur-bleu-7-lune"
ANSWERS = {"first_street": "RUE DES LILÀS", "dream_trade": "Astronaute"}


def start(browser, login):
    return browser.post("/compte/oubli/", {"login": login})


def code_for(login):
    tasks.send_reset_code(login=login)
    body = mail.outbox[-1].body
    return next(line.strip() for line in body.splitlines() if line.strip().isdigit())


def right_answer(account):
    label = question_shown(account.login)
    question = next(q for q in account.secret_questions.all() if q.get_question_display() == label)
    return ANSWERS[question.question]


def test_it_works(browser, anne, sign_in):
    start(browser, anne.login)
    data = {"code": code_for(anne.login), "answer": right_answer(anne)}
    assert browser.post("/compte/oubli/verification/", data).url == "/compte/oubli/mot-de-passe/"
    browser.post("/compte/oubli/mot-de-passe/", {"new_password": NEW, "repeat": NEW})
    sign_in(anne, NEW)
    assert mail.outbox[0].to == ["anne@ailleurs.test"]
    assert ProcrastinateJob.objects.filter(task_name="accounts.send_password_changed").exists()


def test_the_code_alone_is_not_enough_and_is_used_up(browser, anne):
    start(browser, anne.login)
    code = code_for(anne.login)
    wrong = browser.post("/compte/oubli/verification/", {"code": code, "answer": "je ne sais plus"})
    again = browser.post("/compte/oubli/verification/", {"code": code, "answer": right_answer(anne)})
    assert wrong.status_code == again.status_code == 200


def test_the_answer_alone_is_not_enough(browser, anne):
    start(browser, anne.login)
    answer = browser.post("/compte/oubli/verification/", {"code": "123456", "answer": right_answer(anne)})
    assert answer.status_code == 200


def test_an_unknown_name_meets_the_same_pages(browser, anne):
    known = start(browser, anne.login), browser.get("/compte/oubli/verification/").content.decode()
    unknown = start(browser, "personne@ac-valmont.test"), browser.get("/compte/oubli/verification/").content.decode()
    assert known[0].status_code == unknown[0].status_code == 302
    assert known[1].count("<label") == unknown[1].count("<label")
    assert question_shown("personne@ac-valmont.test") == question_shown("personne@ac-valmont.test")


def test_the_last_page_cannot_be_reached_directly(browser, anne):
    start(browser, anne.login)
    assert browser.get("/compte/oubli/mot-de-passe/").url == "/compte/oubli/"


def test_every_session_ends_with_the_old_password(browser, anne, sign_in):
    sign_in(anne)
    start(browser, anne.login)
    browser.post("/compte/oubli/verification/", {"code": code_for(anne.login), "answer": right_answer(anne)})
    browser.post("/compte/oubli/mot-de-passe/", {"new_password": NEW, "repeat": NEW})
    assert not anne.sessions.exists()
