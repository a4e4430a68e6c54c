"""Where requests go: to the desk, a line, the specialist of the discipline, the local contact first; and who moves them."""

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from ecritoire.common.models import AuditEvent
from ecritoire.common.roles import Role
from ecritoire.support import tasks
from ecritoire.support.desk import Rule
from ecritoire.support.desk_settings import queue_save, rules_save
from ecritoire.support.escalation import contacts_release
from ecritoire.support.models import Queue, Ticket, TicketEvent
from ecritoire.support.services import ticket_hand_over, ticket_move, ticket_note, ticket_open, ticket_settle
from ecritoire.support.tests.gestures import classify

pytestmark = pytest.mark.django_db
Kind, Route, State, Priority = Ticket.Kind, Ticket.Route, Ticket.State, Ticket.Priority


@pytest.fixture
def theo(make_account):
    """A specialist of mathematics."""
    return make_account("Théo", "Matheux", Role.SPECIALIST)


@pytest.fixture
def maths(theo, admin):
    line = Queue(organisation=theo.person.organisation)
    return queue_save(
        queue=line, name="Maths", discipline="Mathématiques", address="", members=[theo], acting_user=admin
    )


def ask(account, kind=Kind.PEDAGOGY, **values):
    return ticket_open(kind=kind, subject="Une question", text="?", account=account, opened_by=account, **values)


def test_it_works(sign_in, anne, theo, maths):
    browser = sign_in(anne)
    asked = {"kind": "pedagogy", "subject": "Fractions", "text": "Comment ?", "discipline": "Mathématiques"}
    assert browser.post("/assistance/nouvelle/", asked).status_code == 302
    row = Ticket.objects.get()
    assert (row.queue, row.route) == (maths, Route.SPECIALIST)
    browser = sign_in(theo)
    assert [found.number for found in browser.get("/assistance/ligne/").context["page"]] == [row.number]
    answer = {"do": "answer", "answer-text": "Avec des parts de tarte.", "answer-state": "resolved"}
    assert browser.post(f"/assistance/ligne/{row.number}/", answer).status_code == 302
    page = sign_in(anne).get(f"/assistance/demandes/{row.number}/").content.decode()
    assert "Avec des parts de tarte." in page


def test_the_discipline_is_asked_and_named(sign_in, anne, maths):
    page = sign_in(anne).post("/assistance/nouvelle/", {"kind": "pedagogy", "subject": "x", "text": "y"})
    assert "discipline" in page.context["form"].errors
    sign_in(anne).post("/assistance/nouvelle/", {"kind": "mail", "subject": "x", "text": "y"})
    assert Ticket.objects.get().route == Route.DESK


@pytest.mark.parametrize("discipline", ["", "Latin"])
def test_without_a_line_of_the_discipline_the_desk_has_it(anne, maths, discipline):
    row = ask(anne, discipline=discipline)
    assert (row.route, row.queue) == (Route.DESK, None)


def test_without_any_line_no_discipline_is_asked(sign_in, anne):
    assert "discipline" not in sign_in(anne).get("/assistance/nouvelle/").context["form"].fields


def test_a_new_academy_has_rules(anne):
    assert ask(anne, Kind.TAKEOVER).priority == Priority.HIGH
    assert ask(anne, Kind.MAIL).priority == Priority.NORMAL


def test_rules_decide_at_once(anne, admin, maths):
    ask(anne, Kind.DEVICE)
    rules: dict[str, Rule] = {
        Kind.DEVICE: Rule(Route.DESK, Priority.HIGH, maths.pk),
        Kind.LOCKED: Rule(Route.ALERT, Priority.NORMAL),
    }
    rules_save(organisation=anne.person.organisation, rules=rules, acting_user=admin)
    row = ask(anne, Kind.DEVICE)
    assert (row.priority, row.queue) == (Priority.HIGH, maths)
    assert ask(anne, Kind.LOCKED).priority == Priority.CRITICAL


def test_another_academy_s_rules_do_not(make_account, rivemont, admin, anne):
    rules: dict[str, Rule] = {Kind.DEVICE: Rule(Route.DESK, Priority.HIGH)}
    rules_save(organisation=anne.person.organisation, rules=rules, acting_user=admin)
    stranger = make_account("Rita", "Ailleurs", organisation=rivemont)
    assert ask(stranger, Kind.DEVICE).priority == Priority.NORMAL


