"""The OpenAPI document as a page reads it: chapters, calls, what each takes and answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .openapi import document

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Item:
    """A parameter, or a field of a body."""

    name: str
    kind: str
    description: str
    is_required: bool
    where: str = ""


@dataclass(frozen=True)
class Answer:
    status: str
    description: str
    schema: str


@dataclass(frozen=True)
class Call:
    key: str
    method: str
    path: str
    summary: str
    parameters: list[Item]
    body: str
    answers: list[Answer]


@dataclass
class Part:
    name: str
    description: str
    calls: list[Call] = field(default_factory=list)


@dataclass(frozen=True)
class Shape:
    name: str
    description: str
    items: list[Item]


def parts() -> list[Part]:
    described = document()
    found = {tag["name"]: Part(tag["name"], tag["description"]) for tag in described["tags"]}
    for path, item in described["paths"].items():
        for method in METHODS:
            if method in item:
                found[item[method]["tags"][0]].calls.append(_call(path, method, item))
    return list(found.values())


def _call(path: str, method: str, item: dict[str, Any]) -> Call:
    told = item[method]
    parameters = [*item.get("parameters", []), *told.get("parameters", [])]
    return Call(
        key=told["operationId"],
        method=method.upper(),
        path=path,
        summary=told["summary"],
        parameters=[
            Item(row["name"], _kind(row["schema"]), row.get("description", ""), row.get("required", False), row["in"])
            for row in parameters
        ],
        body=_content(told.get("requestBody", {})),
        answers=[Answer(code, row["description"], _content(row)) for code, row in told["responses"].items()],
    )


def _content(row: dict[str, Any]) -> str:
    """The schema of what is sent or answered, by name."""
    schemas = [media["schema"] for media in row.get("content", {}).values()]
    return schemas[0].get("$ref", "").rpartition("/")[2] if schemas else ""


def shapes() -> list[Shape]:
    """Every object, field by field."""
    every = document()["components"]["schemas"]
    return [
        Shape(name, schema.get("description", ""), _items(schema))
        for name, schema in sorted(every.items())
        if "properties" in schema
    ]


def _items(schema: dict[str, Any]) -> list[Item]:
    required = schema.get("required", [])
    return [
        Item(name, _kind(row), row.get("description", ""), name in required)
        for name, row in schema["properties"].items()
    ]


def _kind(schema: dict[str, Any]) -> str:
    """In a few words: ``string (date-time)``, ``open | closed``, ``[Posting]``."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_kind(row) for row in schema["anyOf"]))
    if "enum" in schema or "const" in schema:
        return " | ".join(map(str, schema.get("enum", [schema.get("const")])))
    if schema.get("type") == "array":
        return f"[{_kind(schema.get('items', {}))}]"
    kinds = schema.get("type", "")
    name = " | ".join(kinds) if isinstance(kinds, list) else str(kinds)
    return f"{name} ({schema['format']})" if "format" in schema else name
