"""Another kind: the request goes where it would have gone at once, unless a hand says otherwise."""

from __future__ import annotations

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from ecritoire.common.roles import Role
from ecritoire.support import tasks
from ecritoire.support.desk import Rule
from ecritoire.support.desk_settings import queue_save, rules_save
from ecritoire.support.models import CriticalAlert, Queue, Ticket, TicketEvent
from ecritoire.support.services import ticket_answer, ticket_assign, ticket_open, ticket_take
from ecritoire.support.tests.gestures import classify

pytestmark = pytest.mark.django_db
Kind, Route, State, Priority = Ticket.Kind, Ticket.Route, Ticket.State, Ticket.Priority


@pytest.fixture
def theo(make_account):
    """A specialist of mathematics."""
    return make_account("Théo", "Matheux", Role.SPECIALIST)


@pytest.fixture
def line(admin):
    def made(name, *members, discipline=""):
        row = Queue(organisation=admin.person.organisation)
        return queue_save(
            queue=row, name=name, discipline=discipline, address="", members=list(members), acting_user=admin
        )

    return made


@pytest.fixture
def maths(line, theo):
    return line("Maths", theo, discipline="Mathématiques")


@pytest.fixture
def networks(line, sam, admin):
    """What concerns telephones is urgent and the networks' line's."""
    row = line("Réseaux", sam)
    rules = {Kind.DEVICE.value: Rule(Route.DESK, Priority.HIGH, row.pk)}
    rules_save(organisation=admin.person.organisation, rules=rules, acting_user=admin)
    return row


@pytest.fixture
def ticket(anne_at_school):
    return ticket_open(
        kind=Kind.OTHER, subject="Écran noir", text="?", account=anne_at_school, opened_by=anne_at_school
    )


def told(task):
    return list(ProcrastinateJob.objects.filter(task_name=task).values_list("args", flat=True))


def test_it_works(sign_in, sam, ticket, networks):
    due = ticket.resolution_due
    assert classify(sign_in(sam), ticket, kind=Kind.DEVICE).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.kind, ticket.queue, ticket.priority) == (Kind.DEVICE, networks, Priority.HIGH)
    assert ticket.resolution_due < due
    step = ticket.events.get(kind=TicketEvent.Kind.CHANGED)
    assert step.detail == {"kind": ["other", "device"], "priority": [3, 2], "queue": [None, "Réseaux"]}
    assert told("support.announce_line") == [{"ticket_id": ticket.pk}]
    assert told("support.announce") == [{"ticket_id": ticket.pk}]
    page = sign_in(sam).get(f"/assistance/file/{ticket.number}/historique/").content.decode()
    assert "Réseaux" in page


