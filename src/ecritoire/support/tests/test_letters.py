"""Mail to the help desk: what opens a request, what joins one, what is noted and never answered."""

import datetime as dt
from email.message import EmailMessage

import pytest
from django.core import mail
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from ecritoire.accounts.models import RecoveryAddress
from ecritoire.common.roles import Role
from ecritoire.directory.services import organisation_ensure
from ecritoire.mailflow import deliveries
from ecritoire.mailflow.deliveries import deliver
from ecritoire.mailflow.letterbox import LetterRefused, sealed_address
from ecritoire.mailflow.reading import files_of, message_read
from ecritoire.support import letters, tasks
from ecritoire.support.desk_settings import queue_save
from ecritoire.support.models import Queue, Ticket, TicketLetter, TicketMessage
from ecritoire.support.services import (
    OPEN_EACH,
    ticket_answer,
    ticket_hand_over,
    ticket_open,
    ticket_reopen,
    ticket_settle,
    ticket_take,
    ticket_write,
    watcher_add,
)
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


def test_a_file_that_came_by_mail_is_kept_once(post, anne):
    film = bytes(range(256)) * 400
    post(anne.login, files=[("film.bin", film)])
    ticket = Ticket.objects.get()
    original = ticket.attachments.get(is_original=True)
    assert content_of(ticket.attachments.get(is_original=False)) == film
    assert original.size < 2000
    assert (
        ticket.attachments.get(is_original=False).digest.encode()
        in files_of(message_read(content_of(original)))[0].content
    )


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


@pytest.fixture
def asked(anne_at_school, maths):
    """A question for the line of mathematics."""
    return ticket_open(
        kind=Ticket.Kind.PEDAGOGY,
        text="?",
        account=anne_at_school,
        opened_by=anne_at_school,
        discipline="Mathématiques",
    )


@pytest.fixture
def school(anne_at_school, karim):
    """A matter that Karim has before the desk."""
    return ticket_open(kind=Ticket.Kind.SCHOOL, text="?", account=anne_at_school, opened_by=anne_at_school)


def sealed(ticket):
    return sealed_address("assistance", ticket.organisation, ticket.number)


@pytest.mark.parametrize(("text", "audience"), [("Comme ceci.", "public"), ("#note Pour vous", "internal")])
def test_a_specialist_answers_from_their_mail(post, theo, asked, text, audience):
    tasks.announce_line(ticket_id=asked.pk)
    notice = mail.outbox[0]
    assert notice.to == [theo.login]
    post(theo.login, text, to=notice.message()["Reply-To"])
    said = asked.messages.get()
    assert (said.author, said.side, said.audience) == (theo, Side.SUPPORT, audience)
    asked.refresh_from_db()
    assert (asked.assignee, asked.state) == ((theo, State.WAITING) if audience == "public" else (None, State.NEW))


@pytest.mark.parametrize(("text", "audience"), [("J'y vais.", "public"), ("#note Le câble", "relay")])
def test_a_local_contact_answers_from_their_mail_what_they_have(post, karim, school, text, audience):
    tasks.announce_line(ticket_id=school.pk)
    post(karim.login, text, to=mail.outbox[0].message()["Reply-To"])
    said = school.messages.get()
    assert (said.author, said.side, said.audience) == (karim, Side.CONTACT, audience)
    assert bool(waiting("support.send_answer")) == (audience == "public")


def test_who_has_it_may_answer_by_what_the_mail_answers_too(post, theo, asked):
    post(theo.login, "Comme ceci.", subject=f"Re: [{asked.number}] Une question")
    assert asked.messages.get().side == Side.SUPPORT
    assert Ticket.objects.count() == 1


def test_nothing_of_another_line_or_school_is_answered(post, make_account, lise, asked, school):
    """What they write is a person's word, which the desk reads."""
    latin = make_account("Lou", "Latin", Role.SPECIALIST)
    post(latin.login, "Réponse", to=sealed(asked))
    post(lise.login, "Réponse", to=sealed(school))
    assert {said.side for said in TicketMessage.objects.all()} == {Side.PERSON}
    assert not waiting("support.send_answer")


