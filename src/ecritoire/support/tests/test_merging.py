"""Requests that are one, go together, or were two; and who follows them."""

from __future__ import annotations

import pytest
from django.core import mail

from ecritoire.support import tasks
from ecritoire.support.models import Ticket, TicketEvent, TicketLink, Watcher
from ecritoire.support.services import (
    Impossible,
    ticket_answer,
    ticket_merge,
    ticket_note,
    ticket_open,
    ticket_unmerge,
    ticket_write,
    watcher_add,
)

pytestmark = pytest.mark.django_db
State, Kind = Ticket.State, TicketEvent.Kind


@pytest.fixture
def pair(anne):
    return [ticket_open(kind=Ticket.Kind.MAIL, subject=name, text=f"texte {name}", account=anne) for name in "AB"]


def test_it_works(sign_in, sam, anne, pair):
    one, other = pair
    ticket_write(ticket=one, author=anne, text="Un message dans A.")
    browser = sign_in(sam)
    page = browser.post(f"/assistance/file/{one.number}/regrouper/", {"merge-number": other.number}, follow=True)
    assert "Un message dans A." in page.content.decode()
    assert "texte A" in page.content.decode()
    one.refresh_from_db()
    assert (one.state, one.merged_into) == (State.CLOSED, other)
    assert browser.get(f"/assistance/file/{one.number}/").url == f"/assistance/file/{other.number}/"
    assert [event.kind for event in other.events.all()][-1] == Kind.MERGED
    mine = sign_in(anne)
    assert mine.get(f"/assistance/demandes/{one.number}/").url == f"/assistance/demandes/{other.number}/"
    page = mine.get(f"/assistance/demandes/{other.number}/").content.decode()
    assert "est regroupée avec la demande" in page
    assert "indépendante" not in page


def test_it_is_undone_while_nothing_was_written(sign_in, sam, pair):
    one, other = pair
    ticket_merge(ticket=one, into=other, acting_user=sam)
    sign_in(sam).post(f"/assistance/file/{one.number}/separer/")
    one.refresh_from_db()
    assert (one.state, one.merged_into) == (State.NEW, None)
    ticket_merge(ticket=one, into=other, acting_user=sam)
    ticket_answer(ticket=other, acting_user=sam, text="Voici.", state=State.WAITING)
    with pytest.raises(Impossible, match="écrit depuis"):
        ticket_unmerge(ticket=one, acting_user=sam)


def test_what_is_written_to_the_merged_one_goes_where_it_leads(sam, anne, pair):
    one, other = pair
    ticket_merge(ticket=one, into=other, acting_user=sam)
    ticket_write(ticket=one, author=anne, text="Par l'ancien lien.")
    assert other.messages.get().text == "Par l'ancien lien."


def test_what_was_merged_into_it_follows(sam, anne, pair):
    one, other = pair
    third = ticket_open(kind=Ticket.Kind.MAIL, text="C", account=anne)
    ticket_merge(ticket=one, into=other, acting_user=sam)
    ticket_merge(ticket=other, into=third, acting_user=sam)
    one.refresh_from_db()
    assert one.merged_into == third


def test_two_people_s_are_never_merged(sam, boris, pair):
    his = ticket_open(kind=Ticket.Kind.MAIL, text="x", account=boris)
    with pytest.raises(Impossible, match="deux personnes"):
        ticket_merge(ticket=pair[0], into=his, acting_user=sam)


@pytest.mark.parametrize("target", ["itself", "closed", "unknown"])
def test_what_cannot_be_merged_is_refused_in_words(sign_in, sam, pair, target):
    one, other = pair
    Ticket.objects.filter(pk=other.pk).update(state=State.CLOSED)
    number = {"itself": one.number, "closed": other.number, "unknown": "2020-000001"}[target]
    page = sign_in(sam).post(f"/assistance/file/{one.number}/regrouper/", {"merge-number": number}, follow=True)
    words = {"itself": "la même demande", "closed": "est close", "unknown": "Numéro de l&#x27;autre demande"}[target]
    assert words in page.content.decode()
    one.refresh_from_db()
    assert one.merged_into is None


