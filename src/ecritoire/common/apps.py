from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "ecritoire.common"
    label = "common"
    verbose_name = "Commun"
