"""SCIM and the REST call on the running service: the conformance suite, and two calls at once."""

from __future__ import annotations

import itertools
import json
import os
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

GREEN = {Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE}
CHECKS = {
    "access_invalid_resource_type", "access_invalid_schema", "check_add_attribute", "check_remove_attribute",
    "check_replace_attribute", "object_creation", "object_deletion", "object_list_with_attributes", "object_query",
    "object_query_with_attributes", "object_query_without_id", "object_replacement", "query_all_resource_types",
    "query_all_schemas", "query_resource_type_by_id", "query_schema_by_id", "random_url", "search_with_attributes",
    "service_provider_config_endpoint",
}  # fmt: skip
POSTINGS = "urn:ecritoire:params:scim:schemas:extension:postings:2.0:User"
numbers = itertools.count(1)


@pytest.fixture
def program(site: Site, tls: ssl.SSLContext) -> Iterator[Callable[..., httpx.Client]]:
    """A client of its own for each test, named after the process and the hour: names are taken once."""
    opened: list[httpx.Client] = []

    def make(scope: str = "scim:write") -> httpx.Client:
        name = f"Essai {os.getpid()}-{int(time.time())}-{next(numbers)}"
        command = [str(config.PROJECT_ROOT / "ecritoire"), "manage", "api_client", name, "--scope", scope]
        told = subprocess.run(command, capture_output=True, text=True, check=True)
        headers = {"Authorization": f"Bearer {told.stdout.strip()}"}
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
    print(*(f"{number:4} {title}" for title, number in sorted(counted.items())), sep="\n")
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
    http, body = program(), user(f"Key {time.time_ns()}", externalId="1")
    create = lambda: http.post("/scim/v2/Users", json=body)  # noqa: E731 - the same call thrice
    assert at_once(create, create, create) == [201, 409, 409]


def test_the_rest_call_makes_somebody_who_can_be_activated(program):
    http = program("staff:write")
    groups = program("scim:read").get("/scim/v2/Groups?count=1").json()
    person = {
        "family_name": f"Rest {time.time_ns()}",
        "given_name": "Ève",
        "postings": [{"uai": groups["Resources"][0]["id"], "function": "Professeure", "starts_on": "2020-09-01"}],
    }
    said = http.put("/api/v1/staff/1", json=person)
    assert (said.status_code, said.json()["person"]["account_state"]) == (201, "provisioned"), said.text
    batch = json.dumps(person | {"external_id": "1"})
    shown = http.post("/api/v1/staff?dry_run=true", content=batch)
    assert (shown.json()["unchanged"], shown.json()["changes"]) == (1, [])
    assert http.delete("/api/v1/staff/1").status_code == 204
