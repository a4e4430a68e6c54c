"""From a request: the person's messages followed, one of them kept as a note; what is joined to it when it opens."""

import datetime as dt

import pytest
from django.utils import timezone

from ecritoire.accounts.models import ApplicationRequest, AppPassword, Lockout
from ecritoire.common.models import AuditEvent
from ecritoire.directory.services import organisation_ensure
from ecritoire.mailflow.models import MailTrace
from ecritoire.support.facts import facts_make, facts_purge, facts_shown
from ecritoire.support.models import Ticket, TicketEvent
from ecritoire.support.services import ticket_open

pytestmark = pytest.mark.django_db
CLAIRE = "claire.martin@partenaire.test"
WORDS = "550 5.1.1 nobody of that name here"


@pytest.fixture
def bounce(anne):
    now = timezone.now()
    return MailTrace.objects.create(
        at=now,
        last_at=now,
        sender=anne.login,
        recipient=CLAIRE,
        party="partenaire.test",
        direction="out",
        status="bounced",
        dsn="5.1.1",
        sender_organisation=organisation_ensure(),
        steps=[
            {"at": now.isoformat(), "status": "bounced", "dsn": "5.1.1", "words": WORDS, "relay": "mx"},
            {"at": now.isoformat(), "status": "told"},
        ],
    )


@pytest.fixture
def ticket(anne):
    return ticket_open(kind=Ticket.Kind.OTHER, text="Mon message revient.", account=anne)


def begin(client, ticket, **values):
    return client.post(f"/assistance/file/{ticket.number}/compte/trace/", values, follow=True)


def attach(client, ticket, token, trace):
    return client.post(f"/assistance/file/{ticket.number}/trace/", {"token": token, "trace": trace})


def test_it_works(sign_in, sam, ticket, bounce):
    client = sign_in(sam)
    assert "Suivre un message" in client.get(f"/assistance/file/{ticket.number}/").text
    found = begin(client, ticket)
    assert CLAIRE in found.text
    page = client.get(f"{found.request['PATH_INFO']}{bounce.pk}/")
    assert f"Joindre à la demande {ticket.number}" in page.text
    assert attach(client, ticket, found.context["token"], bounce.pk).status_code == 302
    note = ticket.messages.get()
    assert note.audience == "internal"
    assert WORDS in note.text
    assert "Cette adresse n'existe pas" in note.text


def test_it_is_in_the_journal_with_the_request_s_number(sign_in, sam, anne, ticket):
    begin(sign_in(sam), ticket)
    event = AuditEvent.objects.get(action="trace.search")
    assert (event.actor, event.target, event.detail["number"]) == (sam.login, anne.login, ticket.number)
    assert AuditEvent.objects.filter(action="ticket.act", detail__act="trace").count() == 1
    assert ticket.events.filter(kind=TicketEvent.Kind.ACTED).count() == 1


def test_nothing_happens_by_looking_at_the_page(sign_in, sam, ticket):
    assert sign_in(sam).get(f"/assistance/file/{ticket.number}/compte/trace/").status_code == 200
    assert not AuditEvent.objects.filter(action="trace.search").exists()


def test_not_for_an_account_that_may_do_more(sign_in, sam, admin):
    theirs = ticket_open(kind=Ticket.Kind.OTHER, text="x", account=admin)
    client = sign_in(sam)
    assert begin(client, theirs).status_code == 403
    assert attach(client, theirs, "x", 1).status_code == 403


def test_not_for_whoever_has_no_account(sign_in, sam):
    unknown = ticket_open(kind=Ticket.Kind.OTHER, text="x", login="personne@ac-valmont.test")
    assert begin(sign_in(sam), unknown).status_code == 404


def test_not_for_the_person_nor_the_local_contact(sign_in, anne, karim, ticket):
    for account in (anne, karim):
        assert begin(sign_in(account), ticket).status_code == 403
        assert attach(sign_in(account), ticket, "x", 1).status_code == 403


