"""What this room keeps about people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ecritoire.directory.personal_data import erasable, register_erasure, register_part, table

from .models import Opinion


def register() -> None:
    fields = {"article__slug": _("Page"), "helped": _("Utile"), "text": _("Texte"), "updated_at": _("Date")}
    register_part(table(Opinion, _("Avis sur les pages d'aide"), "account__person", fields))
    register_erasure(erasable(Opinion, _("Avis sur les pages d'aide"), "account__person"))
