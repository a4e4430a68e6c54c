"""Ready answers, answers that cross, who is there, one act on several rows."""

from __future__ import annotations

import pytest

from ecritoire.common.roles import Role
from ecritoire.support.models import Queue, ReadyAnswer, Ticket, TicketMessage
from ecritoire.support.ready_answers import VARIABLES, ready_render
from ecritoire.support.services import ticket_answer, ticket_note, ticket_open, ticket_settle, ticket_write

pytestmark = pytest.mark.django_db
State = Ticket.State


@pytest.fixture
def ticket(anne):
    return ticket_open(kind=Ticket.Kind.DEVICE, subject="Téléphone muet", text="Rien.", account=anne)


@pytest.fixture
def ready(sam):
    text = "Bonjour {{ prenom }}, voir {{portail}} ({{ numero }})."
    return ReadyAnswer.objects.create(organisation=sam.person.organisation, title="Bonjour", text=text)


def test_it_works(sign_in, sam, ticket, ready):
    browser = sign_in(sam)
    text = browser.get(f"/assistance/file/{ticket.number}/reponses/{ready.pk}/").json()["text"]
    assert text == f"Bonjour Anne, voir {ticket.organisation.base_url} ({ticket.number})."
    page = browser.get(f"/assistance/file/{ticket.number}/?ready={ready.pk}")  # without a script
    assert page.context["answer"]["text"].value() == text
    form = {"do": "answer", "answer-text": text, "answer-state": "waiting", "answer-seen": 0, "answer-ready": ready.pk}
    browser.post(f"/assistance/file/{ticket.number}/", form)
    ready.refresh_from_db()
    assert ready.uses == 1
    assert ticket.messages.get().text == text


def test_every_variable_says_something_and_none_is_a_program(sam, ticket):
    text = " ".join(f"{{{{ {name} }}}}" for name in VARIABLES)
    assert "{{" not in ready_render(text, ticket=ticket, agent=sam)
    kept = "{{ 7|add:7 }} {% now 'Y' %} {{ ticket.account.password }}"
    assert ready_render(kept, ticket=ticket, agent=sam) == kept


def test_an_unknown_variable_is_named(sign_in, sam):
    form = {"title": "x", "text": "Bonjour {{ prénom }} {{ numero }}"}
    page = sign_in(sam).post("/assistance/reponses/nouvelle/", form)
    assert "prénom" in page.context["form"].errors["text"][0]
    assert "numero" not in page.context["form"].errors["text"][0]
    assert not ReadyAnswer.objects.exists()


def test_a_preview_keeps_nothing(sign_in, sam, ticket):
    form = {"title": "x", "text": "Bonjour {{ prenom }}", "do": "preview"}
    page = sign_in(sam).post("/assistance/reponses/nouvelle/", form)
    assert page.context["preview"] == "Bonjour Anne"
    assert not ReadyAnswer.objects.exists()


def test_everybody_s_are_the_administrator_s_and_one_s_own_are_one_s_own(sign_in, sam, admin, make_account, ready):
    browser = sign_in(sam)
    browser.post("/assistance/reponses/nouvelle/", {"title": "À moi", "text": "x"})
    own = ReadyAnswer.objects.get(title="À moi")
    assert own.owner == sam
    assert browser.get(f"/assistance/reponses/{ready.pk}/").status_code == 403
    assert browser.post(f"/assistance/reponses/{ready.pk}/supprimer/").status_code == 403
    other = sign_in(make_account("Tom", "Autre", Role.SUPPORT))
    assert other.get(f"/assistance/reponses/{own.pk}/").status_code == 404
    boss = sign_in(admin)
    boss.post(f"/assistance/reponses/{ready.pk}/", {"title": "Salut", "text": "y"})
    ready.refresh_from_db()
    assert (ready.title, ready.owner) == ("Salut", None)
    boss.post(f"/assistance/reponses/{ready.pk}/supprimer/")
    assert list(ReadyAnswer.objects.all()) == [own]


def answer(text, seen):
    return {"do": "answer", "answer-text": text, "answer-state": "waiting", "answer-seen": seen}


def test_an_answer_after_another_s_asks_first(sign_in, sam, admin, ticket):
    browser, address = sign_in(sam), f"/assistance/file/{ticket.number}/"
    seen = browser.get(address).context["answer"]["seen"].value()
    ticket_answer(ticket=ticket, acting_user=admin, text="Ada a répondu.", state=State.WAITING)
    page = browser.post(address, answer("Sam aussi.", seen))
    assert "Ada a répondu." in page.content.decode()
    assert page.context["answer"]["text"].value() == "Sam aussi."
    assert ticket.messages.count() == 1
    assert browser.post(address, answer("Sam aussi.", page.context["answer"]["seen"].value())).status_code == 302
    assert ticket.messages.count() == 2


