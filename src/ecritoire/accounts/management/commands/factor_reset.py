"""Remove somebody's second factors when nobody else can, e.g. the only administrator's: factor_reset LOGIN prints the code to enter with."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from ecritoire.accounts.models import Account
from ecritoire.accounts.selectors import account_by_login
from ecritoire.accounts.services.recovery_codes import ENTRY_HOURS
from ecritoire.accounts.services.vouching import factors_reset_on_the_machine


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("login")

    def handle(self, *args: object, login: str, **options: object) -> None:
        try:
            account = account_by_login(login)
        except Account.DoesNotExist:
            raise CommandError(f"no account {login}") from None
        code = factors_reset_on_the_machine(account=account)
        self.stdout.write(f"{account.login}: enter once within {ENTRY_HOURS} hours with {code} after the password")
