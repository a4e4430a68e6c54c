"""The académie that everything belonged to while the installation served one."""

from django.conf import settings
from django.db import connection


def own_organisation() -> int | None:
    """Its key; None on a new installation, which has nothing to give it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM directory_organisation WHERE mail_domain = %s", [settings.MAIL_DOMAIN])
        row = cursor.fetchone()
    return row[0] if row else None
