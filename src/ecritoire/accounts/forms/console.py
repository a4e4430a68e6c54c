"""Administration."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecritoire.common.forms import Form
from ecritoire.common.roles import Role
from ecritoire.directory.selectors import structure_choices


class LettersForm(Form):
    structure = forms.ChoiceField(label=_("Établissement"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["structure"].choices = [("", gettext("Tous")), *structure_choices()]  # type: ignore[attr-defined]


class RoleForm(Form):
    role = forms.ChoiceField(label=_("Rôle"), choices=[choice for choice in Role.choices if choice[0] != Role.AGENT])
    structure = forms.ChoiceField(label=_("Établissement"), required=False, help_text=_("Pour un référent numérique"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["structure"].choices = [("", gettext("Tous")), *structure_choices()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or self.cleaned_data
        if data.get("role") == Role.LOCAL_CONTACT and not data.get("structure"):
            self.add_error("structure", gettext("Un référent numérique l'est d'un établissement : choisissez-le."))
        return data
