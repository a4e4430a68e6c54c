"""Which académies the installation serves. Every page asks: the answer is kept in the cache until one of them changes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from .models import MailDomain, Organisation, Person

KEY, SECONDS = "organisations", 300


def organisations() -> dict[int, Organisation]:
    """All of them, by key, the installation's own first."""
    known: dict[int, Organisation] | None = cache.get(KEY)
    if known is None:
        rows = sorted(Organisation.objects.all(), key=lambda row: (not row.is_own, row.name))
        known = {row.pk: row for row in rows}
        cache.set(KEY, known, SECONDS)
    return known


@receiver((post_save, post_delete), sender=Organisation)
@receiver((post_save, post_delete), sender=MailDomain)
def _forget(**kwargs: Any) -> None:
    cache.delete(KEY)
    transaction.on_commit(partial(cache.delete, KEY))


def served_domains() -> frozenset[str]:
    """The first domain of each."""
    return frozenset(row.mail_domain for row in organisations().values())


def own_organisation() -> Organisation:
    """The installation's own, as ``ecritoire.toml`` names it; not saved yet on the first day."""
    first = next((row for row in organisations().values() if row.is_own), None)
    return first or Organisation(name=settings.SITE_NAME, mail_domain=settings.MAIL_DOMAIN, theme=settings.SITE_THEME)


def organisation_by_host(host: str) -> Organisation:
    """Whose pages ``host`` names; the installation's own for any other."""
    name = host.partition(":")[0].lower()
    return next((row for row in organisations().values() if row.host and row.host == name), None) or own_organisation()


def organisation_by_address(address: str) -> Organisation | None:
    """Whose people have addresses under that domain; None for the rest of the world."""
    domain = address.rpartition("@")[2].lower()
    return next((row for row in organisations().values() if row.mail_domain == domain), None)


def is_ours(domain: str) -> bool:
    """A mail domain of one of the académies, or below one."""
    served = [row.mail_domain for row in organisations().values()] or [settings.MAIL_DOMAIN]
    served += MailDomain.objects.values_list("domain", flat=True)
    return any(domain == name or domain.endswith(f".{name}") for name in served)


def organisation_of_person(person: Person) -> Organisation:
    return organisations().get(person.organisation_id) or person.organisation


def organisation_of(request: HttpRequest) -> Organisation:
    """The signed-in person's own; before that, the one whose pages are asked for."""
    if request.user.is_authenticated:
        return organisation_of_person(request.user.person)
    return organisation_by_host(request.get_host())


class OrganisationMiddleware:
    """``request.organisation``, found when somebody asks for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.organisation = SimpleLazyObject(partial(organisation_of, request))  # type: ignore[attr-defined]
        return self._get_response(request)
