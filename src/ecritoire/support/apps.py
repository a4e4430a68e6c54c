from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ecritoire.common.navigation import Entry, register
from ecritoire.common.roles import Action


class SupportConfig(AppConfig):
    name = "ecritoire.support"
    label = "support"
    verbose_name = "Assistance"

    def ready(self) -> None:
        from ecritoire.common.banners import register_banner
        from ecritoire.directory.panels import register_panel
        from ecritoire.mailflow.letterbox import register_letterbox

        from . import personal_parts, receivers  # noqa: F401
        from .banners import incident_banner
        from .letters import letter_take
        from .selectors import proposals_count, urgent_count
        from .views.panel import person_panel

        register_panel(person_panel)
        personal_parts.register()
        register_banner(incident_banner)
        register_letterbox("assistance", letter_take)
        register(
            Entry(
                "account",
                70,
                _("Assistance"),
                _("Demander de l'aide et suivre vos demandes."),
                "help",
                "support:mine",
            ),
            Entry(
                "console",
                1,
                _("Demandes"),
                _("Les demandes d'assistance, les urgentes d'abord."),
                "tasks",
                "support:queue",
                Action.TICKET_HANDLE,
                waiting=urgent_count,
            ),
            Entry(
                "console",
                2,
                _("Incidents"),
                _("Les déclarer, dire où ils en sont, les clore."),
                "alert",
                "support:incidents",
                Action.INCIDENT_MANAGE,
                waiting=proposals_count,
            ),
            Entry(
                "console",
                4,
                _("Téléphone de l'assistance"),
                _("Le numéro, les heures d'ouverture, les fermetures."),
                "phone",
                "support:hotline",
                Action.HOTLINE_MANAGE,
            ),
            Entry(
                "console",
                6,
                _("Demandes de l'établissement"),
                _("Où en sont les demandes de vos collègues."),
                "tasks",
                "support:school-queue",
                Action.TICKET_RELAY,
            ),
        )
