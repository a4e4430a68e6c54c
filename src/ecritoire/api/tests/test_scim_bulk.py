"""Many SCIM operations in one call."""

from __future__ import annotations

from ecritoire.accounts.models import ApiScope
from ecritoire.api.scim.schemas import BULK_OPERATIONS
from ecritoire.api.tests.conftest import user
from ecritoire.directory.models import Person

BULK = "/scim/v2/Bulk"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"


def bulk(*operations, **options):
    return {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": list(operations), **options}


def made(bulk_id: str, given: str, **values):
    return {"method": "POST", "path": "/Users", "bulkId": bulk_id, "data": user(given, **values)}


def statuses(answer) -> list[str]:
    return [operation["status"] for operation in answer.json()["Operations"]]


def test_it_works(rh, schools):
    group = {"schemas": [GROUP], "displayName": "Pôle", "members": [{"value": "bulkId:z"}]}
    answer = rh.send(
        "POST", BULK, bulk({"method": "POST", "path": "/Groups", "bulkId": "g", "data": group}, made("z", "Zoé"))
    )
    assert (answer.status_code, statuses(answer)) == (200, ["201", "201"]), answer.content
    person = Person.objects.get(given_name="Zoé")
    assert person.assignments.get().structure.name == "Pôle"


def test_half_of_it_fails_and_the_other_half_is_done(rh, schools):
    answer = rh.send("POST", BULK, bulk(made("a", "Léa"), made("b", "Tom", userType="king"), made("c", "Zoé")))
    assert statuses(answer) == ["201", "400", "201"]
    assert "userType" in answer.json()["Operations"][1]["response"]["detail"]
    assert sorted(Person.objects.filter(family_name="Martin").values_list("given_name", flat=True)) == ["Léa", "Zoé"]


def test_it_stops_at_the_number_of_errors_asked_for(rh, schools):
    wrong = made("a", "Léa", userType="king")
    answer = rh.send("POST", BULK, bulk(wrong, made("b", "Tom"), failOnErrors=1))
    assert statuses(answer) == ["400"]
    assert not Person.objects.filter(given_name="Tom").exists()


def test_its_limits(rh):
    answer = rh.send("POST", BULK, bulk(*(made(str(n), "Zoé") for n in range(BULK_OPERATIONS + 1))))
    assert answer.status_code == 413
    assert not Person.objects.filter(given_name="Zoé").exists()


def test_a_reader_does_none_of_it(make_client):
    reader = make_client("Lecteur", ApiScope.SCIM_READ)
    assert statuses(reader.send("POST", BULK, bulk(made("a", "Léa")))) == ["403"]
