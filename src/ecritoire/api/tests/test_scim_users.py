"""A user over SCIM: made, read, replaced, changed, removed."""

from __future__ import annotations

import pytest

from ecritoire.accounts.models import Account
from ecritoire.api.models import ScimUser
from ecritoire.api.scim.schemas import ENTERPRISE, POSTINGS, STAFF
from ecritoire.api.tests.conftest import ROSTAND, VOLTAIRE, user
from ecritoire.common.models import AuditEvent
from ecritoire.directory.models import Assignment, DoubtfulMatch, FeedRun, Organisation, Person

USERS = "/scim/v2/Users"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def posted(uai: str = VOLTAIRE, **values):
    return {"$ref": f"Groups/{uai}", "function": "Professeure", "startsOn": "2026-09-01"} | values


def patch(*operations):
    return {"schemas": [PATCH], "Operations": list(operations)}


@pytest.fixture
def zoe(rh, schools):
    answer = rh.send("POST", USERS, user(externalId="42", postings=[posted()], userType="teacher"))
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_it_works(rh, zoe):
    assert zoe["userName"] == "zoe.martin@ac-valmont.test"
    assert zoe["emails"] == [{"value": "zoe.martin@ac-valmont.test", "type": "work", "primary": True}]
    assert [group["display"] for group in zoe["groups"]] == ["Lycée Voltaire"]
    assert zoe["active"] is True
    assert Account.objects.get(login=zoe["userName"]).state == Account.State.PROVISIONED
    answer = rh.send("GET", f"{USERS}/{zoe['id']}")
    assert answer.json() == zoe
    assert answer["ETag"] == zoe["meta"]["version"]
    assert answer["Content-Type"].startswith("application/scim+json")


def test_the_same_word_twice_writes_nothing(rh, zoe):
    before = (FeedRun.objects.count(), AuditEvent.objects.count(), ScimUser.objects.get().updated_at)
    answer = rh.send("PUT", f"{USERS}/{zoe['id']}", zoe)
    assert answer.json() == zoe
    assert before == (FeedRun.objects.count(), AuditEvent.objects.count(), ScimUser.objects.get().updated_at)


def test_a_patch_by_filter_ends_one_posting(rh, zoe):
    more = patch({"op": "add", "path": f"{POSTINGS}:postings", "value": [posted(ROSTAND)]})
    assert rh.send("PATCH", f"{USERS}/{zoe['id']}", more).status_code == 204
    assert Assignment.objects.filter(person__given_name="Zoé").count() == 2
    less = patch({"op": "remove", "path": f'{POSTINGS}:postings[value eq "{VOLTAIRE}"]'})
    assert rh.send("PATCH", f"{USERS}/{zoe['id']}", less).status_code == 204
    [posting] = rh.send("GET", f"{USERS}/{zoe['id']}").json()[POSTINGS]["postings"]
    assert posting["value"] == ROSTAND
    [place] = rh.send("GET", f"{USERS}/{zoe['id']}").json()["groups"]
    assert place["value"] == ROSTAND


def test_inactive_ends_the_right_and_active_gives_it_again(rh, zoe):
    off = patch({"op": "replace", "path": "active", "value": False})
    rh.send("PATCH", f"{USERS}/{zoe['id']}", off)
    person = Person.objects.get(given_name="Zoé")
    assert not person.has_right
    assert person.account.state != Account.State.PURGED
    told = rh.send("GET", f"{USERS}/{zoe['id']}").json()
    assert told["active"] is False
    assert told[POSTINGS] == zoe[POSTINGS], "what was said is still said"
    rh.send("PATCH", f"{USERS}/{zoe['id']}", patch({"op": "replace", "value": {"active": True}}))
    assert Person.objects.get(given_name="Zoé").has_right


def test_a_suspended_account_is_not_active(rh, zoe):
    Account.objects.filter(login=zoe["userName"]).update(state=Account.State.SUSPENDED)
    assert rh.send("GET", f"{USERS}/{zoe['id']}").json()["active"] is False
    assert rh.send("GET", f"{USERS}?filter=active%20eq%20true").json()["totalResults"] == 0


def test_who_is_deleted_is_unknown_and_loses_the_right(rh, zoe):
    assert rh.send("DELETE", f"{USERS}/{zoe['id']}").status_code == 204
    assert rh.send("GET", f"{USERS}/{zoe['id']}").status_code == 404
    assert not Person.objects.get(given_name="Zoé").has_right
    again = rh.send("POST", USERS, user(externalId="42", postings=[posted()]))
    assert again.status_code == 201
    assert again.json()["userName"] == zoe["userName"], "who comes back gets their address back"


