"""Whom to sign in as."""

import json
from argparse import ArgumentParser

import pyotp
from django.core.management.base import BaseCommand, CommandError

from ecritoire.demo.printed import people_file


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
    """One line a person; with a second factor, its secret and the code it makes now."""
    return "\n".join(line(person) for person in json.loads(text))


def line(p: dict[str, str]) -> str:
    secret = p["totp_secret"]
    factor = f"{secret} (code {pyotp.TOTP(secret).now()})" if secret else ""
    return f"{p['role']:14} {p['name']:22} {p['sign_in']:38} {p['password']:26} {p['state']:10} {factor}".rstrip()
