from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.core.management.base import CommandParser

from ecritoire.accounts.breached import ERROR, SHIPPED, BloomFilter, added_dir, filters
from ecritoire.accounts.services.breached import NotAList, filter_build


class Command(BaseCommand):
    help = "Refuse the passwords of a list (one password, or one SHA-1 digest, a line); without a list, say which are known."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("lists", nargs="*", type=Path, help="text files, or Python packages that hold such texts")
        parser.add_argument("--name", default="added", help="the filter's name: the same name replaces it")
        parser.add_argument("--seen", type=int, default=1, help="of « DIGEST:TIMES » lines, only those seen so often")
        parser.add_argument("--shipped", action="store_true", help="rebuild the filter that comes with the service")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["lists"]:
            self._build(**options)
        for path in [SHIPPED, *sorted(added_dir().glob("*.bloom"))]:
            self.stdout.write(
                f"{path.stem}: {BloomFilter(path).shape.count} passwords, {path.stat().st_size >> 10} KiB"
            )
        self.stdout.write(f"{len(filters())} filters, each wrong about one password in {ERROR}")

    def _build(self, **options: Any) -> None:
        missing = [str(path) for path in options["lists"] if not path.is_file()]
        if missing:
            raise CommandError(f"no such file: {', '.join(missing)}")
        if not options["name"].replace("-", "").isalnum():
            raise CommandError("--name: letters, digits and hyphens only")
        target = SHIPPED if options["shipped"] else added_dir() / f"{options['name']}.bloom"
        try:
            filter_build(sources=options["lists"], target=target, seen=options["seen"])
        except NotAList as error:
            raise CommandError(f"{error}: no password of eight signs or more, and no SHA-1 digest") from error
