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

        parser.add_argument("--given-name", default="Colette")
        parser.add_argument("--family-name", default="", help="made of the number by default")
        parser.add_argument("--newcomer", action="store_true", help="has a temporary password and nothing else")

    def handle(
        self, *args: object, school: int, given_name: str, family_name: str, newcomer: bool, **options: object
    ) -> None:
        made = agent_make(
            number=f"D{secrets.randbelow(10**9):09d}",
            school=school,
            given_name=given_name,
            family_name=family_name,
            newcomer=newcomer,
        )
        self.stdout.write(json.dumps(made))
