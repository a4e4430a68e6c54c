"""Make a staff file and its structures to try an import with: feed_generate FOLDER --rows 2000 [--faults]."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand

from ecritoire.directory.feed.generate import generate


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--rows", type=int, default=2000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--faults", action="store_true")

    def handle(self, *args: object, folder: Path, rows: int, seed: int, faults: bool, **options: object) -> None:
        made = generate(rows=rows, seed=seed, faults=faults)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "structures.csv").write_bytes(made.structures)
        (folder / "personnels.csv").write_bytes(made.staff)
        for line, kind in made.planted:
            self.stdout.write(f"line {line}: {kind}")
        self.stdout.write(f"{folder}/structures.csv, {folder}/personnels.csv: {rows} rows")
