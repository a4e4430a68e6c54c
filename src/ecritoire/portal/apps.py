from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "ecritoire.portal"
    label = "portal"
    verbose_name = "Portail"
