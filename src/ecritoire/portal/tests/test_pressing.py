"""What presses, counted in the header of every page of the console: once for a while, and at once after one's own act."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ecritoire.accounts.services import role_grant, role_revoke
from ecritoire.common.navigation import COUNTS_KEPT, entries_of
from ecritoire.common.roles import Role, actions_of
from ecritoire.support.models import Ticket
from ecritoire.support.services import ticket_open

pytestmark = pytest.mark.django_db
QUEUE = "/assistance/file/"
MARK = "site-header__pressing"


@pytest.fixture
def sam(make_account):
    return make_account("Sam", "Support", Role.SUPPORT)


@pytest.fixture
def ask(anne):
    def opened(kind=Ticket.Kind.TAKEOVER):
        return ticket_open(kind=kind, text="x", account=anne)

    return opened


def cost(browser, path):
    with CaptureQueriesContext(
        connection,
    ) as spent:
        assert browser.get(path).status_code == 200
    return len(spent)


@pytest.mark.parametrize(("role", "counts"), [(Role.ADMINISTRATOR, 4), (Role.SUPPORT, 3), (Role.SPECIALIST, 1)])
def test_pages_of_the_console_count_once(sign_in, make_account, role, counts):
    """Each of them, but the first, costs as many queries less as there are counts."""
    browser = sign_in(make_account("Rita", "Console", role))
    entries = entries_of("console", actions_of({role}))
    assert sum(entry.waiting is not None for entry in entries) == counts
    path = next(entry.url for entry in entries if entry.waiting)
    browser.get(path)  # what the process reads once
    browser.post("/favoris/", {"tile": "accounts:sessions", "wanted": "1"})
    first = cost(browser, path)
    assert cost(browser, path) == first - counts


def test_it_works(sign_in, sam, ask):
    browser = sign_in(sam)
    assert MARK not in browser.get(QUEUE).content.decode()
    ticket = ask()
    assert MARK not in browser.get(QUEUE).content.decode(), "what others do is seen a little later"
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=COUNTS_KEPT + 1)):
        assert MARK in browser.get(QUEUE).content.decode()
        browser.post(f"{QUEUE}{ticket.number}/prise/")
        assert MARK not in browser.get(QUEUE).content.decode(), "what one does oneself, at once"


def test_counts_are_one_s_own(sign_in, sam, make_account, ask):
    assert MARK not in sign_in(sam).get(QUEUE).content.decode()
    ask()
    assert MARK in sign_in(make_account("Rita", "Autre", Role.SUPPORT)).get(QUEUE).content.decode()


def test_reading_counts_nothing_anew(sign_in, sam, ask):
    browser = sign_in(sam)
    browser.get(QUEUE)
    ask()
    assert MARK not in browser.get("/assistance/reponses/").content.decode()


def test_a_role_given_or_withdrawn_holds_at_once(sign_in, sam, admin, ask):
    ask()
    browser = sign_in(sam)
    assert MARK in browser.get("/assistance/").content.decode()
    role_revoke(grant=sam.role_grants.get(), acting_user=admin)
    assert MARK not in browser.get("/assistance/").content.decode()
    role_grant(account=sam, role=Role.SUPPORT, structure=None, acting_user=admin)
    assert MARK in browser.get("/assistance/").content.decode()
