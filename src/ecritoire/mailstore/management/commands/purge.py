"""Purge closed accounts whose retention is over: all of them, or one by its login. Runs every night by itself."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ecritoire.accounts.selectors.lifecycle import purge_due
from ecritoire.mailstore.services_purge import account_purge


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("login", nargs="?", default="")
        parser.add_argument("--dry-run", action="store_true", help="say which, purge nothing")

    def handle(self, *args: object, login: str, dry_run: bool, **options: object) -> None:
        due = purge_due(today=timezone.localdate())
        if login:
            due = due.filter(login=login.lower())
            if not due.exists():
                raise CommandError(f"{login} is not due: not closed, kept until a later day, or under a legal hold")
        for account in due:
            if dry_run:
                self.stdout.write(f"{account.login}: kept until {account.purge_on}")
            else:
                proof = account_purge(account=account, acting_user=None)
                self.stdout.write(f"{account.login}: {proof.counts['messages']} messages, {proof.digest}")
