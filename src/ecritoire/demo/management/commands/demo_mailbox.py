"""Fill one mailbox with generated mail, for measures: demo_mailbox LOGIN --count 20000."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from ecritoire.accounts.models import Account
from ecritoire.accounts.selectors import account_by_login
from ecritoire.demo.filling import mailbox_fill
from ecritoire.demo.messages import Correspondent, generate


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("login")
        parser.add_argument("--count", type=int, default=20_000)

    def handle(self, *args: object, login: str, count: int, **options: object) -> None:
        account = account_by_login(login)
        others = Account.objects.exclude(pk=account.pk).select_related("person")[:50]
        colleagues = [Correspondent(str(other.person), other.login) for other in others]
        messages = generate(
            seed=count,
            now=timezone.localtime(),
            count=count,
            owner=Correspondent(str(account.person), login),
            colleagues=colleagues,
            domain=settings.MAIL_DOMAIN,
        )
        self.stdout.write(f"{mailbox_fill(store_id=account.store_id, messages=messages)} messages")
