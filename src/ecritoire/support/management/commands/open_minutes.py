"""Work out the open time of requests answered or resolved before it was kept on them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from ecritoire.directory.models import Organisation
from ecritoire.support.measuring import measure_past


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        for organisation in Organisation.objects.order_by("pk"):
            self.stdout.write(f"{organisation.name}: {measure_past(organisation.pk)}")
