"""Access policies."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.models import AccessPolicy
from ecritoire.common.forms import Form

SecondFactor = AccessPolicy.SecondFactor


class PolicyForm(Form):
    """What is asked of one population."""

    second_factor = forms.ChoiceField(label=_("Double authentification"), choices=SecondFactor.choices)
    second_factor_from = forms.DateField(
        label=_("Obligatoire à partir du"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    trusted_days = forms.IntegerField(
        label=_("Appareil de confiance, en jours"), min_value=0, max_value=365, help_text=_("0 : jamais")
    )
    password_preset = forms.ChoiceField(label=_("Mot de passe"), choices=AccessPolicy.PasswordPreset.choices)
    renewal_days = forms.IntegerField(
        label=_("Renouvellement, en jours"), min_value=0, max_value=1095, help_text=_("0 : jamais ; 365 : chaque année")
    )
    password_history = forms.IntegerField(
        label=_("Mots de passe à ne pas reprendre"),
        min_value=0,
        max_value=24,
        help_text=_("Parmi les derniers utilisés"),
    )

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or self.cleaned_data
        if data.get("second_factor") == SecondFactor.REQUIRED and not data.get("second_factor_from"):
            self.add_error("second_factor_from", gettext("Donnez la date à partir de laquelle elle est obligatoire."))
        return data
