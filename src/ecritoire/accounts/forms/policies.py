"""Access policies."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.models import AccessPolicy, Population
from ecritoire.common.forms import Form

SecondFactor = AccessPolicy.SecondFactor


class PolicyForm(Form):
    """What is asked of one population."""

    field_order = (
        "password_preset",
        "renewal_days",
        "password_history",
        "second_factor",
        "second_factor_from",
        "trusted_days",
    )

    second_factor = forms.ChoiceField(label=_("Double authentification"), choices=SecondFactor.choices)
    second_factor_from = forms.DateField(
        label=_("Obligatoire à partir du"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    trusted_days = forms.IntegerField(
        label=_("Appareil de confiance (jours)"), min_value=0, max_value=365, help_text=_("0 : jamais")
    )
    password_preset = forms.ChoiceField(label=_("Mot de passe"), choices=AccessPolicy.PasswordPreset.choices)
    renewal_days = forms.IntegerField(
        label=_("Renouvellement (jours)"), min_value=0, max_value=1095, help_text=_("0 : jamais ; 365 : chaque année")
    )
    password_history = forms.IntegerField(
        label=_("Mots de passe retenus"),
        min_value=0,
        max_value=24,
        help_text=_("Les derniers, à ne pas reprendre"),
    )

    def __init__(self, *args: Any, population: Population, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if population == Population.PRIVILEGED:  # never less for those who could open everybody's door
            always = [choice for choice in SecondFactor.choices if choice[0] == SecondFactor.ALWAYS]
            self.fields["second_factor"].choices = always  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or self.cleaned_data
        if data.get("second_factor") == SecondFactor.REQUIRED and not data.get("second_factor_from"):
            self.add_error("second_factor_from", gettext("Donnez la date à partir de laquelle elle est obligatoire."))
        return data
