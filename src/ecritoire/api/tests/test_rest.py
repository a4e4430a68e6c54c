"""The REST call: one person, many, and what is refused."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.utils import timezone

from ecritoire.accounts.models import Account, ApiScope
from ecritoire.api.engine import FEW
from ecritoire.common.models import AuditEvent
from ecritoire.directory.models import DoubtfulMatch, FeedRun, Person, SourceRecord

STAFF = "/api/v1/staff"


@pytest.fixture
def sirh(make_client):
    return make_client("SIRH", ApiScope.STAFF_WRITE)


def person(uai: str = "", **values):
    postings = [{"uai": uai, "function": "Professeure", "starts_on": "2026-09-01"}] if uai else []
    return {"family_name": "Martin", "given_name": "Zoé", "category": "teacher", "postings": postings, **values}


def test_it_works(sirh, schools):
    answer = sirh.send("PUT", f"{STAFF}/7", person(schools[0].uai))
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert told["person"]["login"] == "zoe.martin@ac-valmont.test"
    assert "people_created" in {change["kind"] for change in told["changes"]}
    again = sirh.send("GET", f"{STAFF}/7").json()
    assert again["said"]["postings"][0]["uai"] == schools[0].uai
    assert Account.objects.get(login=told["person"]["login"]).state == Account.State.PROVISIONED


def test_the_same_word_twice_writes_nothing(sirh, schools):
    sirh.send("PUT", f"{STAFF}/7", person(schools[0].uai))
    before = (FeedRun.objects.count(), AuditEvent.objects.count(), Person.objects.get(given_name="Zoé").updated_at)
    again = sirh.send("PUT", f"{STAFF}/7", person(schools[0].uai))
    assert (again.status_code, again.json()["changes"]) == (200, [])
    assert before == (
        FeedRun.objects.count(),
        AuditEvent.objects.count(),
        Person.objects.get(given_name="Zoé").updated_at,
    )


def test_a_change_says_what_it_changed(sirh, schools):
    sirh.send("PUT", f"{STAFF}/7", person(schools[0].uai))
    answer = sirh.send("PUT", f"{STAFF}/7", person(schools[1].uai))
    assert {change["kind"] for change in answer.json()["changes"]} >= {"assignments_created"}


def test_who_is_removed_loses_the_right_and_is_unknown(sirh, schools):
    sirh.send("PUT", f"{STAFF}/7", person(schools[0].uai))
    assert sirh.send("DELETE", f"{STAFF}/7").status_code == 204
    assert not Person.objects.get(given_name="Zoé").has_right
    assert sirh.send("GET", f"{STAFF}/7").status_code == 404
    assert sirh.send("DELETE", f"{STAFF}/7").status_code == 404
    assert sirh.send("PUT", f"{STAFF}/7", person(schools[0].uai)).status_code == 201
    assert Person.objects.filter(given_name="Zoé").count() == 1, "who comes back is the same person"


def test_a_namesake_without_birth_date_is_for_somebody_to_decide(sirh, make_person):
    make_person("Zoé", "Martin")
    answer = sirh.send("PUT", f"{STAFF}/7", person())
    assert (answer.status_code, answer.json()["state"], answer.json()["person"]) == (202, "doubtful", None)
    assert DoubtfulMatch.objects.get().record.external_id == "7"
    assert Person.objects.filter(given_name="Zoé").count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"family_name": ""}, "family_name"),
        ({"birth_date": "31/12/1980"}, "birth_date"),
        ({"category": "king"}, "category"),
        ({"shoe_size": 42}, "shoe_size"),
        ({"postings": [{"uai": "0750001A", "function": "Professeure"}]}, "uai"),
        ({"postings": [{"uai": "0759999G", "function": "Professeure"}]}, "uai"),
        ({"family_name": "a\u0000b"}, "family_name"),
    ],
)
def test_what_is_wrong_is_named(sirh, schools, change, field):
    answer = sirh.send("PUT", f"{STAFF}/7", person() | change)
    assert answer.status_code == 422, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert field in {error["field"].rpartition(".")[2] for error in answer.json()["errors"]}
    assert not Person.objects.filter(given_name="Zoé").exists()


def lines(*rows):
    return "\n".join(json.dumps(row) for row in rows)


def post(client, text, query=""):
    return client.generic("POST", f"{STAFF}{query}", text, content_type="application/x-ndjson")


def test_a_batch_is_shown_then_applied_whole(sirh, schools):
    rows = lines(
        *(person(schools[0].uai, external_id=str(n), given_name=name) for n, name in enumerate(["Léa", "Tom"]))
    )
    shown = post(sirh, rows, "?dry_run=true").json()
    assert (shown["created"], shown["dry_run"]) == (2, True)
    assert not Person.objects.filter(family_name="Martin").exists()
    done = post(sirh, rows).json()
    assert (done["created"], done["state"]) == (2, "applied")
    assert Person.objects.filter(family_name="Martin").count() == 2


def test_a_batch_with_a_fault_changes_nothing_and_says_the_line(sirh, schools):
    rows = lines(person(schools[0].uai, external_id="1"), person(external_id="2", birth_date="hier"))
    answer = post(sirh, rows)
    assert answer.status_code == 422
    assert [(error["line"], error["field"]) for error in answer.json()["errors"]] == [(2, "birth_date")]
    assert not Person.objects.filter(family_name="Martin").exists()


def test_a_batch_that_sends_half_away_waits_for_the_console(sirh, schools):
    people = [person(schools[0].uai, external_id=str(n), given_name=name) for n, name in enumerate(["Léa", "Tom"])]
    post(sirh, lines(*people))
    answer = post(sirh, lines({"external_id": "0", "removed": True}))
    assert answer.status_code == 409, answer.content
    assert answer.json()["report"]["brakes"][0]["kind"] == "departures"
    assert Person.objects.get(given_name="Léa").has_right


def test_a_day_of_departures_has_an_end(sirh, schools):
    names = [f"{a}{b}" for a in "LMN" for b in "abcd"]
    post(sirh, lines(*(person(schools[0].uai, external_id=name, given_name=name) for name in names)))
    SourceRecord.objects.update(created_at=timezone.now() - dt.timedelta(days=2))
    statuses = [sirh.send("DELETE", f"{STAFF}/{name}").status_code for name in names]
    assert statuses == [204] * FEW + [409] * (len(names) - FEW)
    assert Person.objects.filter(family_name="Martin", right_until=None).count() == len(names) - FEW
    assert sirh.send("PUT", f"{STAFF}/{names[-1]}", person()).status_code == 409, "without any posting: the same"
    assert sirh.send("PUT", f"{STAFF}/{names[-1]}", person(schools[1].uai)).status_code == 200, "a move ends nobody"


def test_too_many_lines_or_none(sirh):
    assert post(sirh, "").status_code == 400
    assert post(sirh, "{}\n" * 5001).status_code == 413


def test_who_may(sirh, make_client, schools):
    reader = make_client("Lecteur", ApiScope.STAFF_READ)
    scim = make_client("SCIM", ApiScope.SCIM_WRITE)
    assert reader.send("PUT", f"{STAFF}/7", person()).status_code == 403
    assert post(reader, lines(person(external_id="7"))).status_code == 403
    assert reader.send("GET", f"{STAFF}/7").status_code == 404
    assert scim.send("GET", f"{STAFF}/7").status_code == 403
    sirh.send("PUT", f"{STAFF}/7", person(schools[0].uai))
    assert reader.send("GET", f"{STAFF}/7").status_code == 404, "another client's people are unknown"
    assert sirh.send("PATCH", f"{STAFF}/7", {}).status_code == 405


def test_the_document_says_what_comes_in(browser):
    document = browser.get("/api/openapi.json").json()
    assert set(document["paths"]) >= {"/api/v1/staff", "/api/v1/staff/{external_id}"}
    assert "birth_date" in document["components"]["schemas"]["StaffIn"]["properties"]
