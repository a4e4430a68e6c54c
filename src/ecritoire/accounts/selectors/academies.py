"""Académies as whoever looks after the installation sees them: figures, never a name."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ecritoire.accounts.client_settings import DnsRecord, dns_records
from ecritoire.accounts.lifecycle import OPEN
from ecritoire.accounts.models import Account, RoleGrant
from ecritoire.common.models import AuditEvent
from ecritoire.common.roles import Role
from ecritoire.directory.models import FeedRun, Organisation, Person, Structure

SELECTOR = "ecritoire"
ACTS = 15


def academy_list() -> QuerySet[Organisation]:
    """With how many people, accounts in use, structures and administrators each has, and its last feed. One query."""
    last = FeedRun.objects.filter(source__organisation=OuterRef("pk")).order_by("-pk")
    grants = RoleGrant.objects.filter(role=Role.ADMINISTRATOR)
    return Organisation.objects.annotate(
        people_count=_count(Person.objects.all(), "organisation"),
        active_count=_count(Account.objects.filter(state__in=OPEN), "person__organisation"),
        structures_count=_count(Structure.objects.all(), "organisation"),
        administrators_count=_count(grants, "account__person__organisation"),
        runs_count=_count(FeedRun.objects.all(), "source__organisation"),
        last_run_at=Subquery(last.values("created_at")[:1]),
        last_run_state=Subquery(last.values("state")[:1]),
    ).order_by("name")


def _count(rows: QuerySet, key: str) -> Coalesce:  # type: ignore[type-arg]
    found = rows.filter(**{key: OuterRef("pk")}).order_by().values(key).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(found, output_field=IntegerField()), 0)


def installation_acts() -> list[AuditEvent]:
    """The latest of the installation as a whole; an académie's are in its own journal."""
    return list(AuditEvent.objects.filter(domain="").order_by("-id")[:ACTS])


def is_served(organisation: Organisation) -> bool:
    """The daemons know it: its pages answer under their name, and its mail is signed."""
    hosts = {settings.CONFIG.site.host, *settings.CONFIG.academy_hosts}
    return organisation.portal_host in hosts and bool(_dkim(organisation))


def dns_wanted(organisation: Organisation) -> list[DnsRecord]:
    """What its zone must hold, mail first."""
    domain = organisation.mail_domain
    records = [
        DnsRecord(domain, "MX", f"10 mail.{settings.MAIL_DOMAIN}."),
        DnsRecord(
            domain,
            "TXT",
            f'"v=spf1 mx include:{settings.MAIL_DOMAIN} -all"' if not organisation.is_own else '"v=spf1 mx -all"',
        ),
        DnsRecord(f"_dmarc.{domain}", "TXT", '"v=DMARC1; p=quarantine"'),
    ]
    key = _dkim(organisation)
    if key:
        parts = " ".join(f'"{key[start : start + 200]}"' for start in range(0, len(key), 200))
        records.append(DnsRecord(f"{SELECTOR}._domainkey.{domain}", "TXT", parts))
    return [*records, *dns_records(organisation)]


def _dkim(organisation: Organisation) -> str:
    """The public key the launcher left beside the private one; empty until it has."""
    path = settings.CONFIG.data_dir / "data" / "dkim" / f"{organisation.mail_domain}.{SELECTOR}.txt"
    return path.read_text() if path.exists() else ""
