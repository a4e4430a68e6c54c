"""What the installation knows about a person, room by room (GDPR, articles 15, 17 and 20).

Each room says, from its ``AppConfig.ready``, what it keeps about people (``Part``), what of it may be erased while they are here
(``Erasure``), and what is left out and why. ``tests/architecture/test_personal_data.py`` finds every model with a path to
a person and fails for one that no room has declared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise

from .models import Person

Text = str | Promise
Row = Mapping[str, object]


@dataclass(frozen=True)
class Part:
    """A table of the archive. ``labels`` names its columns, in order; ``note`` says what it does not show, and why."""

    key: str
    title: Text
    labels: Mapping[str, Text]
    rows: Callable[[Person], Iterable[Row]]
    models: tuple[type[Model], ...] = ()
    note: Text = ""


@dataclass(frozen=True)
class Erasure:
    """Something that may go while the person is still here. ``note`` says what follows from it."""

    key: str
    title: Text
    count: Callable[[Person], int]
    erase: Callable[[Person], int]
    note: Text = ""


parts: dict[str, Part] = {}
erasures: dict[str, Erasure] = {}
left_out: dict[type[Model], str] = {}


def register_part(*added: Part) -> None:
    parts.update({part.key: part for part in added})


def register_erasure(*added: Erasure) -> None:
    erasures.update({erasure.key: erasure for erasure in added})


def leave_out(reason: str, *models: type[Model]) -> None:
    """Of these models nothing is handed over, for this reason (in English: it is the project's, not the person's)."""
    left_out.update(dict.fromkeys(models, reason))


def declared() -> set[type[Model]]:
    """Every model some room has spoken for."""
    return {model for part in parts.values() for model in part.models} | set(left_out)


def table(
    model: type[Model],
    title: Text,
    lookup: str,
    labels: Mapping[str, Text],
    *,
    computed: Mapping[str, Callable[[Any], object]] | None = None,
    note: Text = "",
    **only: object,
) -> Part:
    """The rows of ``model`` that belong to a person, by the path ``lookup``. A column is a field, a path (``service__name``), or
    in ``computed``."""
    how = computed or {}
    related = {name.rpartition("__")[0] for name in labels if "__" in name and name not in how}

    def rows(person: Person) -> Iterable[Row]:
        found = model._default_manager.filter(**{lookup: person.pk}, **only).order_by("pk")
        for row in found.select_related(*related) if related else found:
            yield {name: how[name](row) if name in how else _value(row, name) for name in labels}

    return Part(model._meta.label_lower, title, labels, rows, (model,), note)


def _value(row: Any, path: str) -> object:
    """A choice is given by its words."""
    *steps, last = path.split("__")
    for step in steps:
        row = getattr(row, step) if row is not None else None
    words = getattr(row, f"get_{last}_display", None)
    return str(words()) if words else getattr(row, last, None)


def erasable(
    model: type[Model], title: Text, lookup: str, *, key: str = "", note: Text = "", **only: object
) -> Erasure:
    """All the rows of ``model`` that belong to a person."""

    def rows(person: Person) -> Any:
        return model._default_manager.filter(**{lookup: person.pk}, **only)

    name = key or str(model._meta.model_name)
    return Erasure(name, title, lambda person: rows(person).count(), lambda person: rows(person).delete()[0], note)
