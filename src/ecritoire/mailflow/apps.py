from django.apps import AppConfig


class MailflowConfig(AppConfig):
    name = "ecritoire.mailflow"
    label = "mailflow"
    verbose_name = "Flux"