def test_a_school_matter_goes_to_the_contact_and_comes_back(sign_in, sam, karim, ticket, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    browser = sign_in(sam)
    classify(browser, ticket, kind=Kind.SCHOOL)
    ticket.refresh_from_db()
    assert (ticket.route, ticket.due_at) == (Route.CONTACT, None)
    assert ticket.contact_until is not None
    tasks.announce_line(ticket_id=ticket.pk)
    assert mail.outbox[0].to == [karim.login]
    classify(browser, ticket, kind=Kind.MAIL)
    ticket.refresh_from_db()
    assert (ticket.route, ticket.contact_until) == (Route.DESK, None)
    assert ticket.due_at is not None


def test_a_question_goes_to_the_specialist_of_the_discipline_that_was_given(sign_in, sam, anne, maths):
    row = ticket_open(kind=Kind.PEDAGOGY, text="?", account=anne, opened_by=anne, discipline="Mathématiques")
    classify(sign_in(sam), row, kind=Kind.OTHER)
    row.refresh_from_db()
    assert (row.route, row.queue) == (Route.DESK, None)
    classify(sign_in(sam), row, kind=Kind.PEDAGOGY)
    row.refresh_from_db()
    assert (row.route, row.queue) == (Route.SPECIALIST, maths)


@pytest.mark.parametrize("chosen", ["queue", "assignee"])
def test_what_is_chosen_in_the_same_gesture_holds(sign_in, sam, admin, ticket, networks, line, chosen):
    other = line("Niveau 2", sam)
    value = other.pk if chosen == "queue" else admin.pk
    classify(sign_in(sam), ticket, kind=Kind.DEVICE, **{chosen: value})
    ticket.refresh_from_db()
    assert (ticket.kind, ticket.priority) == (Kind.DEVICE, Priority.HIGH)
    assert (ticket.queue, ticket.assignee) == ((other, None) if chosen == "queue" else (None, admin))


def test_a_priority_chosen_or_raised_holds(sign_in, sam, anne, ticket, networks):
    classify(sign_in(sam), ticket, kind=Kind.DEVICE, priority=int(Priority.CRITICAL))
    ticket.refresh_from_db()
    assert ticket.priority == Priority.CRITICAL
    classify(sign_in(sam), ticket, kind=Kind.OTHER)
    ticket.refresh_from_db()
    assert ticket.priority == Priority.CRITICAL, "raised by hand: another kind does not lower it"
    usual = ticket_open(kind=Kind.TAKEOVER, text="?", account=anne)
    classify(sign_in(sam), usual, kind=Kind.OTHER)
    usual.refresh_from_db()
    assert usual.priority == Priority.NORMAL, "what the kind alone made pressing presses no more"


def test_a_kind_that_alerts_wakes_who_is_on_call(sign_in, sam, admin, ticket):
    rules = {Kind.SERVICE.value: Rule(Route.ALERT, Priority.NORMAL)}
    rules_save(organisation=admin.person.organisation, rules=rules, acting_user=admin)
    classify(sign_in(sam), ticket, kind=Kind.SERVICE)
    ticket.refresh_from_db()
    assert ticket.priority == Priority.CRITICAL
    assert CriticalAlert.objects.filter(ticket=ticket).exists()


def test_whoever_had_it_keeps_it_while_they_may_answer(sign_in, sam, theo, maths, anne, networks):
    row = ticket_open(kind=Kind.PEDAGOGY, text="?", account=anne, opened_by=anne, discipline="Mathématiques")
    ticket_assign(ticket=row, assignee=theo, acting_user=sam)
    classify(sign_in(sam), row, kind=Kind.DEVICE)
    row.refresh_from_db()
    assert (row.queue, row.assignee) == (networks, None), "a specialist sees no other line"
    assert row.events.filter(kind=TicketEvent.Kind.CHANGED).latest("pk").detail["assignee"] == ["Théo Matheux", ""]
    ticket_take(ticket=row, acting_user=sam)
    classify(sign_in(sam), row, kind=Kind.PEDAGOGY)
    row.refresh_from_db()
    assert (row.queue, row.assignee) == (maths, sam), "an agent sees every line"


def test_what_is_over_moves_nowhere(sign_in, sam, ticket, networks):
    ticket_answer(ticket=ticket, acting_user=sam, text="Voici.", state=State.RESOLVED)
    classify(sign_in(sam), ticket, kind=Kind.DEVICE)
    ticket.refresh_from_db()
    assert (ticket.kind, ticket.queue) == (Kind.DEVICE, None)
    assert not told("support.announce_line")


def test_the_same_kind_moves_nothing(sign_in, sam, ticket, networks, admin):
    rules = {Kind.OTHER.value: Rule(Route.DESK, Priority.HIGH, networks.pk)}
    rules_save(organisation=admin.person.organisation, rules=rules, acting_user=admin)
    classify(sign_in(sam), ticket, state=State.IN_PROGRESS)
    ticket.refresh_from_db()
    assert (ticket.queue, ticket.priority, ticket.state) == (None, Priority.NORMAL, State.IN_PROGRESS)


def test_an_old_page_undoes_nobody_s_choice(sign_in, sam, admin, ticket, networks):
    browser = sign_in(sam)
    page = browser.get(f"/assistance/file/{ticket.number}/")
    ticket_assign(ticket=ticket, assignee=admin, acting_user=admin)
    classify(browser, ticket, page=page, priority=int(Priority.HIGH))
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.priority) == (admin, Priority.HIGH)


def test_a_contact_who_has_it_is_shown_and_not_lost(sign_in, sam, karim, anne_at_school):
    row = ticket_open(kind=Kind.SCHOOL, text="?", account=anne_at_school, opened_by=anne_at_school)
    ticket_answer(ticket=row, acting_user=karim, text="J'y vais.", state=State.WAITING)
    classify(sign_in(sam), row, state=State.IN_PROGRESS)
    row.refresh_from_db()
    assert row.assignee == karim


def test_several_at_once_follow_the_rules_too(sign_in, sam, anne, networks):
    rows = [ticket_open(kind=Kind.OTHER, text=str(rank), account=anne) for rank in range(2)]
    data = {"act": "kind", "ticket": [row.number for row in rows], "confirmed": "yes", "kind": "device"}
    sign_in(sam).post("/assistance/file/lot/", data)
    assert set(Ticket.objects.values_list("queue", flat=True)) == {networks.pk}


def test_nobody_else_classifies(sign_in, karim, theo, maths, boris, ticket):
    for account in (karim, theo, boris):
        answer = sign_in(account).post(
            f"/assistance/file/{ticket.number}/", {"do": "classify", "classify-kind": "mail"}
        )
        assert answer.status_code == 403
    ticket.refresh_from_db()
    assert ticket.kind == Kind.OTHER
