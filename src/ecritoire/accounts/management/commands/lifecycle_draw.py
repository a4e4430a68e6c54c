"""Draw the states of an account in docs/lifecycle.md anew, from accounts/lifecycle.py."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from ecritoire.accounts.lifecycle_drawing import document, drawn_into


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: object, **options: object) -> None:
        path = document()
        path.write_text(drawn_into(path.read_text(encoding="utf-8")), encoding="utf-8")
        self.stdout.write(f"{path}: drawn")
