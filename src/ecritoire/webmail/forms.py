from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ecritoire.common.forms import Form

from .selectors.folders import Folders
from .services.folders import NAME_LENGTH, FolderRefusedError, folder_name


class FolderNameForm(Form):
    name = forms.CharField(label=_("Nom du dossier"), max_length=NAME_LENGTH, strip=True)

    def clean_name(self) -> str:
        try:
            return folder_name(self.cleaned_data["name"])
        except FolderRefusedError as error:
            raise forms.ValidationError(str(error)) from error


class FolderForm(FolderNameForm):
    """A new folder, at the top or inside another of the person's own."""

    parent = forms.ChoiceField(label=_("Placer dans"), required=False)

    def __init__(self, *args: Any, folders: Folders, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(folder.id, f"{'– ' * folder.depth}{folder.name}") for folder in folders.custom()]
        field = self.fields["parent"]
        field.choices = [("", _("Aucun (premier niveau)")), *choices]  # type: ignore[attr-defined]


class AdvancedSearchForm(Form):
    """The search's operators as fields; sent by GET, read by ``ListQuery.from_parameters``."""

    q = forms.CharField(label=_("Contient les mots"), required=False)
    de = forms.CharField(label=_("Expéditeur"), required=False)
    a = forms.CharField(label=_("Destinataire"), required=False)
    objet = forms.CharField(label=_("Objet"), required=False)
    apres = forms.DateField(label=_("Reçu à partir du"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    avant = forms.DateField(label=_("Reçu jusqu'au"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    dossier = forms.ChoiceField(label=_("Où chercher"), required=False)
    pj = forms.BooleanField(label=_("Avec une pièce jointe"), required=False)

    def __init__(self, *args: Any, folders: Folders, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="recherche-%s", **kwargs)
        choices = [(folder.id, f"{'– ' * folder.depth}{folder.label}") for folder in folders]
        field = self.fields["dossier"]
        field.choices = [("", _("Toute la boîte")), *choices]  # type: ignore[attr-defined]
