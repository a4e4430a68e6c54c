"""What a service may learn of a person. Names are ProConnect's; a service receives those it is registered for, no more."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.models import Account
from ecritoire.portal.models import Service
from ecritoire.portal.selectors import structures_now

Value = str | bool | list[str]


@dataclass(frozen=True)
class Claim:
    """``scopes`` are the OIDC scopes that ask for it; ``saml`` its attribute's friendly name."""

    name: str
    label: str | Promise
    help: str | Promise
    value: Callable[[Account], Value]
    scopes: tuple[str, ...]
    saml: str


def _roles(account: Account) -> Value:
    return sorted(str(role) for role in account.roles)


def _structures(account: Account) -> Value:
    return [structure.uai for structure in structures_now(account)]


CATALOGUE = {
    claim.name: claim
    for claim in (
        Claim(
            "given_name",
            _("Prénom"),
            _("Pour saluer la personne ou signer ses contenus."),
            lambda account: account.person.given_name,
            ("given_name", "profile"),
            "givenName",
        ),
        Claim(
            "usual_name",
            _("Nom d'usage"),
            _("Pour afficher qui a écrit ou déposé quelque chose."),
            lambda account: account.person.family_name,
            ("usual_name", "profile"),
            "sn",
        ),
        Claim(
            "email",
            _("Adresse électronique"),
            _("Pour que le service lui écrive. Ce n'est pas un identifiant stable : elle change avec le nom."),
            lambda account: account.login,
            ("email",),
            "mail",
        ),
        Claim(
            "uid",
            _("Identifiant académique"),
            _("Le même pour tous les services : à n'ouvrir que s'ils doivent rapprocher leurs données."),
            lambda account: account.store_id,
            ("uid",),
            "uid",
        ),
        Claim(
            "siret",
            _("SIRET de l'académie"),
            _("Demandé par les services de l'État. Le même pour tout le monde."),
            lambda account: account.person.organisation.siret,
            ("siret",),
            "siret",
        ),
        Claim(
            "organisation",
            _("Académie"),
            _("Le nom de l'académie de la personne, pour un service qui en sert plusieurs."),
            lambda account: account.person.organisation.name,
            ("organisation",),
            "o",
        ),
        Claim(
            "role",
            _("Rôles"),
            _("Agent, référent numérique, assistance… : pour ouvrir des droits dans le service."),
            _roles,
            ("role",),
            "eduPersonAffiliation",
        ),
        Claim(
            "uai",
            _("Établissements"),
            _("Les codes UAI des structures où la personne exerce aujourd'hui."),
            _structures,
            ("uai",),
            "uai",
        ),
    )
}
CHOICES = [(claim.name, claim.label) for claim in CATALOGUE.values()]
SCOPES = ("openid", *dict.fromkeys(scope for claim in CATALOGUE.values() for scope in claim.scopes))


@cache
def _subject_key() -> bytes:
    return settings.CONFIG.secret("sso-subject-key").encode()


def subject(*, account: Account, service: Service) -> str:
    """The person's identifier in one service: stable, opaque, and different in every other service."""
    return hmac.new(_subject_key(), f"{service.pk}:{account.pk}".encode(), hashlib.sha256).hexdigest()[:40]


def claims_asked(*, service: Service, scopes: Iterable[str]) -> list[str]:
    """Of the claims a service is registered for, those that ``scopes`` ask for."""
    asked = set(scopes)
    return [name for name in service.claims if name in CATALOGUE and asked & set(CATALOGUE[name].scopes)]


def claims_release(*, account: Account, names: Iterable[str]) -> dict[str, Value]:
    """The values, empty ones left out."""
    values = {name: CATALOGUE[name].value(account) for name in names if name in CATALOGUE}
    return {name: value for name, value in values.items() if value}
