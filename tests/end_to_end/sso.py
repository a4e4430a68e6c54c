"""What the single sign-on tests share: registering services as an administrator does, in the console."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.end_to_end.conftest import wait_until
from tests.end_to_end.peers.service import TestService


@dataclass(frozen=True)
class Registered:
    name: str
    client_id: str = ""
    secret: str = ""


@pytest.fixture
def service() -> Iterator[TestService]:
    made = TestService()
    yield made
    made.close()


@pytest.fixture
def register(signed_in: Callable[..., Any], service: TestService) -> Callable[..., Registered]:
    """Fill the console's form; ``values`` are by label, ``claims`` the boxes to tick."""

    def make(protocol: str, values: dict[str, str], claims: tuple[str, ...] = (), **options: Any) -> Registered:
        page = signed_in("Hélène")
        page.goto("/sso/console/")
        page.get_by_text("Relier un service").click()
        page.get_by_role("link", name=protocol, exact=True).click()
        name = f"Essai {protocol} {time.time_ns()}"
        page.get_by_label("Nom", exact=True).fill(name)
        page.get_by_label("Adresse ouverte par la tuile").fill(f"{service.url}/")
        for label, value in values.items():
            page.get_by_label(label).fill(value)
        for claim in claims:
            page.get_by_role("checkbox", name=f"{claim} –").check()
        if not options.get("own", True):
            page.get_by_label("Service de l'académie").uncheck()
        if "metadata" in options:
            file = {"name": "sp.xml", "mimeType": "text/xml", "buffer": options["metadata"].encode()}
            page.get_by_label("Métadonnées du service").set_input_files(file)
        page.get_by_role("button", name="Enregistrer").click()
        page.get_by_role("heading", name=name).wait_for()
        if protocol != "OpenID Connect":
            return Registered(name)
        client_id = page.locator("dt:text-is('Client ID') + dd").inner_text()
        return Registered(name, client_id, page.locator("#secret").inner_text())

    return make


def landed(page: Any, service: TestService) -> str:
    """The address of the service on which the browser has just arrived."""
    page.get_by_role("heading", name="Service de test").wait_for()
    return str(wait_until(lambda: service.visits and service.visits[-1], "a visit"))
