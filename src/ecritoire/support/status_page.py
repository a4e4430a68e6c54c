"""The status page and its feed: files that nginx serves even when the portal is down."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from ecritoire.directory.models import Organisation

from .models import Incident

SHOWN = dt.timedelta(days=90)


def status_folder() -> Path:
    return Path(settings.STATIC_ROOT) / "etat"


def status_publish() -> None:
    """Write the pages of each académie: the installation's own at ``/etat/``, the others' at ``/etat/<domain>/``."""
    for organisation in Organisation.objects.all():
        _publish(organisation, status_folder() / ("" if organisation.is_own else organisation.mail_domain))


def status_path(organisation: Organisation) -> str:
    """Where an académie's status page is, on any host."""
    return "/etat/" if organisation.is_own else f"/etat/{organisation.mail_domain}/"


def _publish(organisation: Organisation, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    since = timezone.now() - SHOWN
    rows = Incident.objects.filter(organisation=organisation, is_public=True).prefetch_related("updates")
    incidents = list(rows.exclude(resolved_at__lt=since).order_by("-starts_at"))
    context = {
        "organisation": organisation,
        "present": [row for row in incidents if row.state not in {Incident.State.RESOLVED, Incident.State.PLANNED}],
        "planned": [row for row in incidents if row.state == Incident.State.PLANNED],
        "past": [row for row in incidents if row.is_over],
        "now": timezone.now(),
        "address": f"{organisation.base_url}{status_path(organisation)}",
        "base_url": organisation.base_url,
        "site_theme": organisation.theme,
    }
    with translation.override("fr"):
        for name, template in (("index.html", "status.html"), ("flux.xml", "status.xml")):
            _replace(folder / name, render_to_string(f"support/{template}", context))


def _replace(path: Path, text: str) -> None:
    """Readers see the old file or the new one, never a half."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(name).chmod(0o644)
    Path(name).replace(path)
