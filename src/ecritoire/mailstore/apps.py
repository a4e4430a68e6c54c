from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ecritoire.common.navigation import Entry, register
from ecritoire.common.notices import register_notice
from ecritoire.common.roles import Action


class MailstoreConfig(AppConfig):
    name = "ecritoire.mailstore"
    label = "mailstore"
    verbose_name = "Boîtes"

    def ready(self) -> None:
        from ecritoire.accounts.dashboards.ends import register_column
        from ecritoire.directory.panels import register_panel

        from . import personal_parts, receivers  # noqa: F401
        from .export.console import person_panel
        from .export.leaving import exports_made
        from .export.views import notice
        from .views.functional import orphans_notice

        register(*ENTRIES)
        personal_parts.register()
        register_notice(notice)
        register_notice(orphans_notice)
        register_panel(person_panel)
        register_column(_("Export"), exports_made)


ENTRIES = (
    Entry(
        "account",
        62,
        _("Fin de contrat"),
        _("Vos dates, votre réponse automatique, un renouvellement."),
        "clock",
        "ending:mine",
    ),
    Entry(
        "account",
        65,
        _("Boîtes partagées"),
        _("Celles de votre établissement ou de votre service."),
        "users",
        "mailstore:mine-all",
    ),
    Entry(
        "console",
        16,
        _("Boîtes fonctionnelles"),
        _("Établissements, services, centres d'examen : membres et activité."),
        "inbox",
        "mailstore:functional",
        Action.FUNCTIONAL_VIEW,
    ),
    Entry(
        "console",
        7,
        _("Boîtes de l'établissement"),
        _("Qui lit le courrier de votre établissement."),
        "inbox",
        "mailstore:functional",
        Action.SCHOOL_VIEW,
    ),
    Entry(
        "account",
        64,
        _("Exporter mes données"),
        _("Emporter messages, contacts et agendas."),
        "download",
        "exports:index",
    ),
    Entry(
        "console",
        70,
        _("Exports"),
        _("Données remises à une personne ou à sa famille."),
        "download",
        "exports:console",
        Action.EXPORT_MAKE,
    ),
)
