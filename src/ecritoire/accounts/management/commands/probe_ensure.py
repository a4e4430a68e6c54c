"""Make the self-check's account when it is missing."""

from django.core.management.base import BaseCommand

from ecritoire.accounts.services import probe_ensure


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: object, **options: object) -> None:
        probe_ensure()
