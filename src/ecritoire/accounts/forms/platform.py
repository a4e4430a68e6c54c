"""Naming an académie's first administrator."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecritoire.common.forms import Form
from ecritoire.directory.organisations import is_ours


class AppointForm(Form):
    given_name = forms.CharField(label=_("Prénom"), max_length=80)
    family_name = forms.CharField(label=_("Nom"), max_length=80)
    employee_number = forms.CharField(
        label=_("Matricule RH"), max_length=32, help_text=_("Le même que dans les flux de l'académie, à venir")
    )
    private_email = forms.EmailField(
        label=_("Adresse personnelle"),
        help_text=_("Le mot de passe temporaire y part ; remettez l'identifiant autrement."),
    )

    def clean_private_email(self) -> str:
        address = str(self.cleaned_data["private_email"])
        if is_ours(address.rpartition("@")[2].lower()):
            raise ValidationError(gettext("Donnez une adresse hors des académies : la boîte n'est pas encore ouverte."))
        return address
