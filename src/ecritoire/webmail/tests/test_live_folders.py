"""A person's own folders, on the real store."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from ecritoire.mailstore.jmap import JmapClient
from ecritoire.webmail.selectors.folders import Folder

from .conftest import Deliver, mail

pytestmark = pytest.mark.live
FOLDERS = "/courrier/dossiers/"


def own(browser: Client) -> list[Folder]:
    found: list[Folder] = browser.get(FOLDERS).context["folders"].custom()
    return found


def create(browser: Client, name: str, parent: str = "") -> str:
    return browser.post(FOLDERS, {"name": name, "parent": parent}, follow=True).content.decode()


def test_it_works(browser: Client, live: JmapClient) -> None:
    assert "Dossier « Réunions d&#x27;équipe » créé." in create(browser, "  Réunions   d'équipe ")
    assert [folder.name for folder in own(browser)] == ["Réunions d'équipe"]


def test_a_tree(browser: Client, live: JmapClient) -> None:
    create(browser, "Zoologie")
    create(browser, "École")
    create(browser, "Budget", own(browser)[0].id)
    assert [(folder.name, folder.depth) for folder in own(browser)] == [("École", 0), ("Budget", 1), ("Zoologie", 0)]


@pytest.mark.parametrize("name", ["", "   ", "a/b", "a" * 81, "pour%cent", "Archive", "Sent"])
def test_a_name_that_cannot_be(browser: Client, live: JmapClient, name: str) -> None:
    page = create(browser, name)
    assert "fr-error-text" in page
    assert own(browser) == []


def test_a_name_already_taken(browser: Client, live: JmapClient) -> None:
    create(browser, "Parents")
    assert "fr-error-text" in create(browser, "Parents")
    assert len(own(browser)) == 1


def test_rename(browser: Client, live: JmapClient) -> None:
    create(browser, "Parents")
    url = reverse("webmail:folder-rename", args=[own(browser)[0].id])
    assert 'value="Parents"' in browser.get(url).content.decode()
    browser.post(url, {"name": "Familles"})
    assert [folder.name for folder in own(browser)] == ["Familles"]


def test_delete_puts_messages_in_the_trash(
    browser: Client, deliver: Deliver, live: JmapClient, folders: dict[str, str]
) -> None:
    create(browser, "Parents")
    (folder,) = own(browser)
    email_id = deliver(mail())
    live.set("Email", update={email_id: {"mailboxIds": {folder.id: True}}})
    url = reverse("webmail:folder-delete", args=[folder.id])
    assert "iront à la corbeille" in browser.get(url).content.decode()
    browser.post(url)
    assert own(browser) == []
    (email,) = live.call(("Email/get", {"ids": [email_id], "properties": ["mailboxIds"]}, "0"))["0"]["list"]
    assert email["mailboxIds"] == {folders["trash"]: True}


def test_a_folder_with_folders_inside_is_kept(browser: Client, live: JmapClient) -> None:
    create(browser, "Parents")
    create(browser, "Sixièmes", own(browser)[0].id)
    url = reverse("webmail:folder-delete", args=[own(browser)[0].id])
    assert "contient d" in browser.post(url, follow=True).content.decode()
    assert len(own(browser)) == 2


@pytest.mark.parametrize("name", ["folder-rename", "folder-delete"])
def test_special_folders_are_not_touched(browser: Client, folders: dict[str, str], name: str) -> None:
    for folder_id in (folders["inbox"], folders["trash"], "nexistepas"):
        assert browser.get(reverse(f"webmail:{name}", args=[folder_id])).status_code == 404
