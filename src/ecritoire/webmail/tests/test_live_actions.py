"""The toolbar's gestures, on the real store."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ecritoire.accounts.models import Account
from ecritoire.mailstore.jmap import JmapClient
from ecritoire.mailstore.services import mailbox_create

from .conftest import Deliver, mail

pytestmark = pytest.mark.live
ACT = "/courrier/action/"
UNDO = "/courrier/annuler/"
Email = dict[str, Any]
Look = Callable[[str], Email]


@pytest.fixture
def look(live: JmapClient) -> Look:
    """A message as the store has it now; empty when it is gone."""

    def get(email_id: str) -> Email:
        wanted = {"ids": [email_id], "properties": ["threadId", "mailboxIds", "keywords"]}
        found: list[Email] = live.call(("Email/get", wanted, "0"))["0"]["list"]
        return found[0] if found else {}

    return get


@pytest.fixture
def act(browser: Client, folders: dict[str, str], look: Look) -> Callable[..., str]:
    """Tick the conversation of a message in the inbox and use a gesture; returns the page that follows."""

    def do(gesture: str, email_id: str, *, role: str = "inbox", **fields: str) -> str:
        form = {"action": gesture, "fil": look(email_id)["threadId"], "dossier": folders[role], **fields}
        response = browser.post(ACT, form, follow=True)
        assert response.status_code == 200
        return response.content.decode()

    return do


def test_it_works(act: Callable[..., str], deliver: Deliver, look: Look, folders: dict[str, str]) -> None:
    email_id = deliver(mail())
    assert "Archivé." in act("archive", email_id)
    assert look(email_id)["mailboxIds"] == {folders["archive"]: True}


@pytest.mark.parametrize(
    ("gesture", "before", "after"),
    [
        ("read", {}, {"$seen": True}),
        ("unread", {"seen": True}, {}),
        ("flag", {}, {"$flagged": True}),
        ("unflag", {"flagged": True}, {}),
    ],
)
def test_marks(
    act: Callable[..., str],
    deliver: Deliver,
    look: Look,
    gesture: str,
    before: dict[str, bool],
    after: dict[str, bool],
) -> None:
    email_id = deliver(mail(), **before)
    act(gesture, email_id)
    assert look(email_id)["keywords"] == after


@pytest.mark.parametrize(
    ("gesture", "start", "end", "keywords"),
    [
        ("delete", "inbox", "trash", {}),
        ("archive", "inbox", "archive", {}),
        ("junk", "inbox", "junk", {"$junk": True}),
        ("not-junk", "junk", "inbox", {"$notjunk": True}),
    ],
)
def test_moves_to_a_special_folder(
    act: Callable[..., str],
    deliver: Deliver,
    look: Look,
    folders: dict[str, str],
    gesture: str,
    start: str,
    end: str,
    keywords: dict[str, bool],
) -> None:
    email_id = deliver(mail(), role=start)
    act(gesture, email_id, role=start)
    assert look(email_id)["mailboxIds"] == {folders[end]: True}
    assert look(email_id)["keywords"] == keywords


def test_move_to_a_chosen_folder(
    act: Callable[..., str], deliver: Deliver, look: Look, folders: dict[str, str]
) -> None:
    email_id = deliver(mail())
    assert "Choisissez le dossier" in act("move", email_id, vers="")
    assert "Choisissez le dossier" in act("move", email_id, vers="nexistepas")
    assert "Déplacé vers « Archives »" in act("move", email_id, vers=folders["archive"])
    assert look(email_id)["mailboxIds"] == {folders["archive"]: True}


def test_a_move_leaves_the_answers_sent(
    act: Callable[..., str], deliver: Deliver, look: Look, folders: dict[str, str]
) -> None:
    received = deliver(mail(message_id="<a@x.test>"))
    sent = deliver(mail("Re: Conseil de classe", answers="<a@x.test>"), role="sent")
    act("delete", received)
    assert look(received)["mailboxIds"] == {folders["trash"]: True}
    assert look(sent)["mailboxIds"] == {folders["sent"]: True}


def test_a_move_is_taken_back_once(
    browser: Client, act: Callable[..., str], deliver: Deliver, look: Look, folders: dict[str, str]
) -> None:
    email_id = deliver(mail())
    key = re.search(r'name="cle" value="([^"]+)"', act("delete", email_id))
    assert key
    assert "trop tard" in browser.post(UNDO, {"cle": "autre"}, follow=True).content.decode()
    assert "revenu à sa place" in browser.post(UNDO, {"cle": key[1]}, follow=True).content.decode()
    assert look(email_id)["mailboxIds"] == {folders["inbox"]: True}
    assert "trop tard" in browser.post(UNDO, {"cle": key[1]}, follow=True).content.decode()


def test_deleting_from_the_trash_asks_first(act: Callable[..., str], deliver: Deliver, look: Look) -> None:
    email_id = deliver(mail(), role="trash")
    assert "sans retour possible" in act("delete", email_id, role="trash")
    assert look(email_id)
    assert "Supprimé définitivement" in act("destroy", email_id, role="trash", confirme="1")
    assert not look(email_id)


def test_only_rubbish_is_destroyed(act: Callable[..., str], deliver: Deliver, look: Look) -> None:
    email_id = deliver(mail())
    assert "Seul ce qui est dans la corbeille" in act("destroy", email_id, confirme="1")
    assert look(email_id)


def test_one_message_of_a_conversation(browser: Client, deliver: Deliver, look: Look, folders: dict[str, str]) -> None:
    first = deliver(mail(message_id="<a@x.test>"))
    second = deliver(mail("Re: Conseil de classe", answers="<a@x.test>"))
    browser.post(ACT, {"action": "delete", "message": second, "dossier": folders["inbox"]})
    assert look(first)["mailboxIds"] == {folders["inbox"]: True}
    assert look(second)["mailboxIds"] == {folders["trash"]: True}


def test_a_star_in_a_row_stands_for_that_row(browser: Client, deliver: Deliver, look: Look) -> None:
    starred, ticked = deliver(mail("Une")), deliver(mail("Deux"))
    browser.post(ACT, {"suivre": look(starred)["threadId"], "fil": look(ticked)["threadId"]})
    assert (look(starred)["keywords"], look(ticked)["keywords"]) == ({"$flagged": True}, {})
    browser.post(ACT, {"ne-plus-suivre": look(starred)["threadId"]})
    assert look(starred)["keywords"] == {}


def test_nothing_ticked(browser: Client, live: JmapClient) -> None:
    assert "Cochez d" in browser.post(ACT, {"action": "delete"}, follow=True).content.decode()


def test_messages_already_gone(browser: Client, live: JmapClient) -> None:
    page = browser.post(ACT, {"action": "delete", "message": "Mnexistepas"}, follow=True).content.decode()
    assert "existent plus" in page


def test_an_unknown_gesture(browser: Client, live: JmapClient) -> None:
    assert browser.post(ACT, {"action": "exploser", "fil": "T1"}).status_code == 400
    assert browser.get(ACT).status_code == 405


@pytest.mark.parametrize("target", ["https://pirate.test/", "//pirate.test/", "javascript:alert(1)", "/\\pirate.test"])
def test_the_way_back_stays_here(browser: Client, deliver: Deliver, look: Look, target: str) -> None:
    thread_id = look(deliver(mail()))["threadId"]
    response = browser.post(ACT, {"action": "read", "fil": thread_id, "retour": target})
    assert response.headers["Location"] == "/courrier/"


def test_a_stranger_touches_nothing(client: Client, stranger: Account, deliver: Deliver, look: Look) -> None:
    email_id = deliver(mail())
    mailbox_create(account=stranger)
    client.defaults.update({"wsgi.url_scheme": "https", "SERVER_NAME": "localhost"})
    client.force_login(stranger)
    before = look(email_id)
    client.post(ACT, {"action": "delete", "message": email_id})
    client.post(ACT, {"action": "read", "fil": before["threadId"]})
    assert look(email_id) == before


def test_emptying_the_trash(browser: Client, deliver: Deliver, look: Look, folders: dict[str, str]) -> None:
    gone, kept = [deliver(mail(f"Vieux {n}"), role="trash") for n in range(3)], deliver(mail())
    url = reverse("webmail:folder-empty", args=[folders["trash"]])
    assert "sans retour possible" in browser.get(url).content.decode()
    assert "3 messages supprimés" in browser.post(url, follow=True).content.decode()
    assert not any(look(email_id) for email_id in gone)
    assert look(kept)


def test_no_other_folder_is_emptied(browser: Client, deliver: Deliver, look: Look, folders: dict[str, str]) -> None:
    email_id = deliver(mail())
    assert browser.post(reverse("webmail:folder-empty", args=[folders["inbox"]])).status_code == 404
    assert look(email_id)


@pytest.mark.parametrize("name", ["fil", "message", "suivre", "dossier", "vers", "retour", "cle"])
@pytest.mark.parametrize("value", ["\0", "é", "a b", "x" * 5000])
def test_a_form_that_makes_no_sense(browser: Client, live: JmapClient, name: str, value: str) -> None:
    for path in (ACT, UNDO):
        assert browser.post(path, {"action": "move", name: value}).status_code == 302
    assert browser.get("/courrier/recherche/", {"dossier": value, "q": "x"}).status_code in {200, 404}
