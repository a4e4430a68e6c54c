"""SCIM and the REST call on the running service: the conformance suite, and two calls at once."""

from __future__ import annotations

import json
import ssl
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from scim2_client import BaseSyncSCIMClient
from scim2_tester import Status, check_server

from launcher import config
from launcher.site import Site
from tests.end_to_end.conftest import NARROW, WIDE
from tests.end_to_end.test_pages import look

GREEN = {Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE}
CHECKS = {
    "access_invalid_resource_type", "access_invalid_schema", "check_add_attribute", "check_remove_attribute",
    "check_replace_attribute", "object_creation", "object_deletion", "object_list_with_attributes", "object_query",
    "object_query_with_attributes", "object_query_without_id", "object_replacement", "query_all_resource_types",
    "query_all_schemas", "query_resource_type_by_id", "access_schema_by_id", "random_url", "search_with_attributes",
    "service_provider_config_endpoint",
}  # fmt: skip
DOMAIN, SCHOOL = "ac-programmes.test", "0990001N"
MAKE = f"""
import json
from django.utils import timezone
from ecritoire.accounts.models import ApiScope
from ecritoire.accounts.services.api_clients import api_client_create
from ecritoire.directory.models import Organisation, Structure
there, _ = Organisation.objects.get_or_create(mail_domain="{DOMAIN}", defaults={{"name": "Académie des programmes"}})
values = {{"organisation": there, "name": "Lycée des programmes", "kind": "high", "city": "Essai"}}
Structure.objects.get_or_create(uai="{SCHOOL}", defaults=values)
now = timezone.now().isoformat()
print(json.dumps({{scope: api_client_create(
    organisation=there, name=f"{{scope}} {{now}}", scopes=[scope], networks=[], acting_user=None
)[1] for scope in (ApiScope.SCIM_WRITE, ApiScope.STAFF_WRITE)}}))
"""


@pytest.fixture(scope="session")
def tokens() -> dict[str, str]:
    """Clients of an académie of their own: the people they make are in nobody's way."""
    command = [str(config.PROJECT_ROOT / "ecritoire"), "manage", "shell", "-v0", "-c", MAKE]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    made: dict[str, str] = json.loads(told.stdout)
    return made


@pytest.fixture
def program(site: Site, tls: ssl.SSLContext, tokens: dict[str, str]) -> Iterator[Callable[..., httpx.Client]]:
    opened: list[httpx.Client] = []

    def make(scope: str = "scim:write") -> httpx.Client:
        headers = {"Authorization": f"Bearer {tokens[scope]}"}
        opened.append(httpx.Client(base_url=site.config.base_url, headers=headers, verify=tls, timeout=60))
        return opened[-1]

    yield make
    for client in opened:
        client.close()


class Engine(BaseSyncSCIMClient):
    """The suite's requests over the network."""

    def __init__(self, http: httpx.Client) -> None:
        super().__init__()
        self.http = http

    def request(self, method: str, url: str, **kwargs: Any) -> httpx.Response:
        path = url if url.startswith("https:") else f"/scim/v2/{url.lstrip('/')}"
        return self.http.request(method, path, **kwargs)

    def _stays_under_base_url(self, endpoint: str) -> bool:
        return True

    def _parse_json(self, response: Any) -> Any:
        return response.json()


def test_it_works(program):
    """Every check of scim2-tester on every resource type."""
    results = check_server(Engine(program()))
    wrong = [f"{r.resource_type} {r.title}: {r.reason}" for r in results if r.status not in GREEN]
    assert not wrong, "\n".join(wrong)
    counted = Counter(str(result.title) for result in results)
    print(*(f"{number:4} {title}" for title, number in sorted(counted.items())), sep="\n")  # noqa: T201 - the list of checks, with -s
    assert set(counted) >= CHECKS


def user(family: str, **values: Any) -> dict[str, Any]:
    core = "urn:ietf:params:scim:schemas:core:2.0:User"
    return {"schemas": [core], "name": {"givenName": "Ève", "familyName": family}, **values}


def at_once(*calls: Callable[[], httpx.Response]) -> list[int]:
    with ThreadPoolExecutor(len(calls)) as pool:
        return sorted(done.status_code for done in pool.map(lambda call: call(), calls))


def test_of_two_changes_of_one_version_one_is_made(program):
    http = program()
    made = http.post("/scim/v2/Users", json=user(f"Etag {time.time_ns()}"))
    assert made.status_code == 201, made.text
    where, headers = f"/scim/v2/Users/{made.json()['id']}", {"If-Match": made.headers["ETag"]}

    def change(kind: str) -> Callable[[], httpx.Response]:
        operation = {"op": "replace", "path": "userType", "value": kind}
        body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation]}
        return lambda: http.patch(where, json=body, headers=headers)

    assert at_once(change("teacher"), change("contract"), change("external")) == [204, 412, 412]


def test_of_two_creations_with_one_key_one_is_made(program):
    http, body = program(), user(f"Key {time.time_ns()}", externalId=str(time.time_ns()))
    create = lambda: http.post("/scim/v2/Users", json=body)  # noqa: E731 - the same call thrice
    assert at_once(create, create, create) == [201, 409, 409]


def test_the_rest_call_makes_somebody_who_can_be_activated(program):
    http, key = program("staff:write"), str(time.time_ns())
    where = f"/api/v1/staff/{key}"
    person = {
        "family_name": f"Rest {key}",
        "given_name": "Ève",
        "postings": [{"uai": SCHOOL, "function": "Professeure", "starts_on": "2020-09-01"}],
    }
    said = http.put(where, json=person)
    assert (said.status_code, said.json()["person"]["account_state"]) == (201, "provisioned"), said.text
    batch = json.dumps(person | {"external_id": key})
    shown = http.post("/api/v1/staff?dry_run=true", content=batch)
    assert (shown.json()["unchanged"], shown.json()["changes"]) == (1, [])
    assert http.delete(where).status_code == 204


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_an_administrator_lets_a_program_in_and_out(signed_in, site, tls, width):
    page = signed_in("Hélène", width)
    page.goto("/api/clients/")
    look(page)
    page.get_by_role("link", name="Ajouter un client").click()
    look(page)
    page.get_by_label("Nom").fill(f"SIRH {time.time_ns()}")
    page.get_by_label("SCIM 2.0 : lire et écrire").check()
    page.get_by_role("button", name="Enregistrer").click()
    token = page.locator("#secret").inner_text()
    look(page)
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=site.config.base_url, headers=headers, verify=tls, timeout=60) as http:
        assert http.get("/scim/v2/Users").json()["totalResults"] == 0
        page.get_by_role("link", name="Retirer le client").click()
        look(page)
        page.get_by_role("button", name="Retirer le client").click()
        page.get_by_text("retiré", exact=True).wait_for()
        assert http.get("/scim/v2/Users").status_code == 401
