from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ecritoire.common.navigation import Entry, register


class PortalConfig(AppConfig):
    name = "ecritoire.portal"
    label = "portal"
    verbose_name = "Portail"

    def ready(self) -> None:
        register(INTRUSION)


INTRUSION = Entry(
    "account",
    90,
    _("Je soupçonne une intrusion"),
    _("Fermer tous les accès et tout vérifier, en quelques minutes."),
    "alert",
    "portal:intrusion",
)
