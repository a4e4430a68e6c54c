"""Structures as groups: read by all, members written as postings, services of one's own made and removed."""

from __future__ import annotations

import pytest

from ecritoire.api.scim.schemas import POSTINGS, STRUCTURE
from ecritoire.api.tests.conftest import VOLTAIRE, user
from ecritoire.directory.models import Assignment, Structure
from ecritoire.directory.uai import is_valid

GROUPS, CORE = "/scim/v2/Groups", "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def patch(*operations):
    return {"schemas": [PATCH], "Operations": list(operations)}


@pytest.fixture
def zoe(rh, schools):
    return rh.send("POST", "/scim/v2/Users", user()).json()


def test_it_works(rh, zoe):
    add = patch({"op": "add", "path": "members", "value": [{"value": zoe["id"]}]})
    assert rh.send("PATCH", f"{GROUPS}/{VOLTAIRE}", add).status_code == 204
    group = rh.send("GET", f"{GROUPS}/{VOLTAIRE}").json()
    assert [member["value"] for member in group["members"]] == [zoe["id"]]
    assert Assignment.objects.get(person__given_name="Zoé").structure.uai == VOLTAIRE
    remove = patch({"op": "remove", "path": f'members[value eq "{zoe["id"]}"]'})
    assert rh.send("PATCH", f"{GROUPS}/{VOLTAIRE}", remove).status_code == 204
    assert POSTINGS not in rh.send("GET", f"/scim/v2/Users/{zoe['id']}").json()
    assert "members" not in rh.send("GET", f"{GROUPS}/{VOLTAIRE}").json()


def test_a_group_is_found_by_its_member(rh, zoe):
    rh.send("PATCH", f"{GROUPS}/{VOLTAIRE}", patch({"op": "add", "path": "members", "value": [{"value": zoe["id"]}]}))
    found = rh.send("GET", f'{GROUPS}?filter=members[value eq "{zoe["id"]}"]').json()
    assert [group["id"] for group in found["Resources"]] == [VOLTAIRE]


def test_a_member_is_a_user_of_this_client(rh, zoe, make_client):
    other = make_client("Autre")
    add = patch({"op": "add", "path": "members", "value": [{"value": zoe["id"]}]})
    answer = other.send("PATCH", f"{GROUPS}/{VOLTAIRE}", add)
    assert (answer.status_code, "members.value" in answer.json()["detail"]) == (400, True)


def test_a_structure_of_another_source_keeps_its_name(rh, schools):
    answer = rh.send("PATCH", f"{GROUPS}/{VOLTAIRE}", patch({"op": "replace", "path": "displayName", "value": "X"}))
    assert answer.status_code == 403
    assert rh.send("DELETE", f"{GROUPS}/{VOLTAIRE}").status_code == 403
    assert Structure.objects.get(uai=VOLTAIRE).name == "Lycée Voltaire"


def test_a_service_without_uai_is_made_named_and_removed(rh, zoe, make_client):
    made = rh.send(
        "POST",
        GROUPS,
        {
            "schemas": [CORE, STRUCTURE],
            "displayName": "Pôle numérique",
            "externalId": "p1",
            "members": [{"value": zoe["id"]}],
            STRUCTURE: {"city": "Valmont"},
        },
    )
    assert made.status_code == 201, made.content
    code = made.json()["id"]
    assert is_valid(code)
    structure = Structure.objects.get(uai=code)
    assert (structure.kind, structure.city) == (Structure.Kind.SERVICE, "Valmont")
    assert made.json()["members"][0]["value"] == zoe["id"]
    assert make_client("Autre").send("DELETE", f"{GROUPS}/{code}").status_code == 403
    rename = patch({"op": "replace", "path": "displayName", "value": "DSI"})
    assert rh.send("PATCH", f"{GROUPS}/{code}", rename).status_code == 204
    assert Structure.objects.get(uai=code).name == "DSI"
    assert rh.send("DELETE", f"{GROUPS}/{code}").status_code == 204
    assert rh.send("GET", f"{GROUPS}/{code}").status_code == 404
    assert POSTINGS not in rh.send("GET", f"/scim/v2/Users/{zoe['id']}").json()


def test_a_page_costs_the_same_whatever_its_length(rh, schools, django_assert_num_queries):
    rh.send("GET", GROUPS)
    with django_assert_num_queries(6):  # client, begin, count, rows, members, commit
        assert len(rh.send("GET", GROUPS).json()["Resources"]) == 2
