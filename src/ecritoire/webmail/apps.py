from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ecritoire.common.navigation import Entry, register


class WebmailConfig(AppConfig):
    name = "ecritoire.webmail"
    label = "webmail"
    verbose_name = "Courrier"

    def ready(self) -> None:
        from . import receivers  # noqa: F401

        register(
            Entry("services", 10, _("Courrier"), _("Lire et écrire vos messages."), "mail", "webmail:inbox"),
            Entry("account", 60, _("Signature"), _("Ce qui termine vos messages."), "draft", "webmail:signature"),
        )
