"""Write the status page anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from ecritoire.support.status_page import status_publish


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        status_publish()
