from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecritoire.common.forms import Form

from .listing import filters
from .models import Person


class PeopleForm(Form):
    """What narrows the list of people. A value that means nothing is ignored: an address may be old or typed by hand."""

    q = forms.CharField(label=_("Nom, adresse, matricule ou établissement"), required=False, max_length=100)
    school = forms.CharField(label=_("Établissement"), required=False, max_length=100)
    category = forms.ChoiceField(label=_("Catégorie"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = ("", gettext("Toutes"))
        self.fields["category"].choices = [everything, *Person.Category.choices]  # type: ignore[attr-defined]
        for name, item in filters.items():
            choices = [("", gettext("Tous")), *item.choices]
            widget = forms.Select(attrs={"class": "fr-select"})
            self.fields[name] = forms.ChoiceField(label=str(item.label), choices=choices, required=False, widget=widget)
        self.full_clean()

    def value(self, name: str) -> str:
        return str(self.cleaned_data.get(name, ""))

    @property
    def search(self) -> str:
        return self.value("q").strip()

    @property
    def narrows(self) -> bool:
        """Some filter below the search box is in use."""
        return any(self.value(name) for name in self.fields if name != "q")