def test_links_are_shown_on_both_pages_and_retired(sign_in, sam, boris, pair):
    one, his = pair[0], ticket_open(kind=Ticket.Kind.MAIL, subject="La sienne", text="x", account=boris)
    browser = sign_in(sam)
    form = {"link-kind": "caused", "link-number": his.number}
    assert "La sienne" in browser.post(f"/assistance/file/{one.number}/liens/", form, follow=True).content.decode()
    assert one.number in browser.get(f"/assistance/file/{his.number}/").content.decode()
    again = browser.post(f"/assistance/file/{his.number}/liens/", {**form, "link-number": one.number}, follow=True)
    assert "déjà liées" in again.content.decode()
    browser.post(f"/assistance/file/{his.number}/liens/{TicketLink.objects.get().pk}/retirer/")
    assert not TicketLink.objects.exists()


def test_a_message_becomes_a_request_of_its_own(sign_in, sam, anne, pair):
    one = pair[0]
    ticket_write(ticket=one, author=anne, text="Au fait, ma boîte est pleine.")
    ticket_note(ticket=one, acting_user=sam, text="Note.")
    said, note = one.messages.all()
    browser = sign_in(sam)
    form = {"split-message": said.pk, "split-subject": "Boîte pleine"}
    browser.post(f"/assistance/file/{one.number}/nouvelle/", form)
    made = Ticket.objects.get(subject="Boîte pleine")
    assert (made.text, made.account, made.links.get().other) == (said.text, anne, one)
    browser.post(f"/assistance/file/{one.number}/nouvelle/", {**form, "split-message": note.pk})
    assert Ticket.objects.count() == 3


def test_watchers_are_told_of_each_step_but_their_own(sam, admin, anne, karim, anne_at_school, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    ticket = ticket_open(kind=Ticket.Kind.MAIL, text="secret", account=anne)
    for account in (admin, karim):
        watcher_add(ticket=ticket, account=account, acting_user=sam)
        watcher_add(ticket=ticket, account=account, acting_user=sam)
    assert ticket.watchers.count() == 2
    ticket_note(ticket=ticket, acting_user=admin, text="x")
    ticket_answer(ticket=ticket, acting_user=sam, text="Voici.", state=State.WAITING)
    noted, answered = ticket.events.get(kind=Kind.NOTED), ticket.events.get(kind=Kind.ANSWERED)
    tasks.tell_watchers(event_id=noted.pk)
    assert mail.outbox == []  # a note is not for the contact, and the agent wrote it
    tasks.tell_watchers(event_id=answered.pk)
    assert sorted(message.to[0] for message in mail.outbox) == sorted([admin.login, karim.login])
    assert not any("Voici." in message.body for message in mail.outbox)
    assert any("/assistance/etablissement/" in message.body for message in mail.outbox)


def test_a_contact_who_left_is_told_no_more(sam, karim, anne_at_school, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    ticket = ticket_open(kind=Ticket.Kind.MAIL, text="x", account=anne_at_school)
    watcher_add(ticket=ticket, account=karim, acting_user=sam)
    karim.role_grants.all().delete()
    ticket_answer(ticket=ticket, acting_user=sam, text="Voici.", state=State.WAITING)
    tasks.tell_watchers(event_id=ticket.events.get(kind=Kind.ANSWERED).pk)
    assert mail.outbox == []


def test_only_agents_and_the_school_s_contacts_may_be_asked(sign_in, sam, karim, lise, boris, anne_at_school):
    ticket = ticket_open(kind=Ticket.Kind.MAIL, text="x", account=anne_at_school)
    browser = sign_in(sam)
    for account in (karim, lise, boris):
        browser.post(f"/assistance/file/{ticket.number}/suivi/", {"watch-account": account.pk})
    assert [row.account for row in Watcher.objects.all()] == [karim]
    browser.post(f"/assistance/file/{ticket.number}/suivi/{Watcher.objects.get().pk}/retirer/")
    assert not Watcher.objects.exists()


def test_the_history_has_all_and_is_narrowed(sign_in, sam, anne, pair):
    one = pair[0]
    ticket_write(ticket=one, author=anne, text="Message public.")
    ticket_note(ticket=one, acting_user=sam, text="Note secrète.")
    browser = sign_in(sam)

    def seen(show):
        text = browser.get(f"/assistance/file/{one.number}/historique/?show={show}").content.decode()
        return ["Message public." in text, "Note secrète." in text, "Ouverte" in text]

    assert [seen(show) for show in ("all", "said", "notes", "steps", "x")] == [
        [True, True, True],
        [True, True, False],
        [False, True, False],
        [False, False, True],
        [True, True, True],
    ]
