"""What this room keeps about people beside their mail, which is exported as such."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ecritoire.directory.personal_data import erasable, register_erasure, register_part, table

from .models import Export


def register() -> None:
    register_part(
        table(
            Export,
            _("Exports de vos données"),
            "account__person",
            {
                "created_at": _("Demandé"),
                "purpose": _("Cadre"),
                "parts": _("Contenu"),
                "state": _("État"),
                "last_download_at": _("Téléchargé"),
            },
            computed={"parts": lambda row: row.part_labels},
            purpose__in=(Export.Purpose.OWN, Export.Purpose.RIGHT),
        )
    )
    over = (Export.State.EXPIRED, Export.State.CANCELLED, Export.State.FAILED)
    register_erasure(
        erasable(Export, _("Exports passés"), "account__person", key="past_exports", state__in=over, purpose="own")
    )
