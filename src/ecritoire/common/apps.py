from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class CommonConfig(AppConfig):
    name = "ecritoire.common"
    label = "common"
    verbose_name = "Commun"


class OurStaticFilesConfig(StaticFilesConfig):
    """Of the official design system, only what its theme loads is collected."""

    ignore_patterns = [  # noqa: RUF012 - Django declares it as a plain list
        *StaticFilesConfig.ignore_patterns,
        "*.map",
        "*.ts",
        "artwork",
        "component",
        "core",
        "analytics",
        "scheme",
        "legacy",
        "page",
        "*.nomodule*",
        "*.module*",
        "*.main*",
        "*.legacy*",
        "favicon",
        "pattern",
        "debug.js",
    ]
