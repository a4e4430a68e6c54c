"""What the person writes as their right ends."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecritoire.common.forms import Form


class AbsenceForm(Form):
    words = forms.CharField(
        label=_("Vos mots"),
        required=False,
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("La date de fin et le contact s'y ajoutent toujours."),
    )
    contact = forms.CharField(
        label=_("À qui écrire désormais"),
        required=False,
        max_length=254,
        help_text=_("Une adresse électronique, par exemple celle de votre établissement ; vide : son nom"),
    )
    wanted = forms.BooleanField(label=_("Répondre dès maintenant, sans attendre la fin du contrat"), required=False)

    def clean_contact(self) -> str:
        contact = str(self.cleaned_data["contact"]).strip()
        if contact:
            try:
                validate_email(contact)
            except ValidationError:
                raise ValidationError(gettext("Ce n'est pas une adresse électronique.")) from None
        return contact


class RenewalForm(Form):
    structure = forms.CharField(label=_("Établissement ou service"), max_length=160)
    starts_on = forms.DateField(
        label=_("À partir du"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=_("Jusqu'au"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note = forms.CharField(
        label=_("Ce que nous devons savoir"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self) -> dict[str, object]:
        data = super().clean() or self.cleaned_data
        starts_on, ends_on = data.get("starts_on"), data.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", gettext("Le dernier jour vient avant le premier."))
        return data
