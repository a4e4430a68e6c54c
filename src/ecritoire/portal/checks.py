"""Mistakes in the settings of the single sign-on, told at start."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register("portal")
def upstream_check(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    upstream = settings.CONFIG.upstream
    files = {"client_secret_file": upstream.client_secret_file, "ca_file": upstream.ca_file}
    if not upstream.issuer:
        return []
    return [
        Error(
            f"upstream.{name}: {path} cannot be read by the service user",
            hint="Give the file to the user ecritoire, mode 0400, and run ./ecritoire up.",
            id="portal.E001",
        )
        for name, path in files.items()
        if path and not os.access(path, os.R_OK)
    ]
