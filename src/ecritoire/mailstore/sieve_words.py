"""A Sieve script (RFC 5228) told in words: what leaves, what is moved, what is thrown away.

Not an interpreter: it names every action of the script, whatever its conditions, so that none goes unseen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.header import decode_header, make_header

from django.utils.translation import gettext as _

TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*|/\*.*?\*/)|(?P<text>text:[^\n]*\n.*?^\.\r?$)|"(?P<string>(?:\\.|[^"\\])*)"|(?P<word>:?\w+)|(?P<sign>[^\s\w])""",
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)


@dataclass(frozen=True)
class Token:
    kind: str
    text: str


@dataclass(frozen=True)
class Deed:
    """One action: its name, tags and strings, in the order they stand."""

    name: str
    tags: frozenset[str]
    strings: tuple[str, ...]


def _redirect(deed: Deed) -> str:
    address = deed.strings[-1] if deed.strings else "?"
    if ":copy" in deed.tags:
        return _("Envoie une copie à %(address)s") % {"address": address}
    return _("Renvoie le courrier à %(address)s, sans le garder") % {"address": address}


def _fileinto(deed: Deed) -> str:
    return _("Range dans « %(folder)s »") % {"folder": deed.strings[-1] if deed.strings else "?"}


def _include(deed: Deed) -> str:
    return _("Applique aussi la règle « %(name)s »") % {
        "name": readable_name(deed.strings[-1] if deed.strings else "?")
    }


def readable_name(stored: str) -> str:
    """The store writes a script's name as in a header (RFC 2047)."""
    return str(make_header(decode_header(stored)))


WORDS: dict[str, Callable[[Deed], str]] = {
    "redirect": _redirect,
    "fileinto": _fileinto,
    "discard": lambda deed: _("Détruit le message sans rien dire"),
    "reject": lambda deed: _("Refuse le message"),
    "ereject": lambda deed: _("Refuse le message"),
    "vacation": lambda deed: _("Répond automatiquement"),
    "include": _include,
    "notify": lambda deed: _("Envoie une notification"),
    "setflag": lambda deed: _("Marque le message (lu, suivi…)"),
    "addflag": lambda deed: _("Marque le message (lu, suivi…)"),
}


def tokens(script: str) -> Iterator[Token]:
    for found in TOKEN.finditer(script):
        kind = found.lastgroup or ""
        if kind == "string":
            yield Token(kind, re.sub(r"\\(.)", r"\1", found["string"]))
        elif kind != "comment":
            yield Token(kind, found[kind])


def deeds(script: str) -> Iterator[Deed]:
    """Each known action up to its semicolon."""
    name, tags, strings = "", set[str](), list[str]()
    for token in tokens(script):
        lowered = token.text.lower()
        if token.kind == "word" and not name and lowered in WORDS:
            name, tags, strings = lowered, set(), []
        elif name and token.kind == "word":
            tags.add(lowered)
        elif name and token.kind == "string":
            strings.append(token.text)
        elif name and token.kind == "sign" and token.text == ";":
            yield Deed(name, frozenset(tags), tuple(strings))
            name = ""


def script_words(script: str) -> list[str]:
    """Every action in a sentence, once each, in the script's order."""
    return list(dict.fromkeys(WORDS[deed.name](deed) for deed in deeds(script)))


def forwards_to(script: str) -> list[str]:
    """The addresses that mail leaves for."""
    return list(dict.fromkeys(deed.strings[-1] for deed in deeds(script) if deed.name == "redirect" and deed.strings))


def included(script: str) -> set[str]:
    """The scripts this one runs too, by the names they have in the store."""
    return {deed.strings[-1] for deed in deeds(script) if deed.name == "include" and deed.strings}
