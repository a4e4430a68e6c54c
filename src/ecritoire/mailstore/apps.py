from django.apps import AppConfig


class MailstoreConfig(AppConfig):
    name = "ecritoire.mailstore"
    label = "mailstore"
    verbose_name = "Boîtes"

    def ready(self) -> None:
        from . import receivers  # noqa: F401
