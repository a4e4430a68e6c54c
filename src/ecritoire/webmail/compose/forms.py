from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ecritoire.common.forms import Form


class SignatureForm(Form):
    text = forms.CharField(
        label=_("Signature"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