def test_the_rules_page_saves_every_kind(sign_in, admin, maths):
    browser = sign_in(admin)
    form = browser.get("/assistance/reglages/").context["form"]
    values = {field.html_name: field.value() for field in form}
    values |= {"priority_device": "2", "queue_device": str(maths.pk), "route_device": "desk"}
    assert browser.post("/assistance/reglages/", values).status_code == 302
    assert browser.get("/assistance/reglages/").context["form"]["queue_device"].value() == maths.pk
    assert AuditEvent.objects.filter(action="desk.rules").exists()
    page = browser.post("/assistance/reglages/", values | {"queue_device": "424242"})
    assert "queue_device" in page.context["form"].errors


def test_a_line_is_made_changed_and_removed(sign_in, admin, sam, anne, theo):
    browser = sign_in(admin)
    made = {"name": "Niveau 2", "discipline": "", "address": "n2@ac-valmont.test", "members": [sam.pk, theo.pk]}
    assert browser.post("/assistance/reglages/lignes/nouvelle/", made).status_code == 302
    line = Queue.objects.get()
    assert set(line.members.all()) == {sam, theo}
    page = browser.post("/assistance/reglages/lignes/nouvelle/", made)
    assert "name" in page.context["form"].errors
    page = browser.post(f"/assistance/reglages/lignes/{line.pk}/", made | {"members": [anne.pk]})
    assert "members" in page.context["form"].errors
    browser.post(f"/assistance/reglages/lignes/{line.pk}/suppression/")
    assert not Queue.objects.exists()


def test_a_specialist_sees_the_lines_they_are_member_of_only(sign_in, anne, make_account, maths):
    row, other = ask(anne, discipline="Mathématiques"), ask(anne, Kind.MAIL)
    stranger = sign_in(make_account("Lou", "Latin", Role.SPECIALIST))
    assert not list(stranger.get("/assistance/ligne/").context["page"])
    assert stranger.get(f"/assistance/ligne/{row.number}/").status_code == 404
    member = sign_in(maths.members.get())
    assert member.get(f"/assistance/ligne/{other.number}/").status_code == 404
    assert member.get(f"/assistance/file/{row.number}/").status_code == 403


def test_a_specialist_notes_and_hands_over(sign_in, anne, sam, theo, maths):
    row = ask(anne, discipline="Mathématiques")
    ticket_note(ticket=row, acting_user=sam, text="Entre nous.")
    browser = sign_in(theo)
    assert "Entre nous." in browser.get(f"/assistance/ligne/{row.number}/").content.decode()
    browser.post(f"/assistance/ligne/{row.number}/", {"do": "note", "note-text": "Plutôt technique."})
    assert browser.post(f"/assistance/ligne/{row.number}/", {"do": "hand_over"}).status_code == 302
    row.refresh_from_db()
    assert (row.route, row.queue) == (Route.DESK, None)
    assert row.events.filter(kind=TicketEvent.Kind.HANDED, actor=theo).exists()
    assert browser.get(f"/assistance/ligne/{row.number}/").status_code == 404


def test_support_moves_a_request_to_another_line(sign_in, anne, sam, maths):
    row = ask(anne, Kind.MAIL)
    classify(sign_in(sam), row, queue=maths.pk)
    row.refresh_from_db()
    assert (row.queue, row.route) == (maths, Route.SPECIALIST)
    assert row.events.get(kind=TicketEvent.Kind.MOVED).detail["queue"] == [None, "Maths"]
    ticket_move(ticket=row, queue=maths, acting_user=sam)
    assert row.events.filter(kind=TicketEvent.Kind.MOVED).count() == 1


