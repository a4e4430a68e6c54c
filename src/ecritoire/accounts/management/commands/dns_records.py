"""Print the DNS records by which mail applications find the servers (SRV, autoconfig, autodiscover)."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from ecritoire.accounts.client_settings import dns_records
from ecritoire.directory.organisations import organisation_by_address, own_organisation


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--domain", default="", help="the académie's mail domain; the installation's own by default"
        )

    def handle(self, *args: object, domain: str, **options: object) -> None:
        organisation = organisation_by_address(f"@{domain}") if domain else own_organisation()
        if organisation is None:
            raise CommandError(f"no académie has the domain {domain}")
        for record in dns_records(organisation):
            self.stdout.write(str(record))