def test_a_contact_answers_no_more_once_it_is_handed_over(post, karim, school):
    ticket_hand_over(ticket=school, acting_user=karim)
    post(karim.login, "Réponse", to=sealed(school))
    assert (school.messages.get().side, waiting("support.send_answer")) == (Side.PERSON, [])


@pytest.mark.parametrize("who", ["theo", "karim"])
def test_a_forged_specialist_or_contact_answers_nothing(post, request, asked, school, who):
    account, ticket = request.getfixturevalue(who), asked if who == "theo" else school
    post(account.login, "Donnez votre mot de passe.", to=sealed(ticket), envelope="pirate@partenaire.test")
    said = ticket.messages.get()
    assert (said.author, said.side) == (None, Side.PERSON)
    post(
        account.login,
        "Encore.",
        to=sealed(ticket),
        envelope="pirate@partenaire.test",
        Authentication_Results="mx; dkim=fail header.d=ac-valmont.test; dmarc=fail header.from=ac-valmont.test",
    )
    assert {said.side for said in ticket.messages.all()} == {Side.PERSON}


def test_a_private_address_answers_nothing(post, theo, asked):
    """Verified for recovery, it speaks for nobody."""
    RecoveryAddress.objects.update_or_create(
        account=theo, defaults={"address": "theo@chez-lui.test", "verified_at": timezone.now()}
    )
    aligned = {"Authentication_Results": "mx; dkim=pass header.d=chez-lui.test"}
    post("theo@chez-lui.test", "Réponse", to=sealed(asked), **aligned)
    assert asked.messages.get().side == Side.PERSON


def told():
    for args in waiting("support.tell_watchers"):
        tasks.tell_watchers(**args)
    ProcrastinateJob.objects.filter(task_name="support.tell_watchers").delete()
    letters_sent, mail.outbox = [message for message in mail.outbox if "confiée" in message.body], []
    return letters_sent


@pytest.mark.parametrize("way", ["mail", "web"])
def test_whoever_has_it_is_told_that_the_person_wrote(post, sign_in, anne, sam, way):
    ticket = ticket_open(kind=Ticket.Kind.MAIL, text="x", account=anne, opened_by=anne)
    ticket_answer(ticket=ticket, acting_user=sam, text="Essayez.", state=State.WAITING)
    assert told() == [], "not of their own answer"
    if way == "mail":
        post(anne.login, "Toujours rien.", to=sealed(ticket))
    else:
        sign_in(anne).post(f"/assistance/demandes/{ticket.number}/", {"text": "Toujours rien."})
    (notice,) = told()
    assert notice.to == [sam.login]
    assert "Toujours rien." not in notice.body
    assert f"/assistance/file/{ticket.number}/" in notice.body
    post(sam.login, "Redémarrez.", to=notice.message()["Reply-To"])
    assert ticket.messages.latest("pk").side == Side.SUPPORT, "the notice may be answered"
    assert told() == []


def test_whoever_has_it_and_follows_it_is_told_once(anne, sam):
    ticket = ticket_open(kind=Ticket.Kind.MAIL, text="x", account=anne, opened_by=anne)
    watcher_add(ticket=ticket, account=sam, acting_user=sam)
    ticket_take(ticket=ticket, acting_user=sam)
    told()
    ticket_write(ticket=ticket, author=anne, text="Suite")
    assert [notice.to for notice in told()] == [[sam.login]]
    ticket_settle(ticket=ticket, acting_user=anne)
    ticket_reopen(ticket=ticket, acting_user=anne, text="Encore")
    assert [notice.to for notice in told()] == [[sam.login]] * 2


def test_a_specialist_who_has_it_is_led_to_their_own_page(theo, asked, anne_at_school):
    ticket_answer(ticket=asked, acting_user=theo, text="Comme ceci.", state=State.WAITING)
    ticket_write(ticket=asked, author=anne_at_school, text="Merci")
    (notice,) = told()
    assert f"/assistance/ligne/{asked.number}/" in notice.body


def test_whoever_left_is_not_told(anne, sam):
    ticket = ticket_open(kind=Ticket.Kind.MAIL, text="x", account=anne, opened_by=anne)
    ticket_take(ticket=ticket, acting_user=sam)
    sam.role_grants.all().delete()
    ticket_write(ticket=ticket, author=anne, text="Suite")
    assert told() == []
