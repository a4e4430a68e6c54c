"""Mail to the help desk: what opens a request, what joins one, what is noted and never answered."""

import datetime as dt
from email.message import EmailMessage

import pytest
from django.core import mail
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from ecritoire.common.roles import Role
from ecritoire.directory.services import organisation_ensure
from ecritoire.mailflow import deliveries
from ecritoire.mailflow.deliveries import deliver
from ecritoire.mailflow.letterbox import LetterRefused, sealed_address
from ecritoire.support import letters, tasks
from ecritoire.support.models import Ticket, TicketLetter, TicketMessage
from ecritoire.support.services import OPEN_EACH, ticket_answer, ticket_open, ticket_settle
from ecritoire.support.services.attaching import content_of

pytestmark = pytest.mark.django_db
State, Audience, Side = Ticket.State, TicketMessage.Audience, TicketMessage.Side
BOX = "assistance@ac-valmont.test"
STRANGER = "claire.martin@partenaire.test"


@pytest.fixture(autouse=True)
def own_folder(db, settings, tmp_path):
    organisation_ensure()
    settings.ATTACHMENTS_DIR = tmp_path
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def post():
    """Hand over a message as Postfix does; answers whether it was taken as new."""
    count = iter(range(1000))

    def send(sender, text="Rien ne va plus.", to=BOX, envelope=None, subject="Messagerie", files=(), **headers):
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, BOX, subject
        message["Message-ID"] = headers.pop("message_id", f"<m{next(count)}@test>")
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        message.set_content(text)
        for name, content in files:
            message.add_attachment(content, maintype="application", subtype="pdf", filename=name)
        return deliver(sender=sender if envelope is None else envelope, recipient=to, content=message.as_bytes())

    return send


def waiting(task):
    return list(ProcrastinateJob.objects.filter(task_name=task).values_list("args", flat=True))


def test_it_works(post, anne, sam):
    assert post(anne.login, files=[("capture.pdf", b"%PDF-1.4 preuve")])
    ticket = Ticket.objects.get()
    assert (ticket.account, ticket.channel, ticket.subject, ticket.text) == (
        anne,
        "mail",
        "Messagerie",
        "Rien ne va plus.",
    )
    assert [row.name for row in ticket.attachments.filter(is_original=False)] == ["capture.pdf"]
    for args in waiting("support.send_receipt"):
        tasks.send_receipt(**args)
    receipt = mail.outbox[0]
    assert receipt.to == [anne.login]
    assert ticket.number in receipt.subject
    assert receipt.message()["Auto-Submitted"] == "auto-replied"
    ticket_answer(ticket=ticket, acting_user=sam, text="Redémarrez.", state=State.WAITING)
    tasks.send_answer(message_id=ticket.messages.get().pk)
    answer = mail.outbox[1].message()
    assert answer["In-Reply-To"] == receipt.message()["Message-ID"]
    assert answer["Auto-Submitted"] is None
    post(
        anne.login,
        "Merci, cela marche.\n\nLe lundi 2 mars 2026 à 10:00, Assistance a écrit :\n> Redémarrez.",
        to=answer["Reply-To"],
    )
    ticket.refresh_from_db()
    assert ticket.state == State.IN_PROGRESS
    said = ticket.messages.latest("pk")
    assert (said.author, said.side, said.text) == (anne, Side.PERSON, "Merci, cela marche.")
    assert b"Assistance a" in content_of(said.attachments.get()), "the whole message is kept for support"


def test_a_message_handed_over_twice_is_taken_once(post, anne):
    assert post(anne.login, message_id="<same@test>")
    assert not post(anne.login, message_id="<same@test>")
    assert Ticket.objects.count() == 1
    assert post(anne.login, message_id="<same@test>", to="assistance+autre@ac-valmont.test"), "another recipient"


