"""Load the demonstration académie; again: nothing changes."""

from django.core.management.base import BaseCommand

from ecritoire.demo.loading import demo_load


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: object, **options: object) -> None:
        demo_load(say=self.stdout.write)
