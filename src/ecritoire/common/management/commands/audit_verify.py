"""Verify the audit log's chain; exit 1 with the first broken entry."""

from django.core.management.base import BaseCommand, CommandError

from ecritoire.common.selectors import audit_first_broken, audit_list


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: object, **options: object) -> None:
        broken = audit_first_broken()
        if broken is not None:
            raise CommandError(
                f"the chain breaks at entry {broken.pk} ({broken.at:%Y-%m-%d %H:%M:%S}, {broken.action})"
            )
        self.stdout.write(f"{audit_list().count()} entries, the chain holds")
