"""Everything the installation knows about one person, in one archive: JSON for programs, HTML for reading (GDPR, articles 15 and 20)."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from .models import Person
from .personal_data import Part, Row, parts

FILES = ("donnees.json", "donnees.html")


def archive_write(*, person: Person, target: IO[bytes]) -> int:
    """Write the archive; returns how many rows it holds. In French: it is the person's language here."""
    with translation.override("fr"), zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        tables = [(part, [dict(row) for row in part.rows(person)]) for part in parts.values()]
        archive.writestr(FILES[0], _as_json(person, tables))
        archive.writestr(FILES[1], _as_html(person, tables))
    return sum(len(rows) for _part, rows in tables)


def _as_json(person: Person, tables: Iterable[tuple[Part, list[dict[str, object]]]]) -> str:
    content = {
        "person": str(person),
        "controller": person.organisation.name,
        "made_at": timezone.localtime().isoformat(),
        "parts": {part.key: {"title": str(part.title), "note": str(part.note), "rows": rows} for part, rows in tables},
    }
    return json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def _as_html(person: Person, tables: Iterable[tuple[Part, list[dict[str, object]]]]) -> str:
    shown = [
        {"part": part, "head": [str(label) for label in part.labels.values()], "rows": list(_cells(part, rows))}
        for part, rows in tables
    ]
    context = {
        "person": person,
        "tables": shown,
        "officer": settings.CONFIG.privacy.officer,
        "at": timezone.localtime(),
    }
    return render_to_string("directory/personal_data.html", context)


def _cells(part: Part, rows: Iterable[Row]) -> Iterator[list[str]]:
    for row in rows:
        yield [in_words(row.get(name)) for name in part.labels]


def in_words(value: object) -> str:
    """A value as a person reads it."""
    if value is None or value in ("", [], {}):
        return "–"
    words = next((words for kind, words in WORDS if isinstance(value, kind)), str)
    return words(value)


WORDS: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (bool, lambda value: _("oui") if value else _("non")),
    (dt.datetime, lambda value: date_format(timezone.localtime(value), "j F Y H:i")),
    (dt.date, lambda value: date_format(value, "j F Y")),
    (list, lambda value: ", ".join(in_words(item) for item in value)),
    (dict, lambda value: " ; ".join(f"{key} : {in_words(item)}" for key, item in value.items())),
)
