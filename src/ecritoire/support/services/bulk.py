"""One act on several requests: each by its own service, and what was not possible is reported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from ecritoire.support.models import Ticket

from .merging import Impossible

BULK_LIMIT = 200


@dataclass
class Report:
    done: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def tickets_each(*, tickets: Sequence[Ticket], act: Callable[[Ticket], None]) -> Report:
    """Each in a transaction of its own: one that cannot be changed holds back no other."""
    report = Report()
    for ticket in tickets:
        try:
            with transaction.atomic():
                if ticket.merged_into_id:
                    raise Impossible(_("regroupée avec une autre"))
                act(ticket)
        except Impossible as reason:
            report.refused.append((ticket.number, str(reason)))
        else:
            report.done.append(ticket.number)
    return report
