"""Services of the demonstration's portal. Their names and addresses are invented, and lead nowhere."""

from __future__ import annotations

from typing import Any

from ecritoire.directory.models import Structure
from ecritoire.portal.models import Service
from ecritoire.portal.sso.services import service_create

from .people import SCHOOLS

COMMON: dict[str, Any] = {"order": 100, "roles": [], "audience": [], "structures": [], "claims": [], "is_own": True}
OIDC: dict[str, Any] = {"post_logout_redirect_uris": [], "logout_url": "", "client_type": "confidential"}
LYCEE = 5


def services_make() -> None:
    """Each protocol once, each kind of condition once; those that are there already are left alone."""
    for protocol, values in _described():
        if not Service.objects.filter(name=values["name"]).exists():
            service_create(protocol=protocol, values=COMMON | values, acting_user=None)


def _described() -> list[tuple[Service.Protocol, dict[str, Any]]]:
    diary, rooms, shop = "https://cahier.valmont.test/", "https://salles.valmont.test/", "https://vieux-moulin.test/"
    school = Structure.objects.filter(uai=SCHOOLS[LYCEE].uai)
    return [
        (
            Service.Protocol.OIDC,
            OIDC
            | {
                "name": "Cahier de la Brenelle",
                "description": "Cahier de textes des collèges et lycées.",
                "url": diary,
                "icon": "journal",
                "category": "school_life",
                "audience": ["teacher", "contract"],
                "claims": ["given_name", "usual_name", "uai"],
                "redirect_uris": [f"{diary}retour"],
            },
        ),
        (
            Service.Protocol.CAS,
            {
                "name": "Salles de Sophie-Germain",
                "description": "Réserver une salle ou un chariot de tablettes.",
                "url": rooms,
                "icon": "calendar",
                "category": "school_life",
                "structures": list(school),
                "claims": ["given_name", "usual_name"],
                "addresses": [rooms],
                "single_logout": True,
            },
        ),
        (
            Service.Protocol.OIDC,
            OIDC
            | {
                "name": "Éditions du Vieux-Moulin",
                "description": "Manuels numériques. Service extérieur à l'académie.",
                "url": shop,
                "icon": "image",
                "category": "teaching",
                "claims": ["given_name", "email"],
                "is_own": False,
                "redirect_uris": [f"{shop}connexion"],
            },
        ),
    ]
