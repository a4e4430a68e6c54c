from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ecritoire.common.navigation import Entry, register
from ecritoire.common.roles import Action


class ForumConfig(AppConfig):
    name = "ecritoire.forum"
    label = "forum"
    verbose_name = "Forum"

    def ready(self) -> None:
        from ecritoire.common.backlinks import register_backlink
        from ecritoire.common.notices import register_notice
        from ecritoire.mailflow.letterbox import register_letterbox

        from . import letters, personal_parts, receivers  # noqa: F401
        from .news import article_backlink, notice, ticket_backlink
        from .selectors import flags_count

        personal_parts.register()
        register_notice(notice)
        register_backlink("support.Ticket", ticket_backlink)
        register_backlink("knowledge.Article", article_backlink)
        register_letterbox(letters.BOX, letters.letter_take)
        register(
            Entry("services", 85, _("Forum"), _("Questions et réponses entre collègues."), "users", "forum:home"),
            Entry(
                "console",
                95,
                _("Modération du forum"),
                _("Messages signalés, rubriques, membres."),
                "flag",
                "forum:desk",
                Action.FORUM_MODERATE,
                waiting=flags_count,
            ),
        )
