from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ecritoire.common.navigation import Entry, register
from ecritoire.common.roles import Action


class DirectoryConfig(AppConfig):
    name = "ecritoire.directory"
    label = "directory"
    verbose_name = "Annuaire"

    def ready(self) -> None:
        from ecritoire.common.notices import register_notice

        from .feed_notice import feed_notice

        register_notice(feed_notice)
        register(
            Entry(
                "console",
                10,
                _("Personnes"),
                _("Fiches, comptes, affectations."),
                "users",
                "directory:people",
                Action.PERSON_VIEW,
            ),
            Entry(
                "console",
                15,
                _("Structures"),
                _("Établissements et services."),
                "school",
                "directory:structures",
                Action.PERSON_VIEW,
            ),
            Entry(
                "console",
                20,
                _("Import RH"),
                _("Sources, envois, doutes."),
                "upload",
                "directory:feed",
                Action.FEED_IMPORT,
            ),
        )
