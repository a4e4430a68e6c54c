"""The life of a ticket: asked, taken, answered, noted, settled; and who may do what."""

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ecritoire.common.models import AuditEvent
from ecritoire.common.roles import Role
from ecritoire.support import tasks
from ecritoire.support.models import Queue, Ticket, TicketLink, TicketMessage
from ecritoire.support.ready_answers import ready_save
from ecritoire.support.services import (
    ticket_answer,
    ticket_link,
    ticket_note,
    ticket_open,
    ticket_relay,
    watcher_add,
)

pytestmark = pytest.mark.django_db
State = Ticket.State


@pytest.fixture
def ticket(anne):
    return ticket_open(kind=Ticket.Kind.DEVICE, subject="Téléphone muet", text="Rien.", account=anne, opened_by=anne)


def test_it_works(sign_in, anne, sam, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    browser = sign_in(anne)
    asked = {"kind": "device", "subject": "Téléphone muet", "text": "Plus rien n'arrive."}
    browser.post("/assistance/nouvelle/", asked)
    row = Ticket.objects.get()
    browser = sign_in(sam)
    browser.post(f"/assistance/file/{row.number}/prise/")
    answer = {"do": "answer", "answer-text": "Redémarrez-le.", "answer-state": "waiting"}
    assert browser.post(f"/assistance/file/{row.number}/", answer).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.assignee) == (State.WAITING, sam)
    tasks.send_answer(message_id=row.messages.get().pk)
    assert mail.outbox[0].to == ["anne@ailleurs.test"]
    assert "Redémarrez-le." in mail.outbox[0].body
    assert row.number in mail.outbox[0].subject
    browser = sign_in(anne)
    assert "Redémarrez-le." in browser.get(f"/assistance/demandes/{row.number}/").content.decode()
    browser.post(f"/assistance/demandes/{row.number}/", {"text": "Cela ne suffit pas."})
    row.refresh_from_db()
    assert row.state == State.IN_PROGRESS
    browser.post(f"/assistance/demandes/{row.number}/close/")
    row.refresh_from_db()
    assert row.state == State.CLOSED
    assert row.resolved_at is not None
    acts = AuditEvent.objects.filter(action__startswith="ticket.").values_list("action", flat=True)
    assert list(acts) == ["ticket.open", "ticket.take", "ticket.answer", "ticket.settle"]


def test_the_audit_log_holds_no_text(sam, ticket):
    ticket_answer(ticket=ticket, acting_user=sam, text="Votre code est 4242.", state=State.RESOLVED)
    assert not any("4242" in str(event.detail) for event in AuditEvent.objects.all())


def test_a_note_is_not_for_the_person(sign_in, anne, sam, ticket):
    ticket_note(ticket=ticket, acting_user=sam, text="Poste partagé, à surveiller.")
    assert "à surveiller" in sign_in(sam).get(f"/assistance/file/{ticket.number}/").content.decode()
    assert "à surveiller" not in sign_in(anne).get(f"/assistance/demandes/{ticket.number}/").content.decode()


def test_nobody_reads_another_s_ticket(sign_in, boris, ticket):
    browser = sign_in(boris)
    assert browser.get(f"/assistance/demandes/{ticket.number}/").status_code == 404
    assert browser.post(f"/assistance/demandes/{ticket.number}/close/").status_code == 404
    assert browser.get(f"/assistance/file/{ticket.number}/").status_code == 403
    assert browser.post(f"/assistance/file/{ticket.number}/prise/").status_code == 403


def test_a_support_agent_as_a_person_reads_no_note_on_their_own_ticket(sign_in, sam, admin):
    own = ticket_open(kind=Ticket.Kind.OTHER, text="x", account=sam)
    ticket_note(ticket=own, acting_user=admin, text="Entre nous.")
    assert "Entre nous." not in sign_in(sam).get(f"/assistance/demandes/{own.number}/").content.decode()


def test_pressing_tickets_come_first_and_are_counted_in_the_header(sign_in, anne, sam, ticket):
    urgent = ticket_open(kind=Ticket.Kind.TAKEOVER, text="x", account=anne, priority=Ticket.Priority.CRITICAL)
    page = sign_in(sam).get("/assistance/file/")
    assert [row.number for row in page.context["page"]] == [urgent.number, ticket.number]
    assert "site-header__pressing" in page.content.decode()


def test_the_header_says_nothing_when_nothing_presses(sign_in, sam, ticket):
    assert "site-header__pressing" not in sign_in(sam).get("/assistance/file/").content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=tele", True),
        ("q=durand", True),
        ("q=inconnu", False),
        ("state=closed", False),
        ("state=all", True),
        ("priority=1", False),
        ("kind=device", True),
        ("kind=mail", False),
        ("whose=nobody", True),
        ("whose=mine", False),
        ("state=nonsense", True),
    ],
)
def test_the_queue_is_narrowed(sign_in, sam, ticket, query, found):
    page = sign_in(sam).get(f"/assistance/file/?{query}").context["page"]
    assert [row.number for row in page] == ([ticket.number] if found else [])


def test_a_ticket_is_classified(sign_in, sam, ticket):
    classify = {"do": "classify", "classify-state": "in_progress", "classify-priority": "2", "classify-kind": "mail"}
    sign_in(sam).post(f"/assistance/file/{ticket.number}/", classify)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.priority, ticket.kind) == (State.IN_PROGRESS, Ticket.Priority.HIGH, "mail")


