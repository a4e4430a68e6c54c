"""Give a role to an account, e.g. to the first administrator: role_grant marie.durand@… administrator."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from ecritoire.accounts.models import Account
from ecritoire.accounts.selectors import account_by_login
from ecritoire.accounts.services import role_grant
from ecritoire.common.roles import Role


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("login")
        parser.add_argument("role", choices=Role.values)

    def handle(self, *args: object, **options: str) -> None:
        try:
            account = account_by_login(options["login"])
        except Account.DoesNotExist:
            raise CommandError(f"no account {options['login']}") from None
        role_grant(account=account, role=Role(options["role"]), structure=None, acting_user=None)
        self.stdout.write(f"{account.login}: {options['role']}")
