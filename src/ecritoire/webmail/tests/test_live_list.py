"""Lists of conversations on the real store: what a row says, filters, pages, search, and what a page costs."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from ecritoire.accounts.models import Account
from ecritoire.mailstore.services import mailbox_create
from ecritoire.webmail.selectors.queries import PAGE_SIZE
from ecritoire.webmail.selectors.rows import Row

from .conftest import Deliver, Indexed, mail

pytestmark = pytest.mark.live
INBOX = "/courrier/"
SEARCH = "/courrier/recherche/"


def rows(browser: Client, url: str = INBOX) -> list[Row]:
    response = browser.get(url)
    assert response.status_code == 200
    found: list[Row] = response.context["page"].rows
    return found


def subjects(browser: Client, url: str = INBOX) -> list[str]:
    return [str(row.subject) for row in rows(browser, url)]


def test_it_works(browser: Client, deliver: Deliver) -> None:
    deliver(mail("Conseil de classe"), seen=True)
    page = browser.get(INBOX).content.decode()
    assert "Conseil de classe" in page
    assert "Élodie Martin" in page
    assert "Le conseil a lieu jeudi." in page


def test_a_list_costs_one_round_trip(browser: Client, deliver: Deliver, folders: dict[str, str]) -> None:
    for number in range(3):
        deliver(mail(f"Note {number}"))
    browser.get(INBOX)
    assert browser.get(INBOX).context["round_trips"] == 1
    assert browser.get(reverse("webmail:folder", args=[folders["sent"]])).context["round_trips"] == 1
    assert browser.get(f"{SEARCH}?q=note").context["round_trips"] == 1


def test_a_conversation_is_one_row(browser: Client, deliver: Deliver) -> None:
    deliver(mail("Sortie", message_id="<a@x.test>"), seen=True, at="2026-01-05T08:00:00Z")
    me = "Ana Lecture <ana.lecture@ac-valmont.test>"
    deliver(mail("Re: Sortie", sender=me, answers="<a@x.test>"), role="sent", seen=True, at="2026-01-05T09:00:00Z")
    deliver(mail("Re: Sortie", sender="Paul <p@x.test>", answers="<a@x.test>"), at="2026-01-05T10:00:00Z")
    (row,) = rows(browser)
    assert [(sender.address.label, sender.is_self, sender.unread) for sender in row.senders] == [
        ("Élodie Martin", False, False),
        ("Ana Lecture", True, False),
        ("Paul", False, True),
    ]
    assert (row.count, row.unread) == (3, True)


def test_deleted_messages_do_not_count_in_a_row(browser: Client, deliver: Deliver) -> None:
    deliver(mail("Sortie", message_id="<a@x.test>"), seen=True)
    deliver(mail("Re: Sortie", answers="<a@x.test>"), role="trash")
    (row,) = rows(browser)
    assert (row.count, row.unread) == (1, False)


def test_marks_of_a_row(browser: Client, deliver: Deliver) -> None:
    message = mail("Photos")
    message.add_attachment(b"x", maintype="image", subtype="png", filename="a.png")
    deliver(message, flagged=True, seen=True)
    (row,) = rows(browser)
    assert (row.has_attachment, row.flagged, row.unread) == (True, True, False)


def test_sent_mail_shows_its_recipients(browser: Client, deliver: Deliver, folders: dict[str, str]) -> None:
    deliver(mail("Envoi", to="Paul Petit <paul@x.test>"), role="sent", seen=True)
    page = browser.get(reverse("webmail:folder", args=[folders["sent"]])).content.decode()
    assert "Paul Petit" in page


@pytest.mark.parametrize(("name", "kept"), [("non-lus", "Nouvelle"), ("suivis", "Importante"), ("pieces", "Jointe")])
def test_filters(browser: Client, deliver: Deliver, name: str, kept: str) -> None:
    joined = mail("Jointe")
    joined.add_attachment(b"x", maintype="application", subtype="pdf", filename="a.pdf")
    deliver(joined, seen=True)
    deliver(mail("Nouvelle"))
    deliver(mail("Importante"), seen=True, flagged=True)
    assert subjects(browser, f"{INBOX}?filtre={name}") == [kept]


def test_pages(browser: Client, deliver: Deliver) -> None:
    for number in range(PAGE_SIZE + 2):
        deliver(mail(f"Note {number:02}"), seen=True, at=f"2026-01-05T08:{number:02}:00Z")
    first = browser.get(INBOX).context["page"]
    assert (first.first, first.last, first.total, first.previous_url) == (1, PAGE_SIZE, PAGE_SIZE + 2, "")
    assert [str(row.subject) for row in browser.get(first.next_url).context["page"].rows] == ["Note 01", "Note 00"]
    assert browser.get(f"{INBOX}?page=9").status_code == 302


def test_counts_beside_the_folders(browser: Client, deliver: Deliver) -> None:
    deliver(mail("Une"))
    deliver(mail("Deux"), seen=True)
    counts = {folder.role: folder.count for folder in browser.get(INBOX).context["folders"]}
    assert (counts["inbox"], counts["archive"]) == (1, 0)


def test_a_subject_is_text(browser: Client, deliver: Deliver) -> None:
    deliver(mail("<script>alert(1)</script> & co", sender='"<b>x</b>" <x@x.test>', text="<img src=x onerror=alert(1)>"))
    page = browser.get(INBOX).content.decode()
    assert "<script>alert" not in page
    assert "<b>x</b>" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("budget", ["Compte rendu"]),
        ("de:paul", ["Compte rendu"]),
        ("objet:rendu", ["Compte rendu"]),
        ("à:equipe@x.test", ["Voyage"]),
        ("avant:31/12/2025", ["Voyage"]),
        ("après:01/01/2026", ["Compte rendu"]),
        ("budget de:lucie", []),
        ("est:suivi", ["Voyage"]),
        ('"exercice prochain"', ["Compte rendu"]),
    ],
)
def test_search(browser: Client, deliver: Deliver, indexed: Indexed, text: str, found: list[str]) -> None:
    text_of_it = "Le budget de l'exercice prochain."
    deliver(mail("Compte rendu", sender="Paul <paul@x.test>", text=text_of_it), at="2026-03-05T08:00:00Z")
    deliver(mail("Voyage", sender="Lucie <l@x.test>", to="equipe@x.test"), at="2025-03-05T08:00:00Z", flagged=True)
    indexed("prochain")
    indexed("voyage")
    response = browser.get(SEARCH, {"q": text})
    assert [row.email_id and row.count for row in response.context["page"].rows] == [1] * len(found)
    assert all(subject in response.content.decode() for subject in found)


def test_the_advanced_form_searches_too(
    browser: Client, deliver: Deliver, indexed: Indexed, folders: dict[str, str]
) -> None:
    deliver(mail("Compte rendu", sender="Paul <paul@x.test>"), role="archive")
    deliver(mail("Autre", sender="Paul <paul@x.test>"))
    indexed("rendu")
    url = f"{SEARCH}?de=paul&objet=&apres=2020-01-01&dossier={folders['archive']}"
    assert subjects(browser, url) == ["Compte rendu"]
    assert browser.get(SEARCH).context["page"].query.is_search is False


def test_a_search_marks_what_it_found(browser: Client, deliver: Deliver, indexed: Indexed) -> None:
    deliver(mail("Le <b>budget</b> 2026"))
    indexed("budget")
    page = browser.get(f"{SEARCH}?q=budget").content.decode()
    assert "<mark>budget</mark>" in page
    assert "&lt;b&gt;" in page


def test_a_folder_that_is_not_there(browser: Client, live: object) -> None:
    assert browser.get(reverse("webmail:folder", args=["nimporte"])).status_code == 404


def test_a_stranger_sees_nothing(client: Client, stranger: Account, deliver: Deliver, folders: dict[str, str]) -> None:
    deliver(mail("Confidentiel"))
    mailbox_create(account=stranger)
    client.defaults.update({"wsgi.url_scheme": "https", "SERVER_NAME": "localhost"})
    assert client.get(INBOX).status_code == 302
    client.force_login(stranger)
    assert subjects(client) == []
    assert subjects(client, f"{SEARCH}?q=confidentiel") == []
    assert client.get(reverse("webmail:folder", args=[folders["inbox"]])).status_code == 404


@pytest.mark.parametrize("text", ["exercice", "l'exercice", "l’exercice", "exercice prochain", '"exercice prochain"'])
def test_an_elision_hides_nothing(browser: Client, deliver: Deliver, indexed: Indexed, text: str) -> None:
    deliver(mail("Budget", text="Le budget de l'exercice prochain est voté."))
    indexed("budget")
    page = browser.get(SEARCH, {"q": text})
    assert len(page.context["page"].rows) == 1
    assert "<mark>" in page.content.decode()


@pytest.mark.parametrize(
    "text", ['"', "((", "*", "'", "de:", "😀", "a" * 500, "%00", "avant:hier", "l'", "-", "OR AND"]
)
def test_an_odd_search_finds_nothing_and_breaks_nothing(browser: Client, deliver: Deliver, text: str) -> None:
    deliver(mail())
    assert browser.get(SEARCH, {"q": text}).status_code == 200


def test_an_inbox_made_anew_is_found(browser: Client, account: Account, live: object) -> None:
    cache.set(f"webmail:inbox:{account.store_id}", "ancienne")
    assert browser.get(INBOX).status_code == 200
    assert browser.get(INBOX).context["round_trips"] == 1