def test_what_fails_leaves_no_trace_and_may_come_again(post, anne, monkeypatch):
    monkeypatch.setattr(letters, "files_keep", lambda **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        post(anne.login, message_id="<same@test>")
    assert not Ticket.objects.exists()
    monkeypatch.undo()
    assert post(anne.login, message_id="<same@test>")


def test_a_forged_from_is_nobody_s(post, anne):
    post(anne.login, envelope="pirate@partenaire.test")
    ticket = Ticket.objects.get()
    assert ticket.account is None
    assert ticket.contact == anne.login
    assert ticket.facts["sign_ins"] == []


def test_a_stranger_whose_domain_is_authenticated_may_follow_up(post):
    aligned = {"Authentication_Results": "mx; dkim=pass header.d=partenaire.test"}
    post(STRANGER, **aligned)
    ticket = Ticket.objects.get()
    post(STRANGER, "Suite", subject=f"Re: [{ticket.number}] Messagerie", **aligned)
    post(STRANGER, "Faux", subject=f"Re: [{ticket.number}] Messagerie")
    assert [said.text for said in ticket.messages.all()] == ["Suite"]
    assert Ticket.objects.count() == 2, "without proof of the domain it is a request of its own"


@pytest.mark.parametrize("way", ["sealed", "references", "subject"])
def test_an_answer_finds_its_request(post, anne, way):
    post(anne.login, message_id="<first@test>")
    ticket = Ticket.objects.get()
    if way == "sealed":
        post("anne@ailleurs-encore.test", "Suite", to=sealed_address("assistance", ticket.organisation, ticket.number))
    if way == "references":
        post(anne.login, "Suite", References="<x@test> <first@test>")
    if way == "subject":
        post(anne.login, "Suite", subject=f"RE: [{ticket.number}] Messagerie")
    assert Ticket.objects.count() == 1
    assert "Suite" in ticket.messages.get().text
    if way == "sealed":
        assert "anne@ailleurs-encore.test" in ticket.messages.get().text, "who wrote is said"


@pytest.mark.parametrize("way", ["seal", "references", "subject"])
def test_somebody_else_joins_no_request(post, anne, boris, way):
    post(anne.login, message_id="<first@test>")
    ticket = Ticket.objects.get()
    sealed = sealed_address("assistance", ticket.organisation, ticket.number)
    if way == "seal":
        post(boris.login, to=sealed.replace("@", "0@"))
    if way == "references":
        post(boris.login, References="<first@test>")
    if way == "subject":
        post(boris.login, subject=f"Re: [{ticket.number}]")
    assert not ticket.messages.exists()
    assert Ticket.objects.get(account=boris).text == "Rien ne va plus."


AUTOMATIC = [
    {"Auto_Submitted": "auto-replied"},
    {"Precedence": "bulk"},
    {"List_Id": "<liste.test>"},
    {"envelope": ""},
    {"X_Auto_Response_Suppress": "All"},
    {"X_Ecritoire_Loop": "ac-valmont.test"},
    {"subject": "Réponse automatique : absente"},
]


@pytest.mark.parametrize("headers", AUTOMATIC)
def test_an_automatic_answer_is_noted_and_changes_nothing(post, anne, sam, headers):
    ticket = ticket_open(kind=Ticket.Kind.MAIL, text="x", account=anne, opened_by=anne)
    ticket_answer(ticket=ticket, acting_user=sam, text="Essayez.", state=State.WAITING)
    before = ProcrastinateJob.objects.count()
    post(anne.login, "Je suis absente.", to=sealed_address("assistance", ticket.organisation, ticket.number), **headers)
    ticket.refresh_from_db()
    assert ticket.state == State.WAITING
    assert ticket.messages.latest("pk").audience == Audience.INTERNAL
    assert "Je suis absente." in ticket.messages.latest("pk").text
    assert ProcrastinateJob.objects.count() == before, "nothing is sent"


def test_an_automatic_message_gets_no_receipt(post):
    post("robot@partenaire.test", Auto_Submitted="auto-generated")
    assert Ticket.objects.count() == 1, "an alarm may ask for help"
    post("robot@partenaire.test", Auto_Submitted="auto-replied")
    assert Ticket.objects.count() == 1, "an answer to nothing may not"
    assert not waiting("support.send_receipt")


def test_two_programs_that_answer_each_other_stop(post, monkeypatch):
    """An auto-responder that hides what it is, whose mail names no request."""
    for turn in range(letters.RECEIPTS_DAILY + 3):
        post("sourd@partenaire.test", f"Absent {turn}")
        for args in waiting("support.send_receipt"):
            tasks.send_receipt(**args)
    assert TicketLetter.objects.filter(kind="receipt").count() == letters.RECEIPTS_DAILY


def test_a_flood_is_not_answered_but_agents_have_room(post, anne, sam, monkeypatch):
    monkeypatch.setattr(deliveries, "HOURLY", 2)
    for _ in range(4):
        post("sourd@partenaire.test")
    assert len(waiting("support.send_receipt")) == 2
    ticket = ticket_open(kind=Ticket.Kind.MAIL, text="x", account=anne, opened_by=anne)
    for _ in range(4):
        post(sam.login, "Réponse", to=sealed_address("assistance", ticket.organisation, ticket.number))
    assert ticket.messages.filter(audience=Audience.PUBLIC).count() == 4


def test_the_twenty_first_open_request_joins_the_last(post, anne):
    for number in range(OPEN_EACH):
        post(anne.login, f"Message {number}")
    post(anne.login, "Encore")
    assert Ticket.objects.count() == OPEN_EACH
    assert Ticket.objects.latest("pk").messages.get().text == "Encore"


def test_unknown_senders_are_told_when_there_are_too_many(post, monkeypatch):
    monkeypatch.setattr(letters, "UNKNOWN_DAILY", 1)
    post(STRANGER)
    with pytest.raises(LetterRefused):
        post("autre@partenaire.test")


BOUNCE = b"""From: MAILER-DAEMON@partenaire.test
To: x
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

Sorry.
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.test

Final-Recipient: rfc822; perdue@ailleurs.test
Action: failed
Status: 5.1.1
--B--
"""


def test_a_bounce_is_told_to_support(anne):
    ticket = ticket_open(kind=Ticket.Kind.MAIL, text="x", account=anne, opened_by=anne)
    to = sealed_address("assistance", ticket.organisation, ticket.number)
    deliver(sender="", recipient=to, content=BOUNCE)
    said = ticket.messages.get()
    assert said.text == "Votre réponse n'a pas été remise à perdue@ailleurs.test."
    assert said.audience == Audience.INTERNAL


@pytest.mark.parametrize(("text", "audience"), [("Redémarrez.", "public"), ("#note Poste partagé", "internal")])
def test_an_agent_answers_from_their_mail(post, anne, sam, text, audience):
    ticket = ticket_open(kind=Ticket.Kind.MAIL, text="x", account=anne, opened_by=anne)
    post(sam.login, text, to=sealed_address("assistance", ticket.organisation, ticket.number))
    said = ticket.messages.get()
    assert (said.author, said.side, said.audience) == (sam, Side.SUPPORT, audience)
    assert not said.text.startswith("#note")
    assert bool(waiting("support.send_answer")) == (audience == "public")


def test_an_agent_s_address_that_is_forged_answers_nothing(post, anne, sam):
    ticket = ticket_open(kind=Ticket.Kind.MAIL, text="x", account=anne, opened_by=anne)
    sealed = sealed_address("assistance", ticket.organisation, ticket.number)
    post(sam.login, "Donnez votre mot de passe.", to=sealed, envelope="pirate@partenaire.test")
    said = ticket.messages.get()
    assert (said.author, said.side) == (None, Side.PERSON)


def test_an_agent_of_another_academie_is_nobody_here(post, anne, make_account, rivemont):
    other = make_account("Rita", "Rive", Role.SUPPORT, organisation=rivemont)
    ticket = ticket_open(kind=Ticket.Kind.MAIL, text="x", account=anne, opened_by=anne)
    post(other.login, "Réponse", to=sealed_address("assistance", ticket.organisation, ticket.number))
    assert ticket.messages.get().side == Side.PERSON


@pytest.mark.parametrize(("days", "tickets"), [(13, 1), (15, 2)])
def test_a_request_closed_for_long_is_not_opened_again(post, anne, days, tickets):
    """Fourteen days, as on the page."""
    ticket = ticket_open(kind=Ticket.Kind.MAIL, text="x", account=anne, opened_by=anne)
    ticket_settle(ticket=ticket, acting_user=anne)
    Ticket.objects.update(resolved_at=timezone.now() - dt.timedelta(days=days))
    post(anne.login, "Cela recommence", to=sealed_address("assistance", ticket.organisation, ticket.number))
    assert Ticket.objects.count() == tickets
    newest = Ticket.objects.latest("pk")
    assert newest.is_open
    assert newest.facts["given"].get("follows", "") == (ticket.number if tickets == 2 else "")


def test_each_academie_has_its_own_box(post, rivemont):
    post(STRANGER, to="assistance@ac-rivemont.test")
    assert Ticket.objects.get().organisation == rivemont
    with pytest.raises(LetterRefused):
        post(STRANGER, to="assistance@ac-nullepart.test")
    with pytest.raises(LetterRefused):
        post(STRANGER, to="personne@ac-valmont.test")


def test_a_seal_of_one_academie_opens_nothing_in_another(post, anne, rivemont):
    ticket = ticket_open(kind=Ticket.Kind.MAIL, text="x", account=anne, opened_by=anne)
    sealed = sealed_address("assistance", organisation_ensure(), ticket.number)
    post(STRANGER, to=sealed.replace("ac-valmont", "ac-rivemont"))
    assert not ticket.messages.exists()
