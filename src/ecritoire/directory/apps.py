from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "ecritoire.directory"
    label = "directory"
    verbose_name = "Annuaire"
