from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ecritoire.common.forms import Form


class UploadForm(Form):
    kind = forms.ChoiceField(
        label=_("Contenu"),
        choices=[("staff", _("Personnels et affectations")), ("structures", _("Établissements et services"))],
    )
    file = forms.FileField(label=_("Fichier CSV"), widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}))
