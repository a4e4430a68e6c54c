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


class HelpForm(Form):
    """For whoever cannot get out alone; nothing in it tells whether the account exists."""

    login = forms.CharField(
        label=_("Identifiant"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    contact = forms.CharField(
        label=_("Où vous joindre"), max_length=200, help_text=_("Un téléphone ou une adresse que vous consultez")
    )
    text = forms.CharField(
        label=_("Ce qui se passe"),
        required=False,
        max_length=2000,
        help_text=_("Par exemple : adresse de secours abandonnée, réponse oubliée. Aucun mot de passe."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
