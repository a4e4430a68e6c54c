"""Print activation letters: letters identifiers|passwords FILE [--structure UAI]. Passwords are made anew each time."""

import os
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from ecritoire.accounts.selectors import activation_pending
from ecritoire.accounts.services import LetterKind, letters_make
from ecritoire.accounts.services.letters import BATCH_LIMIT, LettersRefused
from ecritoire.directory.selectors import structure_by_uai


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=[kind.value for kind in LetterKind])
        parser.add_argument("file", type=Path)
        parser.add_argument("--structure", help="UAI of one school")

    def handle(self, *args: object, kind: str, file: Path, structure: str | None, **options: object) -> None:
        school = structure_by_uai(structure or "")
        if structure and school is None:
            raise CommandError(f"no structure {structure}")
        accounts = list(activation_pending(structure=school))
        for number, start in enumerate(range(0, len(accounts) or 1, BATCH_LIMIT), 1):
            target = file if len(accounts) <= BATCH_LIMIT else file.with_stem(f"{file.stem}-{number}")
            batch = accounts[start : start + BATCH_LIMIT]
            try:
                content = letters_make(accounts=batch, kind=LetterKind(kind), acting_user=None)
            except LettersRefused as error:
                raise CommandError(str(error)) from error
            with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as output:
                output.write(content)
            self.stdout.write(f"{target}: {len(batch)} letters")