def test_only_what_a_search_of_this_request_found(sign_in, sam, anne, boris, ticket, bounce):
    client = sign_in(sam)
    other = ticket_open(kind=Ticket.Kind.OTHER, text="x", account=boris)
    token = begin(client, ticket).context["token"]
    for where, known, trace in (
        (other, token, bounce.pk),
        (ticket, "unknown", bounce.pk),
        (ticket, token, bounce.pk + 1),
        (ticket, token, "x"),
        (ticket, token, "9" * 40),
        (ticket, begin(client, other).context["token"], bounce.pk),
    ):
        assert attach(client, where, known, trace).status_code == 404
    assert not ticket.messages.exists()


def test_what_is_joined(sign_in, sam, anne, bounce):
    now = timezone.now()
    Lockout.objects.create(login=anne.login, account=anne, protocol="web", cause="wrong_password", ended_at=now)
    ApplicationRequest.objects.create(account=anne, name="Thunderbird du bureau", family="other")
    AppPassword.objects.create(account=anne, name="Ancien téléphone", secret_hash="x", revoked_at=now)
    ticket = ticket_open(kind=Ticket.Kind.OTHER, text="x", account=anne)
    facts = facts_shown(ticket)
    assert [row["cause"] for row in facts["lockouts"]] == ["mots de passe incorrects"]
    assert [(row["name"], row["state"]) for row in facts["applications"]] == [
        ("Thunderbird du bureau", "en attente"),
        ("Ancien téléphone", "retirée"),
    ]
    assert [(row["other"], str(row["cause"])) for row in facts["deliveries"]] == [
        (CLAIRE, "Cette adresse n'existe pas, ou plus.")
    ]
    page = sign_in(sam).get(f"/assistance/file/{ticket.number}/").text
    for words in ("mots de passe incorrects", "Thunderbird du bureau", "Ancien téléphone", CLAIRE):
        assert words in page


def test_what_is_old_or_settled_is_not_joined(anne, bounce):
    old = timezone.now() - dt.timedelta(days=8)
    MailTrace.objects.update(at=old)
    Lockout.objects.create(
        login=anne.login, account=anne, protocol="web", cause="wrong_password", started_at=old, ended_at=old
    )
    AppPassword.objects.create(account=anne, name="Ancien", secret_hash="x", revoked_at=old)
    ApplicationRequest.objects.create(account=anne, name="Fini", family="other", state="done")
    facts = facts_make(anne, anne.login, {})
    assert (facts["lockouts"], facts["applications"], facts["deliveries"]) == ([], [], [])


def test_facts_cost_nine_queries_at_most(anne, bounce, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        facts_make(anne, anne.login, {})


def test_the_person_sees_what_is_joined_and_may_keep_their_mail(sign_in, anne, bounce):
    client = sign_in(anne)
    page = client.get("/assistance/nouvelle/")
    assert CLAIRE in page.text
    values = {"kind": "other", "subject": "x", "text": "x", "without_mail": "on"}
    client.post("/assistance/nouvelle/", values)
    assert Ticket.objects.get().facts["deliveries"] == []
    client.post("/assistance/nouvelle/", values | {"without_mail": ""})
    assert len(Ticket.objects.latest("pk").facts["deliveries"]) == 1


def test_nothing_to_keep_nothing_asked(sign_in, anne):
    assert "without_mail" not in sign_in(anne).get("/assistance/nouvelle/").context["form"].fields


def test_a_stranger_sees_nothing_of_it(browser, anne, bounce):
    assert CLAIRE not in browser.get("/assistance/nouvelle/", follow=True).text


def test_what_is_joined_of_mail_goes_with_the_trace(anne, bounce, settings):
    ticket = ticket_open(kind=Ticket.Kind.OTHER, text="x", account=anne)
    facts_purge()
    ticket.refresh_from_db()
    assert ticket.facts["deliveries"]
    Ticket.objects.update(created_at=timezone.now() - dt.timedelta(days=settings.TRACE_DAYS + 1))
    facts_purge()
    ticket.refresh_from_db()
    assert "deliveries" not in ticket.facts
    assert ticket.facts["state"] == "activated"
