"""The list of conversations, on the real store."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from ecritoire.mailstore.jmap import JmapClient

from .conftest import Deliver, mail

pytestmark = pytest.mark.live


def test_it_works(browser: Client, deliver: Deliver) -> None:
    deliver(mail("Conseil de classe"))
    response = browser.get(reverse("webmail:inbox"))
    assert response.status_code == 200
    assert "Conseil de classe" in response.content.decode()
    assert "Élodie Martin" in response.content.decode()


def test_a_conversation_opens(browser: Client, deliver: Deliver, live: JmapClient) -> None:
    email_id = deliver(mail("Conseil de classe", html="<p>Bonjour</p>"))
    thread_id = live.call(("Email/get", {"ids": [email_id], "properties": ["threadId"]}, "0"))["0"]["list"][0][
        "threadId"
    ]
    for url in (
        reverse("webmail:conversation", args=[thread_id]),
        reverse("webmail:body", args=[email_id]),
        reverse("webmail:details", args=[email_id]),
        reverse("webmail:search") + "?q=conseil",
        reverse("webmail:search"),
        reverse("webmail:folders"),
    ):
        assert browser.get(url).status_code == 200, url
