"""What ``/api/openapi.json`` says of requests and incidents."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from ecritoire.api.rest.openapi import IDEMPOTENCY, Chapter, problems, ref
from ecritoire.api.rest.openapi import answer as told

from . import schemas
from .schemas import IncidentQuery, TicketQuery

ETAG = {"ETag": {"description": "the version read, for If-Match", "schema": {"type": "string"}}}
LOCATION = {"Location": {"description": "where it is", "schema": {"type": "string"}}}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": "The ETag seen last: 412 when it has changed since.",
    "schema": {"type": "string"},
}


def _path(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": schema}


NUMBER = _path("number", {"type": "string", "pattern": schemas.NUMBER, "examples": ["2026-000123"]})
ID = _path("id", {"type": "integer", "minimum": 1, "maximum": 10**18 - 1})


def _query(model: type[BaseModel]) -> list[dict[str, Any]]:
    """One parameter a field, none of them needed."""
    drawn = model.model_json_schema(ref_template="#/components/schemas/{model}")["properties"]
    parameters = []
    for name, schema in drawn.items():
        kind = next((one for one in schema.get("anyOf", ()) if one.get("type") != "null"), schema)
        kept = {key: value for key, value in kind.items() if key not in {"title", "default"}}
        parameters.append({"name": name, "in": "query", "schema": kept})
    return parameters


def _call(name: str, summary: str, tag: str, *parameters: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"operationId": name, "summary": summary, "tags": [tag], "parameters": list(parameters), **more}


def _body(name: str) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": ref(name)}}}


def _done(text: str, name: str, *headers: dict[str, Any]) -> dict[str, Any]:
    found = told(text, name)
    return (
        found | {"headers": {key: value for header in headers for key, value in header.items()}} if headers else found
    )


LISTED = problems(_400="A parameter that is none", _404="A cursor that is none")
READ = problems(_404="Unknown in this académie")
KEY = "An Idempotency-Key that is none"
WRITTEN = problems(
    _400=KEY,
    _404="Unknown in this académie",
    _409="It names somebody or something the académie does not have; or the Idempotency-Key served for another call",
    _412="Changed since",
    _413="Too long",
    _422="Refused, field by field",
)
MADE = {code: text for code, text in WRITTEN.items() if code not in {"404", "412"}}
CHANGED = {code: text for code, text in WRITTEN.items() if code != "400"}
T, N = "tickets", "incidents"

TICKETS = {
    "/api/v1/tickets": {
        "get": _call(
            "tickets_list", "Requests of the académie, the newest first", T, *_query(TicketQuery),
            responses={"200": told("A page", "TicketPage"), **LISTED},
        ),
        "post": _call(
            "ticket_open", "Open a request for a person", T, IDEMPOTENCY, requestBody=_body("TicketIn"),
            responses={"201": _done("Opened", "TicketOut", ETAG, LOCATION), **MADE},
        ),
    },
    "/api/v1/tickets/{number}": {
        "get": _call(
            "ticket_read", "A request", T, NUMBER, responses={"200": _done("The request", "TicketOut", ETAG), **READ}
        ),
        "patch": _call(
            "ticket_change", "Change its state, priority, kind or who has it", T, NUMBER, IF_MATCH,
            requestBody=_body("TicketChange"), responses={"200": _done("Changed", "TicketOut", ETAG), **CHANGED},
        ),
    },
    "/api/v1/tickets/{number}/messages": {
        "get": _call(
            "messages_list", "What was said to and by the person after the first text; notes are not told", T, NUMBER,
            responses={"200": told("All of it, the oldest first", "MessageList"), **READ},
        ),
        "post": _call(
            "message_say", "Answer the person, or add a note among support", T, NUMBER, IDEMPOTENCY, IF_MATCH,
            requestBody=_body("MessageIn"), responses={"201": _done("Said", "MessageOut", ETAG), **WRITTEN},
        ),
    },
}  # fmt: skip
INCIDENTS = {
    "/api/v1/incidents": {
        "get": _call(
            "incidents_list", "Incidents and maintenances of the académie, the newest first", N, *_query(IncidentQuery),
            responses={"200": told("A page", "IncidentPage"), **LISTED},
        ),
        "post": _call(
            "incident_declare", "Declare an incident, or announce a maintenance", N, IDEMPOTENCY,
            requestBody=_body("IncidentIn"),
            responses={"201": _done("Declared", "IncidentOut", ETAG, LOCATION), **MADE},
        ),
    },
    "/api/v1/incidents/{id}": {
        "get": _call(
            "incident_read", "An incident", N, ID, responses={"200": _done("The incident", "IncidentOut", ETAG), **READ}
        )
    },
    "/api/v1/incidents/{id}/updates": {
        "get": _call(
            "updates_list", "What was said of it", N, ID,
            responses={"200": told("All of it, the newest first", "UpdateList"), **READ},
        ),
        "post": _call(
            "incident_tell", "Say where it stands; « resolved » ends it", N, ID, IDEMPOTENCY, IF_MATCH,
            requestBody=_body("UpdateIn"), responses={"201": _done("Told", "UpdateOut", ETAG), **WRITTEN},
        ),
    },
    "/api/v1/status": {
        "get": _call(
            "status_read", "What the status page says", N, responses={"200": told("Now", "StatusOut"), **problems()}
        )
    },
}  # fmt: skip
CHAPTERS = (
    Chapter(
        T,
        "Requests for help of the académie.",
        TICKETS,
        said=(schemas.TicketIn, schemas.TicketChange, schemas.MessageIn),
        told=(schemas.TicketOut, schemas.TicketPage, schemas.MessageOut, schemas.MessageList),
    ),
    Chapter(
        N,
        "Incidents, maintenances, and what the status page says.",
        INCIDENTS,
        said=(schemas.IncidentIn, schemas.UpdateIn),
        told=(schemas.IncidentOut, schemas.IncidentPage, schemas.UpdateOut, schemas.UpdateList, schemas.StatusOut),
    ),
)
