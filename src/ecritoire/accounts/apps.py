from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "ecritoire.accounts"
    label = "accounts"
    verbose_name = "Comptes"

    def ready(self) -> None:
        from . import receivers  # noqa: F401
