"""What goes into an archive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecritoire.common.forms import Form
from ecritoire.mailstore.models import Export
from ecritoire.mailstore.models.export import Part, every_part

from .reader import StoredFolder
from .services import Choice


def _date(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )


class ExportForm(Form):
    """One's own archive."""

    parts = forms.MultipleChoiceField(
        label=_("Que voulez-vous emporter ?"),
        choices=Part.choices,
        initial=every_part,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choisissez au moins une chose à emporter.")},
    )
    mail_format = forms.ChoiceField(
        label=_("Format des messages"),
        choices=Export.Format.choices,
        initial=Export.Format.MBOX,
        widget=forms.RadioSelect,
    )
    since = _date(_("Messages arrivés depuis le"))
    until = _date(_("Jusqu'au"))
    folders = forms.MultipleChoiceField(
        label=_("Seulement ces dossiers"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Aucun coché : tous les dossiers."),
    )

    def __init__(self, *args: Any, folders: Sequence[StoredFolder], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = [(folder.pk, f"{folder.label} ({folder.messages})") for folder in folders]
        self.fields["folders"].choices = chosen  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or self.cleaned_data
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            self.add_error("until", gettext("La fin de la période précède son début."))
        return data

    def choice(self) -> Choice:
        data = self.cleaned_data
        return Choice(
            parts=data["parts"],
            mail_format=data["mail_format"],
            folders=data["folders"],
            since=data["since"],
            until=data["until"],
        )


PURPOSES = [choice for choice in Export.Purpose.choices if choice[0] != Export.Purpose.OWN]


class ExportForForm(ExportForm):
    """Somebody else's, by the DSI: why is part of the act."""

    purpose = forms.ChoiceField(label=_("Cadre"), choices=PURPOSES, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Motif et référence"),
        max_length=300,
        help_text=_("Courrier reçu, numéro de demande, décision… Il est gardé au journal."),
    )
    field_order = ("purpose", "reason")


class PhraseForm(Form):
    phrase = forms.CharField(
        label=_("Phrase de passe"),
        max_length=40,
        help_text=_("Elle vous a été donnée à part, par téléphone ou par courrier."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
