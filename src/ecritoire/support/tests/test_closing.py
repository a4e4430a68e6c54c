"""After the answer: reminders, closing, opening again, what the person thought; and acts on the account from the ticket."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core import mail
from django.utils import timezone

from ecritoire.accounts.models import ApplicationRequest, IdentityProof
from ecritoire.common.models import AuditEvent
from ecritoire.common.roles import Role
from ecritoire.support import tasks
from ecritoire.support.desk import desk_forget
from ecritoire.support.models import DeskSettings, Satisfaction, Ticket, TicketEvent, TicketMessage
from ecritoire.support.services import (
    ticket_answer,
    ticket_classify,
    ticket_merge,
    ticket_open,
    ticket_settle,
    tickets_close,
    tickets_remind,
)
from ecritoire.support.services.closing import satisfaction_token

pytestmark = pytest.mark.django_db
State, Kind = Ticket.State, TicketEvent.Kind
NOW = timezone.now


def later(days):
    return NOW() + dt.timedelta(days=days)


@pytest.fixture
def ticket(anne):
    return ticket_open(kind=Ticket.Kind.DEVICE, subject="Téléphone muet", text="Rien.", account=anne, opened_by=anne)


@pytest.fixture
def resolved(ticket, sam):
    ticket_answer(ticket=ticket, acting_user=sam, text="Voici.", state=State.RESOLVED)
    return ticket


@pytest.fixture(autouse=True)
def outbox(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def test_it_works(browser, resolved):
    """Closed by itself, told so, asked once, without signing in; following the link alone answers nothing."""
    assert tickets_close(later(6)) == 0
    assert tickets_close(later(8)) == 1
    assert tickets_close(later(9)) == 0
    tasks.send_closing(ticket_id=resolved.pk)
    link = re.findall(r"https://\S+(/assistance/avis/\S+)", str(mail.outbox[0].body))[0]
    assert browser.get(link).status_code == 200
    assert not Satisfaction.objects.exists()
    assert "score" in browser.post(link, {}).context["form"].errors
    browser.post(link, {"score": "3", "comment": "Merci"})
    browser.post(link, {"score": "1"})
    row = Satisfaction.objects.get()
    assert (row.ticket, row.score, row.comment) == (resolved, 3, "Merci")
    assert [event.kind for event in resolved.events.all()][-2:] == [Kind.CLOSED, Kind.RATED]


def test_a_link_of_one_s_own_making_is_refused(browser, resolved):
    assert browser.get(f"/assistance/avis/{satisfaction_token(resolved)[:-2]}xx/").status_code == 410
    assert browser.post("/assistance/avis/1/", {"score": "3"}).status_code == 410
    assert not Satisfaction.objects.exists()


def test_the_link_s_page_tells_nothing_of_the_request(browser, resolved):
    page = browser.get(f"/assistance/avis/{satisfaction_token(resolved)}/").content.decode()
    assert "muet" not in page
    assert "Anne" not in page


def test_the_opinion_is_given_in_the_request_and_read_by_the_agent(sign_in, anne, sam, ticket):
    mine = sign_in(anne)
    early = mine.post(f"/assistance/demandes/{ticket.number}/avis/", {"score": "1"}, follow=True)
    assert "une fois la demande résolue" in early.content.decode()
    mine.post(f"/assistance/demandes/{ticket.number}/close/")
    assert "Avez-vous été bien aidé" in mine.get(f"/assistance/demandes/{ticket.number}/").content.decode()
    mine.post(f"/assistance/demandes/{ticket.number}/avis/", {"score": "1", "comment": "Trop long"})
    assert "Trop long" in sign_in(sam).get(f"/assistance/file/{ticket.number}/").content.decode()


def test_nobody_gives_another_s_opinion(sign_in, boris, resolved):
    assert sign_in(boris).post(f"/assistance/demandes/{resolved.number}/avis/", {"score": "1"}).status_code == 404
    assert sign_in(boris).post(f"/assistance/demandes/{resolved.number}/rouvrir/", {"text": "x"}).status_code == 404


def test_the_person_opens_it_again_for_some_days(sign_in, anne, ticket):
    ticket_settle(ticket=ticket, acting_user=anne)
    mine = sign_in(anne)
    mine.post(f"/assistance/demandes/{ticket.number}/rouvrir/", {"text": ""})
    ticket.refresh_from_db()
    assert ticket.state == State.CLOSED
    mine.post(f"/assistance/demandes/{ticket.number}/rouvrir/", {"text": "C'est revenu."})
    ticket.refresh_from_db()
    assert (ticket.state, ticket.resolved_at) == (State.IN_PROGRESS, None)
    ticket_settle(ticket=ticket, acting_user=anne)
    Ticket.objects.filter(pk=ticket.pk).update(resolved_at=NOW() - dt.timedelta(days=15))
    page = mine.post(f"/assistance/demandes/{ticket.number}/rouvrir/", {"text": "Encore."}, follow=True)
    assert "ne peut plus être rouverte" in page.content.decode()
    ticket.refresh_from_db()
    assert ticket.state == State.CLOSED


def test_the_person_waited_for_is_reminded_once_a_question(sam, anne, ticket):
    ticket_answer(ticket=ticket, acting_user=sam, text="Quel modèle ?", state=State.WAITING)
    assert tickets_remind(later(4)) == 0
    assert tickets_remind(later(6)) == 1
    assert tickets_remind(later(7)) == 0
    tasks.send_reminder(ticket_id=ticket.pk)
    assert "attend votre réponse" in mail.outbox[0].body
    Ticket.objects.filter(pk=ticket.pk).update(last_message_at=later(8))
    assert tickets_remind(later(14)) == 1


def test_never_is_never(resolved):
    DeskSettings.objects.create(organisation=resolved.organisation, close_days=0, remind_days=0)
    desk_forget(resolved.organisation_id)
    assert tickets_close(later(400)) == 0


def test_an_agent_s_closing_is_told_and_a_merged_one_s_is_not(sam, anne, ticket):
    normal, device = Ticket.Priority.NORMAL, Ticket.Kind.DEVICE
    ticket_classify(ticket=ticket, acting_user=sam, state=State.CLOSED, priority=normal, kind=device)
    tasks.send_closing(ticket_id=ticket.pk)
    one, other = (ticket_open(kind=Ticket.Kind.MAIL, text="x", account=anne) for _ in range(2))
    ticket_merge(ticket=one, into=other, acting_user=sam)
    tasks.send_closing(ticket_id=one.pk)
    assert len(mail.outbox) == 1


def act(browser, ticket, name, **data):
    return browser.post(f"/assistance/file/{ticket.number}/compte/{name}/", data)


def written(ticket):
    note = ticket.messages.get()
    assert note.audience == TicketMessage.Audience.INTERNAL
    assert ticket.events.filter(kind=Kind.ACTED).exists()
    assert AuditEvent.objects.filter(action="ticket.act", detail__number=ticket.number).exists()
    return note.text


def test_the_account_is_unlocked_from_the_ticket(sign_in, sam, ticket):
    browser = sign_in(sam)
    assert browser.get(f"/assistance/file/{ticket.number}/compte/unlock/").status_code == 200
    assert not ticket.messages.exists()
    act(browser, ticket, "unlock")
    assert "débloqué" in written(ticket)
    unlocked = AuditEvent.objects.get(action="account.unlock")
    assert (unlocked.target, unlocked.detail["reason"]) == (ticket.login, ticket.number)


def test_a_password_is_reset_once_the_proof_was_seen(sign_in, sam, ticket):
    browser = sign_in(sam)
    assert act(browser, ticket, "reset").status_code == 200
    assert not ticket.messages.exists()
    proof = {"kind": IdentityProof.Kind.values[0], "seen_by": "Sam", "channel": "letter"}
    channel = next(value for value in IdentityProof.Channel.values if value != "mail")
    answer = act(browser, ticket, "reset", **{**proof, "channel": channel})
    assert answer["Content-Type"] == "application/pdf"
    assert "temporaire" in written(ticket)


def test_a_letter_is_made_again_for_who_has_not_activated(sign_in, sam, make_account):
    new = make_account("Nina", "Neuve", state="to_activate", activated_at=None)
    row = ticket_open(kind=Ticket.Kind.ACTIVATION, text="x", account=new)
    answer = act(sign_in(sam), row, "letter")
    assert answer["Content-Type"] == "application/pdf"
    written(row)


def test_an_application_is_decided_by_who_may(sign_in, sam, admin, anne, ticket):
    asked = ApplicationRequest.objects.create(account=anne, name="Mon téléphone", family="other")
    data = {"request": asked.pk, "decision": "approve"}
    assert act(sign_in(sam), ticket, "application", **data).status_code == 403
    act(sign_in(admin), ticket, "application", **data)
    asked.refresh_from_db()
    assert asked.state == ApplicationRequest.State.APPROVED
    assert "Mon téléphone" in written(ticket)


def test_nobody_acts_on_an_account_that_may_more(sign_in, sam, admin):
    row = ticket_open(kind=Ticket.Kind.LOCKED, text="x", account=admin)
    browser = sign_in(sam)
    assert act(browser, row, "unlock").status_code == 403
    assert "Agir sur le compte" not in browser.get(f"/assistance/file/{row.number}/").content.decode()


def test_what_does_not_fit_is_refused(sign_in, sam, ticket):
    browser = sign_in(sam)
    assert act(browser, ticket, "letter").status_code == 302
    assert not ticket.messages.exists()
    assert act(browser, ticket, "nonsense").status_code == 404
    stranger = ticket_open(kind=Ticket.Kind.LOCKED, text="x", login="x@ailleurs.test")
    assert act(browser, stranger, "unlock").status_code == 404


@pytest.mark.parametrize("role", [Role.SECURITY, Role.COMMUNICATION])
def test_other_roles_do_not(sign_in, make_account, ticket, role):
    browser = sign_in(make_account("Rita", "Autre", role))
    assert act(browser, ticket, "unlock").status_code == 403
    assert browser.get("/assistance/reponses/").status_code == 403
