from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ecritoire.common.navigation import Entry, register
from ecritoire.common.roles import Action


class MailflowConfig(AppConfig):
    name = "ecritoire.mailflow"
    label = "mailflow"
    verbose_name = "Flux"

    def ready(self) -> None:
        from . import personal_parts

        personal_parts.register()
        register(
            Entry(
                "console",
                17,
                _("Suivre un message"),
                _("Ce qu'un message est devenu : remis, en attente, refusé, et pourquoi."),
                "sent",
                "mailflow:trace",
                Action.TRACE_VIEW,
            )
        )
