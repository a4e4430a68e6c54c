"""How dates are written in lists and messages."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


def mail_date(moment: datetime) -> str:
    """As short as stays clear: "14:32", "hier", "12 nov.", "03/02/2024"."""
    local, now = timezone.localtime(moment), timezone.localtime()
    days = (now.date() - local.date()).days
    if days == 0:
        return date_format(local, "H:i")
    if days == 1:
        return _("hier")
    if days > 0 and (local.year == now.year or days < 180):  # noqa: PLR2004 - half a year is still recent
        return date_format(local, "j N").lower()
    return date_format(local, "d/m/Y")


def full_date(moment: datetime) -> str:
    """``mardi 24 novembre 2026 à 14:32``."""
    local = timezone.localtime(moment)
    return _("%(day)s à %(time)s") % {"day": date_format(local, "l j F Y"), "time": date_format(local, "H:i")}


def message_date(moment: datetime) -> str:
    """For a message's head: "aujourd'hui à 14:32", "hier à 9:05", else day and time."""
    local, today = timezone.localtime(moment), timezone.localdate()
    time = date_format(local, "H:i")
    if local.date() == today:
        return _("aujourd'hui à %(time)s") % {"time": time}
    if local.date() == today - timedelta(days=1):
        return _("hier à %(time)s") % {"time": time}
    return _("%(day)s à %(time)s") % {"day": date_format(local, "j F Y"), "time": time}
