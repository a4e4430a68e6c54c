"""Mail applications."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from .base import ReauthenticateForm


class AppPasswordForm(ReauthenticateForm):
    name = forms.CharField(
        label=_("Nom de l'application"), max_length=80, help_text=_("Par exemple : Thunderbird sur mon portable")
    )
    field_order = ("name", "current_password")
