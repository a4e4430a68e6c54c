"""The académies an installation serves beside its own. The console makes them, the database holds them; what daemons must
be told of them (names of pages, certificate, DKIM keys) follows at the next ``./ecritoire up``."""

from __future__ import annotations

import json

from pydantic import TypeAdapter, ValidationError

from .daemons.postgres import psql
from .errors import LauncherError
from .site import Academy, Site

KNOWN = "SELECT 1 FROM information_schema.columns WHERE table_name = 'directory_organisation' AND column_name = 'host'"
ROWS = """SELECT coalesce(json_agg(json_build_object('domain', mail_domain, 'host', host) ORDER BY mail_domain), '[]')
FROM directory_organisation WHERE mail_domain <> '{own}'"""


def read(site: Site) -> tuple[Academy, ...]:
    """As the database has them; none before the first migration. What is no host name stays out of every configuration."""
    if not psql(site, KNOWN, "ecritoire"):
        return ()
    rows = json.loads(psql(site, ROWS.format(own=site.config.site.domain), "ecritoire"))
    try:
        return tuple(TypeAdapter(list[Academy]).validate_python(rows))
    except ValidationError as error:
        raise LauncherError(f"an académie in the database cannot be served: {error.errors()[0]['msg']}") from error
