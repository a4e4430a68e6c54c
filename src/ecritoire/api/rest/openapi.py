"""The OpenAPI document of the whole REST API: the schemas are those that check what comes in.

A room above adds its paths with ``describe``, from ``AppConfig.ready``; this one describes the calls that feed the directory.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from .records import RemovalLine, StaffIn, StaffLine

TEMPLATE = "#/components/schemas/{model}"
NAMED: dict[str, Any] = {"type": ["string", "null"]}


def ref(name: str) -> dict[str, str]:
    return {"$ref": TEMPLATE.format(model=name)}


def answer(description: str, name: str | None = None, media: str = "application/json") -> dict[str, Any]:
    content = {"content": {media: {"schema": ref(name)}}} if name else {}
    return {"description": description, **content}


def problems(**texts: str) -> dict[str, Any]:
    usual = {
        "401": "No token, or one that is worth nothing",
        "403": "A scope is missing, or the address is not admitted",
        "429": "Too many calls of this client in a minute, or too many wrong tokens from this address",
    }
    every = usual | {code.removeprefix("_"): text for code, text in texts.items()}
    return {code: answer(text, "Problem", "application/problem+json") for code, text in every.items()}


IDEMPOTENCY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A word of the client's own for this call: sent again within a day, it is answered the same and done once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}
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
        "tags": ["staff"],
        "summary": "What this client said of a person, and what became of it",
        "responses": {
            "200": answer("Known", "Outcome"),
            **problems(_400="A key that is none", _404="Unknown to this client"),
        },
    },
    "put": {
        "operationId": "staff_say",
        "tags": ["staff"],
        "summary": "Say all there is to say of a person; said again, it changes nothing",
        "requestBody": {"required": True, "content": {"application/json": {"schema": ref("StaffIn")}}},
        "responses": {
            "200": answer("Said before; ``changes`` says what is new", "Outcome"),
            "201": answer("Said for the first time", "Outcome"),
            "202": answer("An administrator must say whether it is somebody known already", "Outcome"),
            **problems(
                _400="A key that is none",
                _413="Too long",
                _422="Refused, field by field",
                _503="Another call is at work",
            ),
        },
    },
    "delete": {
        "operationId": "staff_remove",
        "tags": ["staff"],
        "summary": "This client no longer knows the person: the right it gave ends, nothing is erased",
        "responses": {
            "204": answer("Done"),
            **problems(
                _400="A key that is none", _404="Unknown to this client", _422="Refused", _503="Another call is at work"
            ),
        },
    },
}
MANY = {
    "post": {
        "operationId": "staff_batch",
        "tags": ["staff"],
        "summary": "Say many people at once, whole or not at all; whom it does not name stays as they were",
        "parameters": [
            IDEMPOTENCY,
            {
                "name": "dry_run",
                "in": "query",
                "description": "only say what would change",
                "schema": {"type": "string", "enum": ["true", "false", "1", "0", ""]},
            },
        ],
        "requestBody": {
            "required": True,
            "description": "At most 5000 lines, each a StaffLine or a RemovalLine.",
            "content": {"application/x-ndjson": {"schema": {"type": "string", "minLength": 1, "pattern": r"\S"}}},
        },
        "responses": {
            "200": answer("Applied, or what would be", "Report"),
            **problems(
                _400="No line, or a wrong parameter",
                _409="Too many departures or new addresses: an administrator must confirm",
                _413="Too many lines",
                _422="Refused, line by line",
                _503="Another call is at work",
            ),
        },
    }
}


@dataclass(frozen=True)
class Chapter:
    """What one room adds: ``said`` are the models of what comes in, ``told`` of what goes out."""

    name: str
    description: str
    paths: Mapping[str, Any]
    said: Iterable[type[BaseModel]] = ()
    told: Iterable[type[BaseModel]] = ()
    schemas: Mapping[str, Any] = field(default_factory=dict)


STAFF = Chapter(
    "staff",
    "Tell the directory who works where, until when. For SCIM 2.0 see /scim/v2/.",
    {"/api/v1/staff/{external_id}": ONE, "/api/v1/staff": MANY},
    said=(StaffIn, StaffLine, RemovalLine),
    schemas={"Outcome": OUTCOME, "Change": CHANGE, "Report": REPORT, "Problem": PROBLEM},
)
_chapters: list[Chapter] = [STAFF]


def describe(chapter: Chapter) -> None:
    """Called from a room's ``AppConfig.ready``."""
    _chapters.append(chapter)
    document.cache_clear()


def _models(chapter: Chapter) -> list[tuple[type[BaseModel], Literal["validation", "serialization"]]]:
    said: Literal["validation"] = "validation"
    told: Literal["serialization"] = "serialization"
    return [*((model, said) for model in chapter.said), *((model, told) for model in chapter.told)]


@cache
def document() -> dict[str, Any]:
    models = [pair for chapter in _chapters for pair in _models(chapter)]
    _names, schemas = models_json_schema(models, ref_template=TEMPLATE)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Écritoire",
            "version": "1",
            "summary": "Staff, requests for help, incidents.",
            "description": "Every call carries the token of a client of one académie, and sees that académie alone.",
        },
        "servers": [{"url": settings.CONFIG.base_url}],
        "security": [{"token": []}],
        "tags": [{"name": chapter.name, "description": chapter.description} for chapter in _chapters],
        "paths": {path: item for chapter in _chapters for path, item in chapter.paths.items()},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": schemas["$defs"]
            | {name: item for chapter in _chapters for name, item in chapter.schemas.items()},
        },
    }


def openapi(request: HttpRequest) -> JsonResponse:
    """Open to anybody: it tells nothing but what this documentation tells."""
    return JsonResponse(document())
