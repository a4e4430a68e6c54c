from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ecritoire.common.navigation import Entry, register
from ecritoire.common.roles import Action


class PortalConfig(AppConfig):
    name = "ecritoire.portal"
    label = "portal"
    verbose_name = "Portail"

    def ready(self) -> None:
        from . import checks, personal_parts, receivers  # noqa: F401

        register(*ENTRIES)
        personal_parts.register()


ENTRIES = (
    Entry(
        "account",
        90,
        _("Je soupçonne une intrusion"),
        _("Fermer tous les accès et tout vérifier, en quelques minutes."),
        "alert",
        "portal:intrusion",
    ),
    Entry(
        "account",
        60,
        _("Services reliés"),
        _("Qui reçoit des informations sur vous ; le retirer."),
        "external",
        "sso:connected",
    ),
    Entry(
        "console",
        60,
        _("Services"),
        _("Services reliés à l'authentification unique."),
        "external",
        "sso:console",
        Action.SERVICE_MANAGE,
    ),
)
