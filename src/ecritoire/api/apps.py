from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ecritoire.common.navigation import Entry, register
from ecritoire.common.roles import Action


class ApiConfig(AppConfig):
    name = "ecritoire.api"
    label = "api"
    verbose_name = "API"

    def ready(self) -> None:
        from . import personal_parts

        personal_parts.register()
        register(*ENTRIES)


ENTRIES = (
    Entry(
        "console",
        25,
        _("Clients de l'API"),
        _("Les logiciels qui alimentent l'annuaire ou travaillent avec l'assistance."),
        "key",
        "api:clients",
        Action.API_MANAGE,
    ),
)
