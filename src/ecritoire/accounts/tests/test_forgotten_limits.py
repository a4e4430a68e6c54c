"""A forgotten password tells nothing to who guesses: the same work, the same words, and few tries."""

import re

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from ecritoire.accounts import tasks
from ecritoire.accounts.hashers import OwaspArgon2Hasher
from ecritoire.accounts.services import recovery
from ecritoire.accounts.services.recovery import question_shown
from ecritoire.accounts.tests.test_forgotten import ANSWERS, NEW, code_for, right_answer, start

CHECK, LAST = "/compte/oubli/verification/", "/compte/oubli/mot-de-passe/"
NOBODY = "personne@ac-valmont.test"
pytestmark = pytest.mark.django_db


@pytest.fixture
def hashes(monkeypatch):
    seen: list[str] = []
    originals = {name: getattr(OwaspArgon2Hasher, name) for name in ("verify", "encode")}

    def counted(name):
        def call(*args):
            seen.append(name)
            return originals[name](*args)

        return call

    for name in originals:
        monkeypatch.setattr(OwaspArgon2Hasher, name, counted(name))
    return seen


def shape(query):
    """A query without what it asks for."""
    return re.sub(r"s\d+_x\d+", "savepoint", query["sql"].split(" WHERE ")[0][:60])


def work(browser, hashes, url, data):
    """The statements and the hashes one request costs."""
    hashes.clear()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert browser.post(url, data).status_code in {200, 302}
    return [shape(query) for query in queries.captured_queries], list(hashes)


def test_it_works(browser, anne, boris, hashes):
    """Somebody with a code, somebody without, and nobody: one hash and the same statements for each."""
    recovery._nobody()
    boris.recovery_address.delete()
    done = []
    for login in (anne.login, boris.login, NOBODY):
        browser.cookies.clear()
        browser.get("/compte/oubli/")
        begun = work(browser, hashes, "/compte/oubli/", {"login": login})
        if login == anne.login:
            code_for(login)
        browser.get(CHECK)
        done.append((begun, work(browser, hashes, CHECK, {"code": "000000", "answer": "je ne sais plus"})))
    assert done[0] == done[1] == done[2]
    assert done[0][1][1].count("verify") == 1


def test_the_question_is_not_swapped_after_a_failure(browser, anne):
    start(browser, anne.login)
    asked = question_shown(anne.login)
    for _ in range(3):
        page = browser.post(CHECK, {"code": "000000", "answer": "non"}).content.decode()
        assert asked.replace("'", "&#x27;") in page


def test_ten_wrong_answers_in_a_day_and_none_is_right(browser, anne):
    start(browser, anne.login)
    for _ in range(10):
        browser.post(CHECK, {"code": "000000", "answer": "non"})
    data = {"code": code_for(anne.login), "answer": right_answer(anne)}
    assert browser.post(CHECK, data).status_code == 200


def test_six_codes_a_day_for_one_person(browser, anne):
    for _ in range(8):
        start(browser, anne.login)
    assert ProcrastinateJob.objects.filter(task_name="accounts.send_reset_code").count() == 6


def test_six_codes_a_day_into_one_mailbox(anne, make_account):
    """Anne's partner gave the same private address: it is not flooded through two names."""
    other = make_account("Paul", "Durand")
    for login in [anne.login] * 4 + [other.login] * 4:
        tasks.send_reset_code(login=login)
    assert len(mail.outbox) == 6


def test_one_address_asks_for_a_hundred_names_an_hour(browser, db):
    for number in range(100):
        assert start(browser, f"nom.{number}").status_code == 302
    assert "Trop de demandes depuis cet endroit" in start(browser, "nom.101").content.decode()


def test_a_code_is_single_use(browser, anne):
    start(browser, anne.login)
    data = {"code": code_for(anne.login), "answer": right_answer(anne)}
    assert browser.post(CHECK, data).url == LAST
    assert browser.post(CHECK, data).status_code == 200


def test_the_checks_hold_a_quarter_of_an_hour(browser, anne):
    start(browser, anne.login)
    browser.post(CHECK, {"code": code_for(anne.login), "answer": right_answer(anne)})
    session = browser.session
    pk, at = session["forgotten_account"]
    session["forgotten_account"] = (pk, at - 16 * 60)
    session.save()
    assert browser.post(LAST, {"new_password": NEW, "repeat": NEW}).url == "/compte/oubli/"


def test_a_reset_unlocks_and_does_not_sign_in(browser, anne, sign_in):
    """The second factor, if any, is still asked for at the door."""
    for _ in range(6):
        browser.post("/compte/connexion/", {"login": anne.login, "password": "faux"})
    start(browser, anne.login)
    browser.post(CHECK, {"code": code_for(anne.login), "answer": right_answer(anne)})
    assert browser.post(LAST, {"new_password": NEW, "repeat": NEW}).url == "/compte/connexion/"
    assert browser.get("/").status_code == 302
    sign_in(anne, NEW)


def test_the_known_answers_are_those_of_the_cast(anne):
    assert {question.question for question in anne.secret_questions.all()} == set(ANSWERS)
