from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ecritoire.common.forms import Form
from ecritoire.directory.models import Organisation, Structure

from .incidents import Notice
from .models import Incident

MOMENT = {"type": "datetime-local"}
FORMAT = "%Y-%m-%dT%H:%M"


def moment(label: Any, help_text: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs=MOMENT, format=FORMAT)
    return forms.DateTimeField(label=label, required=False, widget=widget, input_formats=[FORMAT], help_text=help_text)


class IncidentForm(Form):
    title = forms.CharField(
        label=_("Titre"), max_length=160, help_text=_("Ce que les gens constatent : « Le webmail ne s'ouvre pas ».")
    )
    severity = forms.ChoiceField(label=_("Gravité"), choices=Incident.Severity)
    text = forms.CharField(
        label=_("Message"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Ce que l'on sait, ce que l'on fait, quand la suite sera dite."),
    )
    starts_at = moment(_("Début"), _("Vide : maintenant. Une date à venir annonce l'incident ou la maintenance."))
    ends_at = moment(_("Fin prévue"), _("Une maintenance se termine alors d'elle-même."))
    structures = forms.ModelMultipleChoiceField(
        label=_("Seulement pour"),
        queryset=Structure.objects.none(),
        required=False,
        help_text=_("Rien de choisi : toute l'académie."),
        widget=forms.SelectMultiple(attrs={"size": 6, "class": "fr-select"}),
    )
    is_public = forms.BooleanField(
        label=_("Montrer aussi avant la connexion et sur la page d'état"), required=False, initial=True
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["structures"].queryset = organisation.structures.order_by("name")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        starts, ends = data.get("starts_at"), data.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("La fin précède le début."))
        if data.get("severity") == Incident.Severity.MAINTENANCE and not ends:
            self.add_error("ends_at", _("Une maintenance a une fin prévue."))
        return data

    @property
    def notice(self) -> Notice:
        """Of a valid form."""
        data = self.cleaned_data
        return Notice(
            title=data["title"],
            text=data["text"],
            severity=Incident.Severity(data["severity"]),
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            is_public=data["is_public"],
        )


class UpdateForm(Form):
    state = forms.ChoiceField(
        label=_("État"), choices=[choice for choice in Incident.State.choices if choice[0] != Incident.State.PLANNED]
    )
    text = forms.CharField(label=_("Message"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class AttachForm(Form):
    incident = forms.ModelChoiceField(
        label=_("Incident"), queryset=Incident.objects.none(), required=False, empty_label=_("aucun")
    )

    def __init__(self, *args: Any, incidents: QuerySet[Incident], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["incident"].queryset = incidents  # type: ignore[attr-defined]
