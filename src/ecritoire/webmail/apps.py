from django.apps import AppConfig


class WebmailConfig(AppConfig):
    name = "ecritoire.webmail"
    label = "webmail"
    verbose_name = "Courrier"
