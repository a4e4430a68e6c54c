from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ecritoire.common.navigation import Entry, register
from ecritoire.common.roles import Action


class KnowledgeConfig(AppConfig):
    name = "ecritoire.knowledge"
    label = "knowledge"
    verbose_name = "Aide"

    def ready(self) -> None:
        from . import personal_parts

        personal_parts.register()
        register(
            Entry("services", 80, _("Aide"), _("Guides, questions fréquentes, actualités."), "help", "knowledge:home"),
            Entry(
                "console",
                90,
                _("Rédaction de l'aide"),
                _("Guides, questions fréquentes, actualités à écrire et à relire."),
                "draft",
                "knowledge:desk",
                Action.KNOWLEDGE_WRITE,
            ),
        )
