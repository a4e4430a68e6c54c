"""Who else is told, before it ends, that somebody's right ends: the school, the sponsor. The rooms that know them say so."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ecritoire.directory.models import Person

Witness = Callable[[Person], Iterable[str]]
_witnesses: list[Witness] = []


def register_witness(witness: Witness) -> None:
    """Called from a room's ``AppConfig.ready``; answers with addresses."""
    _witnesses.append(witness)


def witnesses_of(person: Person) -> list[str]:
    return list(dict.fromkeys(address for witness in _witnesses for address in witness(person)))
