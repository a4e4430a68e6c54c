"""``/api/v1``: another program opens, answers and classes requests, declares and ends incidents; in its own académie only."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from ecritoire.accounts.models import ApiScope
from ecritoire.accounts.services.api_clients import api_client_create
from ecritoire.api.models import KeptAnswer
from ecritoire.api.tasks import forget_answers
from ecritoire.api.tests.conftest import Program
from ecritoire.common.models import AuditEvent
from ecritoire.directory.services import organisation_ensure
from ecritoire.support.incidents import Notice, incident_declare
from ecritoire.support.models import Incident, Ticket
from ecritoire.support.services import ticket_note, ticket_open

TICKETS, INCIDENTS = "/api/v1/tickets", "/api/v1/incidents"
EVERYTHING = (ApiScope.TICKETS_WRITE, ApiScope.INCIDENTS_WRITE)


@pytest.fixture
def make_program(db):
    def make(*scopes, organisation=None, name="GLPI"):
        here = organisation or organisation_ensure()
        return Program(*api_client_create(organisation=here, name=name, scopes=scopes, networks=(), acting_user=None))

    return make


@pytest.fixture
def glpi(make_program):
    return make_program(*EVERYTHING)


def asking(person, **values):
    words = {"kind": "mail", "subject": "Rien ne part", "text": "Depuis ce matin."}
    return {"person": person, **words, **values}


def fields(answer):
    return {error["field"] for error in answer.json()["errors"]}


def test_it_works(glpi, anne, sam, mailoutbox):
    opened = glpi.send("POST", TICKETS, asking(anne.login, contact="01 02 03 04 05", priority="high"))
    assert opened.status_code == 201, opened.content
    place = opened["Location"]
    told = opened.json()
    assert (told["state"], told["priority"], told["channel"]) == ("new", "high", "api")
    assert told["person"] == {"login": anne.login, "name": "Anne Durand", "is_known": True}
    answered = glpi.send("POST", f"{place}/messages", {"text": "Essayez encore.", "state": "waiting"})
    assert (answered.status_code, answered.json()["program"]) == (201, "GLPI")
    changed = glpi.send("PATCH", place, {"priority": "normal", "assignee": sam.login})
    assert (changed.json()["priority"], changed.json()["assignee"], changed.json()["state"]) == (
        "normal", sam.login, "waiting",
    )  # fmt: skip
    ticket = Ticket.objects.get(number=told["number"])
    assert [event.program for event in ticket.events.all()] == ["GLPI"] * 4
    actors = AuditEvent.objects.filter(detail__number=ticket.number).values_list("action", "actor").order_by("pk")
    assert list(actors) == [
        (f"ticket.{act}", glpi.row.login) for act in ("open", "answer", "classify", "assign")
    ]  # fmt: skip
    assert glpi.get(f"{place}/messages").json()["items"][0]["text"] == "Essayez encore."


def test_by_employee_number(glpi, anne):
    told = glpi.send("POST", TICKETS, asking(anne.person.employee_number)).json()
    assert told["person"]["login"] == anne.login


def test_the_desk_names_the_program(glpi, anne, sam, sign_in):
    place = glpi.send("POST", TICKETS, asking(anne.login))["Location"]
    glpi.send("POST", f"{place}/messages", {"text": "Bonjour."})
    assert "GLPI" in sign_in(sam).get(f"/assistance/file/{place.rpartition('/')[2]}/").content.decode()


def test_what_is_wrong_is_named(glpi, anne):
    bad = glpi.send("POST", TICKETS, asking(anne.login, kind="fax", subject=" ", colour="red"))
    assert (bad.status_code, fields(bad)) == (422, {"kind", "subject", "colour"})
    assert bad["Content-Type"] == "application/problem+json"
    assert fields(glpi.send("POST", TICKETS, asking("personne@ac-valmont.test"))) == {"person"}
    query = glpi.get(f"{TICKETS}?state=lost&limit=0&page=2")
    assert (query.status_code, fields(query)) == (400, {"state", "limit", "page"})
    place = glpi.send("POST", TICKETS, asking(anne.login))["Location"]
    assert fields(glpi.send("PATCH", place, {"assignee": anne.login})) == {"assignee"}
    assert glpi.send("PATCH", place, {}).status_code == 422


def test_scopes(make_program, anne):
    reader, told = make_program(ApiScope.TICKETS_READ, name="Lecteur"), make_program(*EVERYTHING, name="GLPI")
    place = told.send("POST", TICKETS, asking(anne.login))["Location"]
    assert reader.get(place).status_code == 200
    for method, path in (("POST", TICKETS), ("PATCH", place), ("POST", f"{place}/messages"), ("GET", INCIDENTS)):
        assert reader.send(method, path, {}).status_code == 403, path
    assert reader.get(place, headers={"authorization": "Bearer nothing"}).status_code == 401
    assert reader.send("DELETE", place)["Allow"] == "GET, PATCH"


def test_notes_and_sign_ins_are_not_told(glpi, anne, sam):
    ticket = ticket_open(kind=Ticket.Kind.MAIL, text="?", account=anne, given={"address": "203.0.113.9"})
    ticket_note(ticket=ticket, acting_user=sam, text="Très secret.")
    place = f"{TICKETS}/{ticket.number}"
    told = glpi.get(place).content + glpi.get(f"{place}/messages").content + glpi.get(TICKETS).content
    assert "secret" not in told.decode()
    assert "203.0.113.9" not in told.decode()
    glpi.send("POST", f"{place}/messages", {"text": "Vu.", "audience": "note"})
    assert ticket.messages.last().audience == "internal"
    assert glpi.get(f"{place}/messages").json()["items"] == []


def test_another_academie_is_unknown(glpi, make_program, rivemont, anne):
    other = make_program(*EVERYTHING, organisation=rivemont, name="Ailleurs")
    place = glpi.send("POST", TICKETS, asking(anne.login))["Location"]
    notice = Notice(title="Panne", text="?", severity=Incident.Severity.MAJOR)
    incident = incident_declare(organisation=organisation_ensure(), notice=notice, acting_user=None)
    for path in (place, f"{place}/messages", f"{INCIDENTS}/{incident.pk}", f"{INCIDENTS}/{incident.pk}/updates"):
        assert other.get(path).status_code == 404, path
    assert other.send("PATCH", place, {"state": "closed"}).status_code == 404
    assert (
        other.send("POST", f"{INCIDENTS}/{incident.pk}/updates", {"state": "resolved", "text": "x"}).status_code == 404
    )
    assert other.get(TICKETS).json()["items"] == other.get(INCIDENTS).json()["items"] == []
    assert other.get("/api/v1/status").json()["state"] == "operational"
    assert fields(other.send("POST", TICKETS, asking(anne.login))) == {"person"}


def test_a_page_after_another_and_nothing_twice(glpi, anne, django_assert_num_queries):
    numbers = [ticket_open(kind=Ticket.Kind.MAIL, text="?", account=anne).number for _ in range(5)]
    seen, cursor = [], ""
    while cursor is not None:
        told = glpi.get(f"{TICKETS}?limit=2&cursor={cursor}").json()
        seen += [row["number"] for row in told["items"]]
        ticket_open(kind=Ticket.Kind.MAIL, text="plus tard", account=anne)
        cursor = told["next"]
    assert seen == numbers[::-1]
    assert glpi.get(f"{TICKETS}?cursor=zzz").status_code == 404
    with django_assert_num_queries(2):  # the token, the page
        glpi.get(TICKETS)


def test_filters(glpi, anne, boris, sam):
    one = ticket_open(kind=Ticket.Kind.MAIL, text="?", account=anne, priority=Ticket.Priority.CRITICAL)
    two = ticket_open(kind=Ticket.Kind.LOCKED, text="?", account=boris)
    glpi.send("PATCH", f"{TICKETS}/{two.number}", {"state": "closed", "assignee": sam.login})

    def found(query):
        return [row["number"] for row in glpi.get(f"{TICKETS}?{query}").json()["items"]]

    assert found("state=open") == found("priority=critical") == found("kind=mail") == [one.number]
    assert found("state=closed") == found(f"assignee={sam.login}") == found(f"person={boris.login}") == [two.number]
    assert found("updated_since=2001-01-01T00:00:00Z") == [two.number, one.number]
    assert found("updated_since=2199-01-01T00:00:00Z") == []


def test_a_change_made_meanwhile_is_not_lost(glpi, anne):
    first = glpi.send("POST", TICKETS, asking(anne.login))
    place, seen = first["Location"], first["ETag"]
    assert glpi.get(place)["ETag"] == seen
    assert glpi.send("PATCH", place, {"state": "in_progress"}, If_Match=seen).status_code == 200
    late = glpi.send("PATCH", place, {"state": "closed"}, If_Match=seen)
    assert (late.status_code, fields(late)) == (412, {"If-Match"})
    assert glpi.get(place).json()["state"] == "in_progress"


def test_a_call_sent_again_is_done_once(glpi, anne, monkeypatch):
    first = glpi.send("POST", TICKETS, asking(anne.login), Idempotency_Key="k1")
    again = glpi.send("POST", TICKETS, asking(anne.login), Idempotency_Key="k1")
    assert (again.json(), again["Location"], again["Idempotency-Replayed"]) == (first.json(), first["Location"], "true")
    assert Ticket.objects.count() == 1
    assert glpi.send("POST", TICKETS, asking(anne.login, text="Autre"), Idempotency_Key="k1").status_code == 409
    assert glpi.send("POST", TICKETS, {}, Idempotency_Key="k2").status_code == 422
    assert glpi.send("POST", TICKETS, asking(anne.login), Idempotency_Key="k2").status_code == 201, (
        "it may be corrected"
    )
    assert glpi.send("POST", TICKETS, asking(anne.login), Idempotency_Key="é").status_code == 400
    monkeypatch.setattr("ecritoire.api.tasks.KEPT", dt.timedelta(minutes=-1))
    forget_answers(0)
    assert not KeptAnswer.objects.exists()


def test_calls_are_counted(glpi, monkeypatch):
    monkeypatch.setattr("ecritoire.api.rest.door.CALLS_A_MINUTE", 2)
    statuses = [glpi.get(TICKETS).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_an_incident_from_end_to_end(glpi, anne, barret, mailoutbox):
    body = {"title": "Webmail lent", "text": "Nous cherchons.", "severity": "major", "structures": [barret.uai]}
    declared = glpi.send("POST", INCIDENTS, body)
    assert (declared.status_code, declared.json()["state"]) == (201, "open")
    place = declared["Location"]
    assert glpi.get("/api/v1/status").json()["state"] == "major"
    assert glpi.send("POST", f"{place}/updates", {"state": "resolved", "text": "Fini."}).status_code == 201
    told = glpi.get(place).json()
    assert (told["state"], [row["text"] for row in told["updates"]]) == ("resolved", ["Fini.", "Nous cherchons."])
    assert glpi.get(f"{INCIDENTS}?state=current").json()["items"] == []
    assert glpi.get("/api/v1/status").json()["state"] == "operational"
    assert set(AuditEvent.objects.filter(target="Webmail lent").values_list("actor", flat=True)) == {glpi.row.login}


def test_an_incident_that_makes_no_sense(glpi):
    body = {"title": "Panne", "text": "?", "severity": "maintenance"}
    assert fields(glpi.send("POST", INCIDENTS, body)) == {"ends_at"}
    unknown = glpi.send("POST", INCIDENTS, body | {"severity": "minor", "structures": ["0000000A"]})
    assert (unknown.status_code, fields(unknown)) == (409, {"structures"})
    assert fields(glpi.send("POST", INCIDENTS, body | {"ends_at": "2026-01-01"})) == {"ends_at"}
    assert not Incident.objects.exists()


def test_the_document_tells_everything(client, glpi):
    told = json.loads(client.get("/api/openapi.json", secure=True).content)
    assert {"/api/v1/staff", TICKETS, f"{INCIDENTS}/{{id}}/updates", "/api/v1/status"} <= set(told["paths"])
    for item in told["paths"].values():
        for method in ("get", "post", "put", "patch", "delete"):
            assert method not in item or item[method]["operationId"]


def test_the_documentation_page(sign_in, admin):
    page = sign_in(admin).get("/api/documentation/").content.decode()
    for words in ("/api/v1/tickets/{number}/messages", "TicketIn", "Idempotency-Key", "/api/v1/staff"):
        assert words in page