def test_one_s_own_words_ask_nothing(sign_in, sam, ticket):
    browser, address = sign_in(sam), f"/assistance/file/{ticket.number}/"
    ticket_note(ticket=ticket, acting_user=sam, text="À moi-même.")
    assert browser.post(address, answer("Voici.", 0)).status_code == 302


def test_what_the_person_adds_asks_too(sign_in, sam, anne, ticket):
    ticket_write(ticket=ticket, author=anne, text="C'est réglé en fait.")
    page = sign_in(sam).post(f"/assistance/file/{ticket.number}/", answer("Essayez.", 0))
    assert "est réglé en fait." in page.content.decode()


def test_who_is_there_is_said_to_the_others(sign_in, sam, admin, ticket):
    address = f"/assistance/file/{ticket.number}/presence/"
    assert "Ada" not in sign_in(admin).post(address, {"writes": "no"}).content.decode()
    assert "Ada Admin a cette demande" in sign_in(sam).post(address, {"writes": "yes"}).content.decode()
    assert "Sam Support écrit" in sign_in(admin).post(address, {"seen": "0"}).content.decode()
    ticket_note(ticket=ticket, acting_user=sam, text="x")
    assert "On a écrit depuis" in sign_in(admin).post(address, {"seen": "0"}).content.decode()


def test_who_left_is_forgotten(sign_in, sam, admin, ticket, monkeypatch):
    address = f"/assistance/file/{ticket.number}/presence/"
    sign_in(admin).post(address, {"writes": "no"})
    later = __import__("time").time() + 31
    monkeypatch.setattr("ecritoire.support.presence.time.time", lambda: later)
    assert "Ada" not in sign_in(sam).post(address, {}).content.decode()


@pytest.fixture
def rows(anne):
    return [ticket_open(kind=Ticket.Kind.MAIL, text=str(n), account=anne) for n in range(3)]


def bulk(browser, rows, act, **data):
    form = {"act": act, "ticket": [row.number for row in rows], **data}
    return browser.post("/assistance/file/lot/", form, follow=True)


@pytest.mark.parametrize(
    ("act", "data", "field", "value"),
    [
        ("take", {}, "assignee__person__given_name", "Sam"),
        ("state", {"state": "in_progress"}, "state", "in_progress"),
        ("priority", {"priority": "2"}, "priority", 2),
        ("kind", {"kind": "device"}, "kind", "device"),
        ("answer", {"text": "Réparé.", "state": "resolved"}, "state", "resolved"),
    ],
)
def test_one_act_on_several(sign_in, sam, rows, act, data, field, value):
    page = bulk(sign_in(sam), rows, act, confirmed="yes", **data).content.decode()
    assert "3 demandes traitées." in page
    assert set(Ticket.objects.values_list(field, flat=True)) == {value}


def test_what_needs_more_is_asked_before_anything_is_done(sign_in, sam, admin, rows):
    line = Queue.objects.create(organisation=admin.person.organisation, name="Réseau")
    browser = sign_in(sam)
    page = bulk(browser, rows, "line")
    assert page.context["form"]["line"]
    assert not Ticket.objects.filter(queue=line).exists()
    bulk(browser, rows, "line", confirmed="yes", line=line.pk)
    assert Ticket.objects.filter(queue=line).count() == 3
    bulk(browser, rows, "assign", confirmed="yes", assignee=admin.pk)
    assert Ticket.objects.filter(assignee=admin).count() == 3


def test_what_was_not_possible_is_reported_and_holds_back_no_other(sign_in, sam, anne, boris, rows):
    ticket_settle(ticket=rows[0], acting_user=anne)
    page = bulk(sign_in(sam), rows, "answer", confirmed="yes", text="Réparé.", state="resolved").content.decode()
    assert "2 demandes traitées." in page
    assert f"{rows[0].number} : elle n&#x27;est plus ouverte" in page
    his = ticket_open(kind=Ticket.Kind.MAIL, text="x", account=boris)
    page = bulk(sign_in(sam), [*rows[1:], his], "merge", confirmed="yes", into=rows[1].number).content.decode()
    assert f"{his.number} : Elles sont de deux personnes" in page
    assert Ticket.objects.get(pk=rows[2].pk).merged_into == rows[1]


def test_an_empty_text_goes_to_nobody(sign_in, sam, rows):
    page = bulk(sign_in(sam), rows, "answer", confirmed="yes", text="", state="resolved")
    assert "text" in page.context["form"].errors
    assert not TicketMessage.objects.exists()


def test_nothing_chosen_is_said(sign_in, sam, rows):
    assert "Choisissez des demandes" in bulk(sign_in(sam), [], "take").content.decode()
    assert "Choisissez des demandes" in bulk(sign_in(sam), rows, "nonsense").content.decode()


def test_many_are_confirmed_even_to_take_them(sign_in, sam, anne):
    many = [ticket_open(kind=Ticket.Kind.MAIL, text=str(n), account=anne) for n in range(10)]
    bulk(sign_in(sam), many, "take")
    assert not Ticket.objects.filter(assignee=sam).exists()
