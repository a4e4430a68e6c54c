"""Which CSS a message may bring: looks, never reach.

Only listed properties survive, so nothing can leave its place (``position``), run (``behavior``, ``-moz-binding``) or
import; every ``url()`` goes through the caller, which decides what may be loaded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

import tinycss2
from tinycss2.ast import Node

from .mail_allowed import FUNCTIONS, PROPERTIES, VIEWPORT_UNITS

UrlResolver = Callable[[str], str | None]

# Declarations without quotes escapes, comments or functions need no parser; they are nearly all there is in mail.
PLAIN_STYLE = re.compile(r"[a-zA-Z0-9\s:;#%.,!_+-]*")
PLAIN_VIEWPORT = re.compile(r"\d(?:[dsl]?v[hwbi]|vmin|vmax)\b", re.IGNORECASE)


class _RefusedError(Exception):
    """The declaration holds something that is not allowed."""


def clean_style(style: str, resolve: UrlResolver) -> str:
    """The declarations of a ``style`` attribute that are allowed; ``resolve`` maps each URL or refuses it (None)."""
    lowered = style.lower()
    if "url" not in lowered and "\\" not in lowered:
        return _clean_without_urls(style)
    return _clean(style, resolve)


@lru_cache(maxsize=4096)
def _clean_without_urls(style: str) -> str:
    if PLAIN_STYLE.fullmatch(style):
        return ";".join(_plain_declarations(style))
    return _clean(style, lambda url: None)


def _plain_declarations(style: str) -> Iterable[str]:
    for declaration in style.split(";"):
        name, colon, value = declaration.partition(":")
        name, value = name.strip().lower(), value.partition("!")[0].strip()
        if colon and value and name in PROPERTIES and ":" not in value and not PLAIN_VIEWPORT.search(value):
            yield f"{name}:{value}"


def _clean(style: str, resolve: UrlResolver) -> str:
    kept = []
    for node in tinycss2.parse_blocks_contents(style, skip_comments=True, skip_whitespace=True):
        if node.type == "declaration" and node.lower_name in PROPERTIES:
            try:
                kept.append(f"{node.lower_name}:{_value(node.value, resolve).strip()}")
            except _RefusedError:
                continue
    return ";".join(kept)


def _value(tokens: Iterable[Node], resolve: UrlResolver) -> str:
    return "".join(_token(token, resolve) for token in tokens)


def _token(token: Node, resolve: UrlResolver) -> str:
    if token.type == "url":
        return _url(token.value, resolve)
    if token.type == "function":
        return _function(token, resolve)
    if token.type == "() block":
        return f"({_value(token.content, resolve)})"
    if token.type == "comment":
        return " "
    if token.type not in {"ident", "literal", "whitespace", "string", "number", "percentage", "dimension", "hash"}:
        raise _RefusedError
    if token.type == "dimension" and token.lower_unit in VIEWPORT_UNITS:
        raise _RefusedError
    return str(token.serialize())


def _function(token: Node, resolve: UrlResolver) -> str:
    if token.lower_name == "url":
        strings = [argument.value for argument in token.arguments if argument.type == "string"]
        return _url("".join(strings), resolve)
    if token.lower_name not in FUNCTIONS:
        raise _RefusedError
    return f"{token.lower_name}({_value(token.arguments, resolve)})"


def _url(value: str, resolve: UrlResolver) -> str:
    resolved = resolve(value)
    if resolved is None:
        raise _RefusedError
    escaped = re.sub(r'["\\\n\r\f()<>]', lambda match: f"\\{ord(match[0]):x} ", resolved)
    return f'url("{escaped}")'
