"""Which services a person may enter."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from ecritoire.accounts.models import Account
from ecritoire.directory.models import Structure

from .models import Service


def structures_now(account: Account) -> QuerySet[Structure]:
    """Where the person works today."""
    today = timezone.localdate()
    current = Q(assignments__starts_on__lte=today) & (
        Q(assignments__ends_on__isnull=True) | Q(assignments__ends_on__gte=today)
    )
    return Structure.objects.filter(current, assignments__person_id=account.person_id).distinct().order_by("uai")


def services_open_to(account: Account) -> QuerySet[Service]:
    """Enabled services whose conditions on role, category and structure ``account`` meets, in the portal's order."""
    by_role = Q(roles=[]) | Q(roles__overlap=sorted(account.roles))
    by_category = Q(audience=[]) | Q(audience__contains=[account.person.category])
    by_structure = Q(structures__isnull=True) | Q(structures__in=structures_now(account).values("pk"))
    offered = services_of(account.organisation_id)
    return offered.filter(by_role, by_category, by_structure, enabled=True).distinct()


def services_of(organisation: int) -> QuerySet[Service]:
    """Those an académie connected, and those the installation offers it."""
    offered = Q(academies__isnull=True) | Q(academies=organisation)
    return Service.objects.filter(Q(organisation=organisation) | Q(organisation=None) & offered).distinct()


def service_open_to(*, service: Service, account: Account) -> bool:
    return services_open_to(account).filter(pk=service.pk).exists()