def test_the_line_is_told(anne, theo, maths, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    row = ask(anne, discipline="Mathématiques")
    tasks.announce_line(ticket_id=row.pk)
    Queue.objects.update(address="maths@ac-valmont.test")
    tasks.announce_line(ticket_id=row.pk)
    assert [message.to for message in mail.outbox] == [[theo.login], ["maths@ac-valmont.test"]]
    assert f"/assistance/ligne/{row.number}/" in mail.outbox[0].body


def test_a_school_matter_is_the_contact_s_first(sign_in, anne_at_school, karim, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    row = ask(anne_at_school, Kind.SCHOOL)
    assert row.route == Route.CONTACT
    assert row.due_at is None
    tasks.announce_line(ticket_id=row.pk)
    assert mail.outbox[0].to == [karim.login]
    browser = sign_in(karim)
    assert "À traiter" in browser.get("/assistance/etablissement/").content.decode()
    answer = {"do": "answer", "answer-text": "Le câble est changé.", "answer-state": "resolved"}
    assert browser.post(f"/assistance/etablissement/{row.number}/", answer).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.messages.get().side) == (State.RESOLVED, "contact")
    assert "Le câble est changé." in sign_in(anne_at_school).get(f"/assistance/demandes/{row.number}/").content.decode()


def test_a_contact_of_another_school_cannot_answer(sign_in, anne_at_school, karim, lise):
    row = ask(anne_at_school, Kind.SCHOOL)
    answer = {"do": "answer", "answer-text": "x", "answer-state": "resolved"}
    assert sign_in(lise).post(f"/assistance/etablissement/{row.number}/", answer).status_code == 403


def test_a_contact_does_not_answer_what_is_the_desk_s(sign_in, anne_at_school, karim):
    row = ask(anne_at_school, Kind.MAIL)
    answer = {"do": "answer", "answer-text": "x", "answer-state": "resolved"}
    sign_in(karim).post(f"/assistance/etablissement/{row.number}/", answer)
    assert not row.messages.exists()


def test_a_contact_hands_it_over(sign_in, anne_at_school, karim):
    row = ask(anne_at_school, Kind.SCHOOL)
    sign_in(karim).post(f"/assistance/etablissement/{row.number}/", {"do": "hand_over"})
    row.refresh_from_db()
    assert row.route == Route.DESK
    assert row.due_at is not None
    assert row.events.filter(kind=TicketEvent.Kind.HANDED, actor=karim).exists()


def test_it_goes_to_the_desk_by_itself(anne_at_school, karim):
    row = ask(anne_at_school, Kind.SCHOOL)
    assert contacts_release() == 0
    with time_machine.travel(row.contact_until + dt.timedelta(minutes=1), tick=False):
        assert contacts_release() == 1
    row.refresh_from_db()
    assert row.route == Route.DESK
    assert row.events.get(kind=TicketEvent.Kind.HANDED).actor is None


def test_without_a_contact_the_desk_has_it(anne, anne_at_school):
    assert ask(anne_at_school, Kind.SCHOOL).route == Route.DESK


def test_a_contact_s_own_matter_is_the_desk_s(karim, barret, assign):
    assign(karim, barret)
    assert ask(karim, Kind.SCHOOL).route == Route.DESK


def test_handing_over_twice_is_one_step(anne_at_school, karim):
    row = ask(anne_at_school, Kind.SCHOOL)
    ticket_hand_over(ticket=row, acting_user=karim)
    ticket_hand_over(ticket=row, acting_user=karim)
    assert row.events.filter(kind=TicketEvent.Kind.HANDED).count() == 1


def test_the_specialist_s_list_costs_a_bounded_number_of_queries(
    sign_in, anne, theo, maths, django_assert_max_num_queries
):
    for _rank in range(20):
        ask(anne, discipline="Mathématiques")
    browser = sign_in(theo)
    with django_assert_max_num_queries(10):
        browser.get("/assistance/ligne/")


def test_whoever_answers_may_enclose_files(sign_in, anne, anne_at_school, theo, karim, maths, settings, tmp_path):
    """A specialist answers and notes, a local contact answers, the person opens again: what the page offers to take is kept."""
    settings.ATTACHMENTS_DIR = tmp_path

    def enclosed(row, browser, path, values):
        kept = row.attachments.count()
        data = {
            name: SimpleUploadedFile("plan.txt", b"x") if value is None else value for name, value in values.items()
        }
        assert browser.post(path, data).status_code == 302
        return row.attachments.count() - kept

    line = ask(anne, discipline="Mathématiques")
    path = f"/assistance/ligne/{line.number}/"
    answer = {"do": "answer", "answer-text": "Voici.", "answer-state": "resolved", "answer-attachments": None}
    note = {"do": "note", "note-text": "Voici.", "note-attachments": None}
    assert [enclosed(line, sign_in(theo), path, values) for values in (note, answer)] == [1, 1]
    school = ask(anne_at_school, Kind.SCHOOL)
    assert enclosed(school, sign_in(karim), f"/assistance/etablissement/{school.number}/", answer) == 1
    ticket_settle(ticket=school, acting_user=anne_at_school)
    again = {"text": "Cela recommence.", "attachments": None}
    assert enclosed(school, sign_in(anne_at_school), f"/assistance/demandes/{school.number}/rouvrir/", again) == 1