def test_an_empty_answer_is_refused_and_named(sign_in, sam, ticket):
    page = sign_in(sam).post(f"/assistance/file/{ticket.number}/", {"do": "answer", "answer-state": "waiting"})
    assert "text" in page.context["answer"].errors
    assert not TicketMessage.objects.exists()


def test_an_unverified_contact_is_said_to_be_one(sign_in, sam, anne):
    typed = ticket_open(kind=Ticket.Kind.LOCKED, text="x", account=anne, contact="voleur@ailleurs.test")
    page = sign_in(sam).get(f"/assistance/file/{typed.number}/").content.decode()
    assert "non vérifiée" in page
    known = ticket_open(kind=Ticket.Kind.LOCKED, text="x", account=anne)
    assert "non vérifiée" not in sign_in(sam).get(f"/assistance/file/{known.number}/").content.decode()


def test_support_is_told_at_its_address_or_each_agent(sam, ticket, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.SUPPORT_ADDRESS = ""
    tasks.announce(ticket_id=ticket.pk)
    settings.SUPPORT_ADDRESS = "bureau@ac-valmont.test"
    tasks.announce(ticket_id=ticket.pk)
    settings.SUPPORT_ADDRESS = "assistance@ac-valmont.test"  # the desk's own letterbox: nobody reads it
    tasks.announce(ticket_id=ticket.pk)
    told = [message.to[0] for message in mail.outbox]
    assert told == [sam.login, "bureau@ac-valmont.test", sam.login]
    assert all(message.message()["Auto-Submitted"] == "auto-generated" for message in mail.outbox)


def test_a_contact_sees_the_requests_of_their_school(sign_in, karim, anne_at_school, ticket):
    browser = sign_in(karim)
    assert [row.number for row in browser.get("/assistance/etablissement/").context["page"]] == [ticket.number]
    browser.post(f"/assistance/etablissement/{ticket.number}/", {"text": "Vu avec elle ce matin."})
    assert ticket.messages.get().audience == TicketMessage.Audience.RELAY


def test_a_contact_of_another_school_does_not(sign_in, lise, anne_at_school, ticket):
    browser = sign_in(lise)
    assert not list(browser.get("/assistance/etablissement/").context["page"])
    assert browser.get(f"/assistance/etablissement/{ticket.number}/").status_code == 403
    assert browser.get(f"/assistance/pour/{anne_at_school.pk}/").status_code == 403


def test_a_contact_reads_no_internal_note_and_the_person_no_relay(sign_in, sam, karim, anne_at_school, ticket):
    ticket_note(ticket=ticket, acting_user=sam, text="Entre nous.")
    ticket_relay(ticket=ticket, acting_user=karim, text="Entre adultes.")
    page = sign_in(karim).get(f"/assistance/etablissement/{ticket.number}/").content.decode()
    assert "Entre nous." not in page
    assert "Entre adultes." in page
    assert (
        "Entre adultes." not in sign_in(anne_at_school).get(f"/assistance/demandes/{ticket.number}/").content.decode()
    )


def test_a_contact_asks_for_a_colleague(sign_in, karim, anne_at_school):
    asked = {"kind": "locked", "subject": "Anne est bloquée", "text": "Depuis ce matin.", "contact": "06"}
    sign_in(karim).post(f"/assistance/pour/{anne_at_school.pk}/", asked)
    row = Ticket.objects.get()
    assert (row.account, row.opened_by) == (anne_at_school, karim)


def test_the_queue_costs_a_bounded_number_of_queries(sign_in, make_account, sam, anne, django_assert_max_num_queries):
    for rank in range(30):
        ticket_open(kind=Ticket.Kind.OTHER, text=str(rank), account=anne)
    browser = sign_in(sam)
    with django_assert_max_num_queries(17):
        browser.get("/assistance/file/")


PAGE_QUERIES = 30


def test_the_ticket_page_costs_the_same_for_many(sign_in, make_account, sam, admin, anne):
    """Messages, other requests, links, watchers, lines, agents, ready answers: as many queries for ten of each as for one."""

    def more(rank):
        other = ticket_open(kind=Ticket.Kind.OTHER, text=str(rank), account=anne)
        ticket_link(ticket=busy, other=other, kind=TicketLink.Kind.RELATED, acting_user=sam)
        ticket_note(ticket=busy, acting_user=sam, text=str(rank))
        watcher_add(ticket=busy, account=make_account("Rita", f"Agente{rank}", Role.SUPPORT), acting_user=sam)
        Queue.objects.create(organisation=busy.organisation, name=f"Ligne {rank}")
        ready_save(row=None, acting_user=admin, is_own=False, title=f"Titre {rank}", kind="", text="Bonjour")

    busy = ticket_open(kind=Ticket.Kind.OTHER, text="x", account=anne, priority=Ticket.Priority.CRITICAL)
    more(0)
    browser, path = sign_in(sam), f"/assistance/file/{busy.number}/"
    browser.get(path)
    with CaptureQueriesContext(connection) as spent:
        browser.get(path)
    assert len(spent) <= PAGE_QUERIES
    for rank in range(1, 11):
        more(rank)
    with CaptureQueriesContext(connection) as again:
        assert "Alerte critique" in browser.get(path).content.decode()
    assert len(again) == len(spent)


@pytest.mark.parametrize("role", [Role.SECURITY, Role.COMMUNICATION, Role.SPECIALIST])
def test_other_roles_do_not_handle(sign_in, make_account, role):
    assert sign_in(make_account("Rita", "Autre", role)).get("/assistance/file/").status_code == 403
