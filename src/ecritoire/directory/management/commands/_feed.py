"""What ``feed_plan`` and ``feed_apply`` have in common."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ecritoire.directory.feed.table import Fault, Unreadable
from ecritoire.directory.models import FeedSource
from ecritoire.directory.selectors import feed_source_by_slug
from ecritoire.directory.services import SourceBusy, organisation_ensure
from ecritoire.directory.services.arrivals import Outcome

WAITING = 3
EXITS = {"refused": 1, "waiting": WAITING}


class FeedCommand(BaseCommand):
    carry_out: Callable[..., Outcome]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="an AAF folder, a zip of one, or a CSV file")
        parser.add_argument("--source", help="the slug of the source; by default the one it fits")
        parser.add_argument("--json", action="store_true", help="print counts, names and faults as JSON")

    def handle(self, *args: object, path: Path, **options: Any) -> None:
        source = self._source(options["source"])
        organisation = source.organisation if source else organisation_ensure()
        chosen = {"confirmed": True} if options.get("confirm") else {}
        try:
            outcome = type(self).carry_out(
                path=path, organisation=organisation, acting_user=None, source=source, **chosen
            )
        except Unreadable as error:
            self._unreadable(error.fault, as_json=options["json"])
        except SourceBusy as error:
            raise CommandError("another run of this source is at work: try again when it is over") from error
        self._print(outcome, as_json=options["json"])
        if status := EXITS.get(outcome.state):
            sys.exit(status)

    def _source(self, slug: str | None) -> FeedSource | None:
        if slug is None:
            return None
        found = feed_source_by_slug(slug)
        if found is None:
            raise CommandError(f"--source: there is no source {slug!r}")
        return found

    def _unreadable(self, fault: Fault, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(
                json.dumps({"state": "refused", "refused": 1, "faults": [vars(fault)]}, ensure_ascii=False)
            )
            sys.exit(1)
        raise CommandError(f"{fault.value}: {fault.message}")

    def _print(self, outcome: Outcome, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(outcome.as_json(), ensure_ascii=False))
            return
        for slug, name, report in outcome.reports:
            for fault in report.faults:
                where = fault.file or name
                self.stderr.write(f"{where}:{fault.line}: {fault.column or '-'}: {fault.value!r}: {fault.message}")
            for brake in report.brakes:
                self.stderr.write(
                    f"{slug}: {brake['kind']}: {brake['count']} of {brake['known']}, beyond {brake['limit']} %"
                )
            counts = ", ".join(f"{kind} {count}" for kind, count in sorted(report.counts.items()))
            self.stdout.write(
                f"{slug}: {name}: {report.state or 'unchanged'}: {counts or 'nothing'} ({report.seconds:.1f} s)"
            )
        if outcome.state == "waiting":
            self.stderr.write("stopped by a brake: confirm on the run's page, or run it again with --confirm")
