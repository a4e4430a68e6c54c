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

        register(*ENTRIES)
        personal_parts.register()
        register_notice(notice)
        register_panel(person_panel)
        register_column(_("Export"), exports_made)


ENTRIES = (
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
