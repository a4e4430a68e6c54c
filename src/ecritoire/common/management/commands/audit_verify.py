"""Verify the audit journal; exit 1 with the first entry that does not hold."""

from __future__ import annotations

import json

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ecritoire.common.audit import Checkpoint, Fault, audit_verify


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--checkpoint", default="", help="ID:DIGEST of an entry seen before, kept elsewhere")
        parser.add_argument("--only-after", action="store_true", help="read only what follows the checkpoint")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: object, **options: str) -> None:
        checkpoint = _checkpoint(options["checkpoint"])
        found = audit_verify(checkpoint=checkpoint, only_after=bool(options["only_after"]))
        if found.fault:
            raise CommandError(_sentence(found.fault))
        if options["json"]:
            head = {"last_id": found.head.last_id, "digest": found.head.digest}
            self.stdout.write(json.dumps({"entries": found.entries, **head}))
        else:
            self.stdout.write(f"{found.entries} entries, the chain holds")


def _checkpoint(text: str) -> Checkpoint | None:
    if not text:
        return None
    number, _, digest = text.partition(":")
    if not number.isdecimal() or not digest:
        raise CommandError(f"--checkpoint is ID:DIGEST, not {text!r}")
    return Checkpoint(int(number), digest)


def _sentence(fault: Fault) -> str:
    if fault.entry is None:
        return f"the journal was cut off at its end: {fault.reason}"
    entry = fault.entry
    return f"the chain breaks at entry {entry.pk} ({entry.at:%Y-%m-%d %H:%M:%S}, {entry.action}): {fault.reason}"
