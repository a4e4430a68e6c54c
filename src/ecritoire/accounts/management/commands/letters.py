"""Print activation letters: letters identifiers|passwords FILE [--structure UAI]. Passwords are made anew each time."""

import os
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from ecritoire.accounts.selectors import activation_pending
from ecritoire.accounts.services import LetterKind, letters_make
from ecritoire.accounts.services.letters import BATCH_LIMIT, LettersRefused
from ecritoire.directory.organisations import organisation_by_address
from ecritoire.directory.selectors import structure_by_uai
from ecritoire.directory.services import organisation_ensure


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=[kind.value for kind in LetterKind])
        parser.add_argument("file", type=Path)
        parser.add_argument("--structure", help="UAI of one school")
        parser.add_argument(
            "--domain", default="", help="the académie's mail domain; the installation's own by default"
        )

    def handle(
        self, *args: object, kind: str, file: Path, structure: str | None, domain: str, **options: object
    ) -> None:
        own = organisation_ensure() if not domain else organisation_by_address(f"@{domain}")
        if own is None:
            raise CommandError(f"no académie has the domain {domain}")
        school = structure_by_uai(structure or "", organisation=own.pk)
        if structure and school is None:
            raise CommandError(f"no structure {structure}")
        accounts = list(activation_pending(organisation=own.pk, structure=school))
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
