"""One more activated agent, as JSON: somebody a test may lock out without harm. Their alternate address is at partenaire.test."""

import json
import secrets
from argparse import ArgumentParser
from typing import Any

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
        parser.add_argument("--count", type=int, default=0, help="so many of them, as a list")

    def handle(self, *args: object, count: int, **options: Any) -> None:
        wanted = {name: options[name] for name in ("school", "given_name", "family_name", "newcomer")}
        made = [agent_make(number=f"D{secrets.randbelow(10**9):09d}", **wanted) for _ in range(count or 1)]
        self.stdout.write(json.dumps(made if count else made[0]))
