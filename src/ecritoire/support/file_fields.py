"""Several files in a form, each refusal naming its file."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecritoire.mailflow.antivirus import AntivirusUnavailable, virus_in

logger = logging.getLogger(__name__)
MEBI = 1024 * 1024
FILES, FILE_MEGABYTES, TOTAL_MEGABYTES = 10, 10, 20


@dataclass(frozen=True)
class Upload:
    name: str
    content: bytes


WORDS = {
    "hint": gettext_lazy("Vous pouvez aussi les déposer sur le formulaire, ou les y coller."),
    "removes": gettext_lazy("Retirer {name}"),
    "added": gettext_lazy("{name} est joint."),
    "removed": gettext_lazy("{name} n'est plus joint."),
    "pasted": gettext_lazy("capture"),
    "too-many": gettext_lazy("{given} fichiers : {count} au plus."),
    "empty": gettext_lazy("« {name} » est vide."),
    "too-large": gettext_lazy("« {name} » dépasse {each} Mo."),
    "too-heavy": gettext_lazy("Ces fichiers dépassent {total} Mo ensemble."),
}
"""What ``files.js`` says before anything is sent; the form says the same, and checks again."""


class FilesInput(forms.FileInput):
    allow_multiple_selected = True

    def __init__(self) -> None:
        limits = {"data-count": FILES, "data-each": FILE_MEGABYTES, "data-total": TOTAL_MEGABYTES}
        super().__init__(
            attrs={"data-files": True, **limits, **{f"data-{name}": words for name, words in WORDS.items()}}
        )

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class FilesField(forms.FileField):
    """Its value is a list of ``Upload``, empty without a file."""

    widget = FilesInput

    def __init__(self) -> None:
        help_text = gettext_lazy("%(count)s fichiers au plus, %(each)s Mo chacun, %(total)s Mo ensemble.")
        limits = {"count": FILES, "each": FILE_MEGABYTES, "total": TOTAL_MEGABYTES}
        super().__init__(label=gettext_lazy("Pièces jointes"), required=False, help_text=help_text % limits)

    def clean(self, data: Any, initial: Any = None) -> list[Upload]:
        given: list[UploadedFile[Any]] = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        errors = _refusals(given)
        if errors:
            raise forms.ValidationError(errors)
        uploads = [Upload(file.name or "", file.read()) for file in given]
        errors = [error for upload in uploads if (error := _unsafe(upload))]
        if errors:
            raise forms.ValidationError(errors)
        return uploads


def _refusals(given: list[UploadedFile[Any]]) -> list[str]:
    if len(given) > FILES:
        return [_("%(given)s fichiers : %(count)s au plus.") % {"given": len(given), "count": FILES}]
    errors = [_("« %(name)s » est vide.") % {"name": file.name} for file in given if not file.size]
    errors += [
        _("« %(name)s » dépasse %(each)s Mo.") % {"name": file.name, "each": FILE_MEGABYTES}
        for file in given
        if (file.size or 0) > FILE_MEGABYTES * MEBI
    ]
    if not errors and sum(file.size or 0 for file in given) > TOTAL_MEGABYTES * MEBI:
        errors.append(_("Ces fichiers dépassent %(total)s Mo ensemble.") % {"total": TOTAL_MEGABYTES})
    return errors


def _unsafe(upload: Upload) -> str:
    try:
        virus = virus_in(upload.content)
    except AntivirusUnavailable:
        logger.exception("the antivirus could not scan an uploaded file")
        return _(
            "« %(name)s » n'a pas pu être vérifié par l'antivirus : réessayez plus tard, ou envoyez sans ce fichier."
        ) % {"name": upload.name}
    return _("« %(name)s » contient un virus (%(virus)s).") % {"name": upload.name, "virus": virus} if virus else ""
