"""Print the DNS records by which mail applications find the servers (SRV, autoconfig, autodiscover)."""

from django.core.management.base import BaseCommand

from ecritoire.accounts.client_settings import dns_records


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: object, **options: object) -> None:
        for record in dns_records():
            self.stdout.write(str(record))
