from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ecritoire.common.navigation import Entry, register


class MailstoreConfig(AppConfig):
    name = "ecritoire.mailstore"
    label = "mailstore"
    verbose_name = "Boîtes"

    def ready(self) -> None:
        from . import receivers  # noqa: F401

        register(
            Entry(
                "account",
                62,
                _("Fin de contrat"),
                _("Vos dates, votre réponse automatique, un renouvellement."),
                "clock",
                "ending:mine",
            ),
        )
