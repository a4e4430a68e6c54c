"""A call for help becomes a ticket: pre-filled, once, and announced when it presses."""

import datetime as dt

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from ecritoire.accounts.services import access
from ecritoire.accounts.services.access import HelpKind
from ecritoire.support import tasks
from ecritoire.support.facts import facts_shown
from ecritoire.support.models import Ticket
from ecritoire.support.services import FLOOD_MESSAGES, ticket_open

pytestmark = pytest.mark.django_db


def call(login="anne.durand@ac-valmont.test", account=None, **values):
    defaults = {"contact": "06 00 00 00 00", "kind": HelpKind.FORGOTTEN_PASSWORD, "text": "Je n'entre plus."}
    access.help_request(account=account, login=login, **(defaults | values))


def announced():
    return ProcrastinateJob.objects.filter(task_name="support.announce").count()


def test_it_works(browser, anne):
    for _ in range(2):
        browser.post("/compte/connexion/", {"login": anne.login, "password": "faux"})
    call(anne.login, anne, ecole="Collège Jeanne-Barret")
    ticket = Ticket.objects.get()
    facts = facts_shown(ticket)
    assert ticket.account == anne
    assert ticket.contact == "06 00 00 00 00"
    assert [row["result"] for row in facts["sign_ins"]] == ["mot de passe incorrect"] * 2
    assert facts["sign_ins"][0]["address"] == "192.0.2.10"
    assert facts["state"] == "actif"
    assert facts["given"] == {"ecole": "Collège Jeanne-Barret"}


def test_numbers_follow_each_other(anne):
    numbers = [ticket_open(kind=Ticket.Kind.OTHER, text="x", account=anne).number for _ in range(3)]
    year = numbers[0][:4]
    assert numbers == [f"{year}-00000{rank}" for rank in (1, 2, 3)]


def test_the_same_call_is_added_to_the_open_ticket(anne):
    call(anne.login, anne)
    call(anne.login, anne, text="Toujours rien.", contact="anne@maison.test")
    ticket = Ticket.objects.get()
    assert "Toujours rien." in ticket.messages.get().text
    assert "anne@maison.test" in ticket.messages.get().text


def test_another_kind_or_a_closed_ticket_makes_a_new_one(anne):
    call(anne.login, anne)
    call(anne.login, anne, kind=HelpKind.LOCKED)
    Ticket.objects.update(state=Ticket.State.CLOSED)
    call(anne.login, anne)
    assert Ticket.objects.count() == 3


def test_a_flood_stops(anne):
    for _ in range(FLOOD_MESSAGES + 5):
        call(anne.login, anne)
    assert Ticket.objects.get().messages.count() == FLOOD_MESSAGES


def test_a_name_nobody_has_is_a_ticket_too():
    call("personne@ac-valmont.test")
    ticket = Ticket.objects.get()
    assert ticket.account is None
    assert ticket.requester == "personne@ac-valmont.test"


def test_an_urgent_call_is_critical_and_announced(anne):
    call(anne.login, anne, kind=HelpKind.TAKEOVER, urgent=True)
    assert Ticket.objects.get().priority == Ticket.Priority.CRITICAL
    assert announced() == 1


def test_an_ordinary_call_is_not_announced_until_it_becomes_urgent(anne):
    call(anne.login, anne)
    assert announced() == 0
    call(anne.login, anne, urgent=True)
    assert Ticket.objects.get().priority == Ticket.Priority.CRITICAL
    assert announced() == 1


def test_every_kind_of_call_is_a_kind_of_ticket():
    assert set(HelpKind.values) <= set(Ticket.Kind.values)


def test_a_flood_of_unknown_names_stops(monkeypatch, anne):
    from ecritoire.support.services import opening

    monkeypatch.setattr(opening, "UNKNOWN_DAILY", 3)
    for rank in range(5):
        call(f"personne{rank}@ac-valmont.test")
    call(anne.login, anne)
    assert Ticket.objects.filter(account=None).count() == 3
    assert Ticket.objects.filter(account=anne).count() == 1


def test_a_compromised_account_presses_whoever_says_so(sign_in, anne):
    asked = {"kind": "takeover", "subject": "On écrit en mon nom", "text": "Depuis hier."}
    sign_in(anne).post("/assistance/nouvelle/", asked)
    assert Ticket.objects.get().priority == Ticket.Priority.HIGH
    assert announced() == 1


def test_one_person_opens_a_bounded_number(sign_in, anne, monkeypatch):
    from ecritoire.support.views import mine

    monkeypatch.setattr(mine, "OPEN_EACH", 2)
    browser = sign_in(anne)
    for _ in range(4):
        browser.post("/assistance/nouvelle/", {"kind": "other", "subject": "x", "text": "y"})
    assert Ticket.objects.count() == 2


def test_what_the_opener_gave_is_in_words(anne):
    call(anne.login, anne, failed_attempts="4", codes_tried="", locked_until="2026-11-24T22:30:00+00:00", Alerte="pays")
    assert facts_shown(Ticket.objects.get())["given"] == {
        "Échecs du jour à cette adresse": "4",
        "Bloqué jusqu'au": "24 novembre 2026 23:30",
        "Alerte": "pays",
    }


def test_copied_sign_ins_are_kept_a_year_at_most(browser, anne):
    browser.post("/compte/connexion/", {"login": anne.login, "password": "faux"})
    call(anne.login, anne)
    call(anne.login, anne, kind=HelpKind.LOCKED)
    old, recent = Ticket.objects.order_by("number")
    Ticket.objects.filter(pk=old.pk).update(created_at=timezone.now() - dt.timedelta(days=366))
    tasks.purge_facts(timestamp=0)
    old.refresh_from_db()
    recent.refresh_from_db()
    assert old.facts == {}
    assert recent.facts["sign_ins"]
    assert facts_shown(old)["sign_ins"] == []