def test_facts_of_ours_come_when_asked_for(rh, zoe):
    asked = rh.send("GET", f"{USERS}/{zoe['id']}?attributes={STAFF}:accountState,{ENTERPRISE}:organization").json()
    assert asked[STAFF] == {"accountState": "provisioned"}
    assert asked[ENTERPRISE]["organization"] == Organisation.objects.get().name
    assert "name" not in asked


def test_a_key_is_taken_once(rh, zoe):
    answer = rh.send("POST", USERS, user("Luc", "Bel", externalId="42"))
    assert (answer.status_code, answer.json()["scimType"]) == (409, "uniqueness")
    assert "externalId" in answer.json()["detail"]


def test_a_namesake_is_for_somebody_to_decide_then_the_same_request_passes(rh, schools, make_person, admin):
    from ecritoire.directory.services.doubts import doubt_decide

    known = make_person("Zoé", "Martin")
    asked = user(externalId="42", postings=[posted()])
    answer = rh.send("POST", USERS, asked)
    assert (answer.status_code, answer.json()["scimType"]) == (409, "uniqueness")
    assert "name" in answer.json()["detail"]
    assert rh.send("GET", USERS).json()["totalResults"] == 0
    doubt = DoubtfulMatch.objects.get()
    doubt_decide(doubt=doubt, person=known, acting_user=admin)
    again = rh.send("POST", USERS, asked)
    assert again.status_code == 201, again.content
    assert again.json()["userName"] == known.addresses.get().address


@pytest.mark.parametrize(
    ("change", "attribute"),
    [
        ({"name": {"familyName": "Martin"}}, "givenName"),
        ({"name": {"familyName": "Martin", "givenName": "Zoé", "honorificPrefix": "Dr"}}, "honorificPrefix"),
        ({"userType": "king"}, "userType"),
        ({"externalId": "x" * 201}, "externalId"),
        ({STAFF: {"birthDate": "31/12/1980"}}, "birthDate"),
        ({"shoeSize": 42}, "shoeSize"),
        ({"postings": [posted("0750001A")]}, "postings"),
        ({"postings": [posted("0759999G")]}, "postings"),
        ({"contracts": [{"number": "1", "startsOn": "2026-09-01", "endsOn": "2020-01-01"}]}, "endsOn"),
    ],
)
def test_what_is_wrong_is_named(rh, schools, change, attribute):
    answer = rh.send("POST", USERS, user(**change))
    assert answer.status_code == 400, answer.content
    assert attribute in answer.json()["detail"]
    assert answer.json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert not Person.objects.filter(family_name="Martin").exists()


def test_an_etag_that_is_past_is_refused(rh, zoe):
    where, old = f"{USERS}/{zoe['id']}", zoe["meta"]["version"]
    first = rh.send("PATCH", where, patch({"op": "replace", "path": "userType", "value": "contract"}), If_Match=old)
    second = rh.send("PATCH", where, patch({"op": "replace", "path": "active", "value": False}), If_Match=old)
    assert (first.status_code, second.status_code) == (204, 412)
    assert rh.send("GET", where).json()["active"] is True
    assert rh.send("GET", where, If_None_Match=first["ETag"]).status_code == 304


def test_a_client_sees_what_it_said_and_nothing_else(rh, zoe, make_client):
    other = make_client("Autre")
    elsewhere = make_client("Ailleurs", organisation=Organisation.objects.create(name="B", mail_domain="ac-b.test"))
    for client in (other, elsewhere):
        assert client.send("GET", USERS).json()["totalResults"] == 0
        for method, body in (
            ("GET", None),
            ("PUT", zoe),
            ("PATCH", patch({"op": "remove", "path": "active"})),
            ("DELETE", None),
        ):
            assert client.send(method, f"{USERS}/{zoe['id']}", body).status_code == 404, method
    assert elsewhere.send("GET", "/scim/v2/Groups").json()["totalResults"] == 0
    answer = elsewhere.send("POST", USERS, user(postings=[posted()]))
    assert answer.status_code == 400, "a school of another académie"


def test_a_page_costs_the_same_whatever_its_length(rh, schools, django_assert_num_queries):
    for number in range(3):
        rh.send("POST", USERS, user(f"Zoé{'abc'[number]}", postings=[posted()]))
    with django_assert_num_queries(7):  # client, begin, count, rows, addresses, workplaces, commit
        assert len(rh.send("GET", USERS).json()["Resources"]) == 3
