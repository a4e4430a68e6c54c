"""One more activated agent, as JSON: somebody a test may lock out without harm. Their alternate address is at partenaire.test."""

import json
import secrets
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from ecritoire.demo.loading import agent_make


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--school", type=int, default=2, help="its rank in the demonstration; 2 has a local contact"
        )

    def handle(self, *args: object, school: int, **options: object) -> None:
        self.stdout.write(json.dumps(agent_make(number=f"D{secrets.randbelow(10**9):09d}", school=school)))
