"""A file of a set as a stream of requests: never the file in memory, nothing fetched, no entity expanded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from django.utils.translation import gettext as _
from lxml import etree

from ecritoire.directory.feed.encoding import encoding_of
from ecritoire.directory.feed.table import Fault, Unreadable

ADD, MODIFY, DELETE = "addRequest", "modifyRequest", "deleteRequest"
OPERATIONS = (ADD, MODIFY, DELETE)
ROOT = "ficAlimMENESR"
PROLOG_SIZE = 4096
LAST_LINE = 65_535
COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
DOCTYPE = re.compile(rb"<!DOCTYPE\s+([^\s>\[]+)[^>\[]*([>\[])")
START = re.compile(rb"<([A-Za-z_][\w.:-]*)")
Refuse = Callable[[int, str, str, str], None]
"""Told of line, attribute, value and message of what is wrong."""


class _Entity(Exception):
    """A value holds something else than text, such as an entity, which nothing here expands: a piece would be lost."""


@dataclass(slots=True)
class Attribute:
    """``operation`` is that of a modification: replace, add or delete."""

    values: list[str]
    line: int
    operation: str = "replace"


@dataclass(slots=True)
class Request:
    operation: str
    line: int
    category: str = ""
    identifier: str = ""
    attributes: dict[str, list[Attribute]] = field(default_factory=dict)

    def first(self, name: str) -> str:
        found = self.attributes.get(name)
        return found[0].values[0] if found and found[0].values else ""

    def values(self, name: str) -> list[str]:
        return [value for attribute in self.attributes.get(name, ()) for value in attribute.values]

    def line_of(self, name: str) -> int:
        found = self.attributes.get(name)
        return found[0].line if found else self.line


def requests(path: Path) -> Iterator[Request | Fault]:
    """The file's requests, in its order. Raises Unreadable, with the line, when the file cannot be read to its end."""
    _check_prolog(path)
    with path.open("rb") as content:
        encoding = encoding_of(content, path.name)
    stream = etree.iterparse(
        path,
        events=("end",),
        tag=(*OPERATIONS, ROOT),
        encoding=encoding,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )
    try:
        for _event, element in stream:
            if element.tag == ROOT:
                yield from (_unknown(child, path.name) for child in element if child.tag not in OPERATIONS)
            elif (parent := element.getparent()) is not None and parent.tag == ROOT:
                yield from _pass(parent, element, path.name)
                yield _request(element)
                element.clear()
    except _Entity as error:
        raise Unreadable(
            _("Une valeur contient autre chose que du texte (balise ou entité) : demandez un nouvel export."),
            error.args[0],
            file=path.name,
        ) from None
    except etree.XMLSyntaxError as error:
        raise Unreadable(
            _("Le XML est incorrect ou tronqué (%(error)s) : demandez un nouvel export.") % {"error": error.msg},
            error.lineno or 0,
            file=path.name,
        ) from error


def _check_prolog(path: Path) -> None:
    with path.open("rb") as stream:
        prolog = COMMENT.sub(b"", stream.read(PROLOG_SIZE))
    match = DOCTYPE.search(prolog)
    root = START.search(prolog, match.end() if match else 0)
    for what, found in (("DOCTYPE", match), (_("premier élément"), root)):
        if found is None or found[1] != ROOT.encode():
            raise Unreadable(
                _("Le %(what)s attendu est %(root)s (trouvé : %(found)s) : ce n'est pas un fichier AAF.")
                % {"what": what, "root": ROOT, "found": found[1].decode("ascii", "replace") if found else _("aucun")},
                file=path.name,
            )
    if match and match[2] == b"[":
        raise Unreadable(
            _("Le DOCTYPE porte des déclarations : un fichier AAF n'en a pas, celui-ci n'est pas lu."), file=path.name
        )


def _pass(root: etree._Element, element: etree._Element, file: str) -> Iterator[Fault]:
    """Let go of what stands before ``element``: requests already read, and what is no request."""
    while root[0] is not element:
        if root[0].tag not in OPERATIONS:
            yield _unknown(root[0], file)
        del root[0]


def _unknown(element: etree._Element, file: str) -> Fault:
    return Fault(
        _line(element),
        "",
        str(element.tag)[:80],
        _("Opération inconnue ; attendues : %(names)s.") % {"names": ", ".join(OPERATIONS)},
        file,
    )


def _request(element: etree._Element) -> Request:
    request = Request(str(element.tag), _line(element))
    for part in element:
        if part.tag == "operationalAttributes":
            request.category = next((value for item in part for value in _values(item)), "")
        elif part.tag == "identifier":
            request.identifier = (part.findtext("id") or "").strip()
        else:
            for item in part:
                _take(request, item)
    return request


def _take(request: Request, item: etree._Element) -> None:
    attribute = Attribute(_values(item), _line(item), item.get("operation", "replace"))
    request.attributes.setdefault(item.get("name", ""), []).append(attribute)


def _line(element: etree._Element) -> int:
    """Where ``element`` starts. libxml2 keeps sixteen bits of a line; beyond, it tells where the first text inside ends,
    and an empty value has none: that one is counted from what stands before."""
    line = cast("int | None", element.sourceline) or 0  # the stubs have it an ellipsis
    before, parent = element.getprevious(), element.getparent()
    if line > LAST_LINE:
        return line - (element.text or "").count("\n")
    if line == LAST_LINE and before is not None:
        return _line(before) + "".join(map(str, before.itertext())).count("\n") + (before.tail or "").count("\n")
    if line == LAST_LINE and parent is not None:
        return _line(parent) + (parent.text or "").count("\n")
    return line


def _values(item: etree._Element) -> list[str]:
    if any(len(value) for value in item):
        raise _Entity(_line(item))
    return [text for value in item if (text := " ".join((value.text or "").split()))]
