"""Apply an HR file: feed_import FILE [--structures] [--dry-run]. Exit 1 with each fault by line and column."""

import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from ecritoire.directory.organisations import organisation_by_address
from ecritoire.directory.services import SourceBusy, feed_apply, structures_apply


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a CSV file, or - for standard input")
        parser.add_argument("--structures", action="store_true", help="the file lists structures")
        parser.add_argument(
            "--domain", default="", help="the académie's mail domain; the installation's own by default"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")

    def handle(self, *args: object, file: str, structures: bool, domain: str, dry_run: bool, **options: object) -> None:
        try:
            content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        organisation = organisation_by_address(f"@{domain}") if domain else None
        if domain and organisation is None:
            raise CommandError(f"no académie has the domain {domain}")
        apply = structures_apply if structures else feed_apply
        values = {"dry_run": dry_run, "acting_user": None, "organisation": organisation}
        try:
            report = apply(content=content, file_name=Path(file).name, **values)  # type: ignore[arg-type]
        except SourceBusy as error:
            raise CommandError("another run of this source is at work: try again when it is over") from error
        for fault in report.faults:
            self.stderr.write(f"{file}:{fault.line}: {fault.column or '-'}: {fault.value!r}: {fault.message}")
        if not report.ok:
            raise CommandError(f"{len(report.faults)} faults in {report.rows} rows: nothing was applied")
        counts = ", ".join(f"{kind} {count}" for kind, count in sorted(report.counts.items()))
        self.stdout.write(f"{'would apply' if dry_run else 'applied'}: {counts or 'nothing'} ({report.seconds:.1f} s)")
