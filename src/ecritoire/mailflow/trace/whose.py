"""Whose address it is, as often as a line asks: the domains are read once a batch."""

from __future__ import annotations

from dataclasses import dataclass

from ecritoire.directory.models import MailDomain
from ecritoire.directory.organisations import organisations
from ecritoire.mailflow.models import MailTrace

Direction = MailTrace.Direction


@dataclass(frozen=True)
class Domains:
    """The académie of each mail domain, by key."""

    served: dict[str, int]

    @classmethod
    def read(cls) -> Domains:
        more = dict(MailDomain.objects.values_list("domain", "organisation_id"))
        return cls(more | {row.mail_domain: row.pk for row in organisations().values()})

    def of(self, address: str) -> int | None:
        return self.served.get(address.rpartition("@")[2].lower())

    def plain(self, address: str) -> str:
        """In lower case; ours without what follows ``+``."""
        local, _, domain = address.lower().rpartition("@")
        return f"{local.partition('+')[0]}@{domain}" if domain in self.served and local else address.lower()


def direction(sender: int | None, recipient: int | None) -> MailTrace.Direction:
    if sender is None:
        return Direction.IN
    return Direction.OUT if recipient is None else Direction.INTERNAL
