"""Whom to sign in as."""

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from ecritoire.demo.loading import people_file


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: object, json: bool, **options: object) -> None:
        if not people_file().exists():
            raise CommandError("the demonstration is not loaded: run ./ecritoire up --demo")
        text = people_file().read_text()
        self.stdout.write(text if json else table(text))


def table(text: str) -> str:
    people = json.loads(text)
    return "\n".join(f"{p['role']:14} {p['name']:22} {p['sign_in']:38} {p['password']:26} {p['state']}" for p in people)
