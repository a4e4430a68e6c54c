"""Write everything the installation knows about a person as an archive (GDPR, article 15): personal_data_access LOGIN --out DIR."""

import os
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from ecritoire.accounts.models import Account
from ecritoire.accounts.selectors import account_by_login
from ecritoire.accounts.services.privacy import personal_data_archive


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("login")
        parser.add_argument("--out", type=Path, required=True, help="a folder the service user may write to")

    def handle(self, *args: object, login: str, out: Path, **options: object) -> None:
        try:
            account = account_by_login(login)
        except Account.DoesNotExist:
            raise CommandError(f"no account {login}") from None
        path = out / f"donnees-{account.login.partition('@')[0]}.zip"
        try:
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        with os.fdopen(file, "wb") as target:
            rows = personal_data_archive(account=account, target=target, acting_user=None)
        self.stdout.write(f"{path}: {rows} rows")
