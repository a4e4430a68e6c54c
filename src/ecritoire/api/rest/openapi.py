"""The REST call's OpenAPI document: the schemas are those that check what comes in."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from pydantic.json_schema import models_json_schema

from .records import RemovalLine, StaffIn, StaffLine

TEMPLATE = "#/components/schemas/{model}"
NAMED: dict[str, Any] = {"type": ["string", "null"]}


def ref(name: str) -> dict[str, str]:
    return {"$ref": TEMPLATE.format(model=name)}


def _answer(description: str, name: str | None = None, media: str = "application/json") -> dict[str, Any]:
    content = {"content": {media: {"schema": ref(name)}}} if name else {}
    return {"description": description, **content}


def _problems(**texts: str) -> dict[str, Any]:
    usual = {
        "401": "No token, or one that is worth nothing",
        "403": "A scope is missing, or the address is not admitted",
        "429": "Too many wrong tokens from this address",
    }
    every = usual | {code.removeprefix("_"): text for code, text in texts.items()}
    return {code: _answer(text, "Problem", "application/problem+json") for code, text in every.items()}


CHANGE = {
    "type": "object",
    "required": ["kind", "label", "before", "after"],
    "properties": {name: {"type": "string"} for name in ("kind", "label", "before", "after")},
}
OUTCOME = {
    "type": "object",
    "description": "What this client said, and what became of it, whatever other sources say.",
    "required": ["external_id", "state", "said", "person"],
    "properties": {
        "external_id": {"type": "string"},
        "state": {"enum": ["applied", "doubtful"]},
        "said": {"type": "object"},
        "person": {
            "type": ["object", "null"],
            "properties": {
                "login": NAMED,
                "addresses": {"type": "array", "items": {"type": "string"}},
                "account_state": NAMED,
                "right_from": NAMED,
                "right_until": NAMED,
            },
        },
        "changes": {"type": "array", "items": ref("Change")},
    },
}
COUNTS = ("rows", "created", "changed", "ended", "doubtful", "unchanged", "refused")
REPORT = {
    "type": "object",
    "required": [*COUNTS, "state", "dry_run", "changes"],
    "properties": {
        **{name: {"type": "integer"} for name in COUNTS},
        "state": {"type": "string"},
        "run": {"type": ["integer", "null"]},
        "seconds": {"type": "number"},
        "kinds": {"type": "object"},
        "brakes": {"type": "array"},
        "dry_run": {"type": "boolean"},
        "changes": {"type": "array", "items": ref("Change"), "description": "the first 1000"},
    },
}
PROBLEM = {
    "type": "object",
    "description": "RFC 9457",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "report": {"type": "object"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {
                    "line": {"type": "integer"},
                    "field": {"type": "string"},
                    "message": {"type": "string"},
                    "value": {"type": "string"},
                },
            },
        },
    },
}
ONE = {
    "parameters": [
        {
            "name": "external_id",
            "in": "path",
            "required": True,
            "description": "the client's own key of the person",
            "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": r"^[^\x00-\x1f/]+$"},
        }
    ],
    "get": {
        "operationId": "staff_read",
        "summary": "What this client said of a person, and what became of it",
        "responses": {
            "200": _answer("Known", "Outcome"),
            **_problems(_400="A key that is none", _404="Unknown to this client"),
        },
    },
    "put": {
        "operationId": "staff_say",
        "summary": "Say all there is to say of a person; said again, it changes nothing",
        "requestBody": {"required": True, "content": {"application/json": {"schema": ref("StaffIn")}}},
        "responses": {
            "200": _answer("Said before; ``changes`` says what is new", "Outcome"),
            "201": _answer("Said for the first time", "Outcome"),
            "202": _answer("An administrator must say whether it is somebody known already", "Outcome"),
            **_problems(
                _400="A key that is none",
                _413="Too long",
                _422="Refused, field by field",
                _503="Another call is at work",
            ),
        },
    },
    "delete": {
        "operationId": "staff_remove",
        "summary": "This client no longer knows the person: the right it gave ends, nothing is erased",
        "responses": {
            "204": _answer("Done"),
            **_problems(
                _400="A key that is none", _404="Unknown to this client", _422="Refused", _503="Another call is at work"
            ),
        },
    },
}
MANY = {
    "post": {
        "operationId": "staff_batch",
        "summary": "Say many people at once, whole or not at all; whom it does not name stays as they were",
        "parameters": [
            {
                "name": "dry_run",
                "in": "query",
                "description": "only say what would change",
                "schema": {"type": "string", "enum": ["true", "false", "1", "0", ""]},
            }
        ],
        "requestBody": {
            "required": True,
            "description": "At most 5000 lines, each a StaffLine or a RemovalLine.",
            "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
        },
        "responses": {
            "200": _answer("Applied, or what would be", "Report"),
            **_problems(
                _400="No line, or a wrong parameter",
                _409="Too many departures or new addresses: an administrator must confirm",
                _413="Too many lines",
                _422="Refused, line by line",
                _503="Another call is at work",
            ),
        },
    }
}


@cache
def document() -> dict[str, Any]:
    models = [(model, "validation") for model in (StaffIn, StaffLine, RemovalLine)]
    _names, schemas = models_json_schema(models, ref_template=TEMPLATE)  # type: ignore[arg-type]
    ours = {"Outcome": OUTCOME, "Change": CHANGE, "Report": REPORT, "Problem": PROBLEM}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Écritoire: staff",
            "version": "1",
            "description": "Tell the directory who works where, until when. For SCIM 2.0 see /scim/v2/.",
        },
        "servers": [{"url": settings.CONFIG.base_url}],
        "security": [{"token": []}],
        "paths": {"/api/v1/staff/{external_id}": ONE, "/api/v1/staff": MANY},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": schemas["$defs"] | ours,
        },
    }


def openapi(request: HttpRequest) -> JsonResponse:
    """Open to anybody: it tells nothing but what this documentation tells."""
    return JsonResponse(document())
