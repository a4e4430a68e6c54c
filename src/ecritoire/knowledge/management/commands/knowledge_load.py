"""Bring the shipped help up to date; what an académie has rewritten stays as it is."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from ecritoire.knowledge.services.shipped import shipped_load


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        counts = shipped_load()
        self.stdout.write(", ".join(f"{name} {count}" for name, count in counts.items()))
