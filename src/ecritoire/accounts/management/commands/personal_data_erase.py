"""Erase what may go of a person's data while they are here (GDPR, article 17): personal_data_erase LOGIN --what KEY… --reason TEXT.

Without --what, lists what there is to erase and changes nothing.
"""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from ecritoire.accounts.models import Account
from ecritoire.accounts.selectors import account_by_login
from ecritoire.accounts.services.privacy import ErasureHeld, personal_data_erase
from ecritoire.directory.personal_data import erasures


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("login")
        parser.add_argument("--what", nargs="+", default=[], metavar="KEY")
        parser.add_argument("--reason", default="", help="kept in the journal; required with --what")

    def handle(self, *args: object, login: str, what: list[str], reason: str, **options: object) -> None:
        try:
            account = account_by_login(login)
        except Account.DoesNotExist:
            raise CommandError(f"no account {login}") from None
        unknown = sorted(set(what) - set(erasures))
        if unknown:
            raise CommandError(f"--what: unknown {', '.join(unknown)}; known: {', '.join(erasures)}")
        if what and not reason:
            raise CommandError("--reason: say why, e.g. the request's number in the register")
        for key, count in self._erase(account, what, reason).items():
            self.stdout.write(f"{key}: {count}")

    def _erase(self, account: Account, what: list[str], reason: str) -> dict[str, int]:
        if not what:
            return {key: erasure.count(account.person) for key, erasure in erasures.items()}
        try:
            return personal_data_erase(account=account, keys=what, acting_user=None, reason=reason)
        except ErasureHeld:
            raise CommandError(f"{account.login}: under a legal hold, nothing is erased") from None
