"""The store does not answer: a page says so and offers to try again."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from ecritoire.mailstore import services
from ecritoire.mailstore.jmap import JmapClient
from ecritoire.webmail.views import doors


@pytest.fixture(autouse=True)
def away(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(**kwargs: object) -> JmapClient:
        return JmapClient(socket_path=Path("/nulle/part"), account_id="t1", token="x")

    for module in (services, doors):
        monkeypatch.setattr(module, "store_open", nobody)


def test_it_works(browser: Client) -> None:
    response = browser.get("/courrier/recherche/?q=budget")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")
    page = response.content.decode()
    assert "Réessayer" in page
    assert 'href="/courrier/recherche/?q=budget"' in page


@pytest.mark.parametrize(
    "path",
    ["folder", "conversation", "details", "body", "blob"],
)
def test_every_page_says_so(browser: Client, path: str) -> None:
    assert browser.get(reverse(f"webmail:{path}", args=["x"])).status_code == 503


def test_a_gesture_says_so_without_offering_to_repeat_it(browser: Client) -> None:
    response = browser.post("/courrier/action/", {"action": "delete", "fil": "T1"})
    assert response.status_code == 503
    assert "Réessayer" not in response.content.decode()
