"""The way in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ecritoire.common.forms import Form

from .base import password_field


class SignInForm(Form):
    login = forms.CharField(
        label=_("Identifiant"),
        max_length=254,
        help_text=_("prenom.nom, avec ou sans le domaine"),
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
    )
    password = password_field(_("Mot de passe"), "current-password")
    public_computer = forms.BooleanField(
        label=_("Je suis sur un ordinateur partagé"),
        required=False,
        help_text=_("La session se ferme après 15 minutes sans activité, et le navigateur ne garde rien."),
        widget=forms.CheckboxInput(attrs={"data-public-computer": ""}),
    )


class ForgottenForm(Form):
    login = forms.CharField(
        label=_("Identifiant"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
