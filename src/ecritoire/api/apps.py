from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "ecritoire.api"
    label = "api"
    verbose_name = "API"
