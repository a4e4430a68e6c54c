from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ecritoire.common.navigation import Entry, register
from ecritoire.common.roles import Action


class SupportConfig(AppConfig):
    name = "ecritoire.support"
    label = "support"
    verbose_name = "Assistance"

    def ready(self) -> None:
        from ecritoire.api.rest.openapi import describe
        from ecritoire.common.banners import register_banner
        from ecritoire.directory.panels import register_panel
        from ecritoire.mailflow.letterbox import register_letterbox

        from . import personal_parts, receivers, telling  # noqa: F401
        from .api.openapi import CHAPTERS
        from .banners import incident_banner
        from .letters import letter_take
        from .selectors import contact_count, line_count, proposals_count, urgent_count
        from .views.panel import person_panel

        register_panel(person_panel)
        personal_parts.register()
        register_banner(incident_banner)
        for chapter in CHAPTERS:
            describe(chapter)
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
                3,
                _("Demandes de ma discipline"),
                _("Les questions pédagogiques qui vous sont adressées."),
                "tasks",
                "support:line-queue",
                Action.TICKET_SPECIALIST,
                waiting=line_count,
            ),
            Entry(
                "console",
                5,
                _("Réglages de l'assistance"),
                _("Les lignes, les règles, les délais, le calendrier, l'astreinte."),
                "settings",
                "support:desk-settings",
                Action.DESK_MANAGE,
            ),
            Entry(
                "console",
                7,
                _("Statistiques de l'assistance"),
                _("Ce qui est demandé, les délais, ce qui attend, semaine par semaine."),
                "list",
                "support:statistics",
                Action.STATISTICS_VIEW,
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
                "account",
                75,
                _("Notifications"),
                _("Être prévenu aussitôt par votre navigateur."),
                "alert",
                "support:notifications",
            ),
            Entry(
                "console",
                26,
                _("Webhooks"),
                _("Les logiciels avertis des demandes et des incidents."),
                "external",
                "support:webhooks",
                Action.API_MANAGE,
            ),
            Entry(
                "console",
                5,
                _("Réponses prêtes"),
                _("Les textes avec lesquels l'assistance répond."),
                "reply",
                "support:ready-answers",
                Action.TICKET_HANDLE,
            ),
            Entry(
                "console",
                6,
                _("Demandes de l'établissement"),
                _("Où en sont les demandes de vos collègues."),
                "tasks",
                "support:school-queue",
                Action.TICKET_RELAY,
                waiting=contact_count,
            ),
        )
