from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "ecritoire.demo"
    label = "demo"
    verbose_name = "Démonstration"
