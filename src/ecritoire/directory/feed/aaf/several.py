"""Sets of several schools in one folder: whoever works in two of them is in both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from ecritoire.directory.feed.codec import dumps, loads
from ecritoire.directory.feed.gather import Gatherer
from ecritoire.directory.feed.record import Entry, Removal, StaffRecord
from ecritoire.directory.feed.table import Fault


def merged(entries: Iterable[Entry]) -> Iterator[Entry]:
    """One record a person, with the postings of every school; a removal counts where no school still names the person."""
    with Gatherer() as gathered:
        for entry in entries:
            if isinstance(entry, StaffRecord):
                gathered.add(entry.external_id, dumps(entry), entry.line)
            elif isinstance(entry, Removal):
                gathered.add(entry.external_id, "", entry.line)
            else:
                yield entry
        for key, mentions in gathered.groups():
            records = [loads(mention) for mention in mentions if mention]
            yield from _one(records) if records else [Removal(key)]


def _one(records: list[StaffRecord]) -> Iterator[Entry]:
    first, postings = records[0], dict.fromkeys(records[0].postings)
    for record in records[1:]:
        if _identity(record) != _identity(first):
            message = _("Une autre école de cet envoi donne à cet identifiant un autre nom ou une autre naissance.")
            yield Fault(record.line, "id", record.external_id, message)
        else:
            postings |= dict.fromkeys(record.postings)
    category = "teacher" if any(record.category == "teacher" for record in records) else first.category
    yield replace(first, category=category, postings=tuple(postings))


def _identity(record: StaffRecord) -> tuple[object, ...]:
    return (record.family_name, record.given_name, record.birth_name, record.birth_date)
