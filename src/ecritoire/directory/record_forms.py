"""Which records of a person are somebody else's, and whose."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecritoire.common.forms import Form

from .models import Person, SourceRecord

KNOWN, NEW = "known", "new"


class RecordsForm(Form):
    records = forms.ModelMultipleChoiceField(
        SourceRecord.objects.none(),
        label=_("Fiches à donner"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choisissez au moins une fiche.")},
    )
    whose = forms.ChoiceField(
        label=_("Elles parlent"),
        choices=[(KNOWN, _("d'une personne déjà connue")), (NEW, _("d'une personne que l'annuaire ne connaît pas"))],
        widget=forms.RadioSelect,
        initial=KNOWN,
    )
    number = forms.CharField(label=_("Matricule de cette personne connue"), required=False, max_length=64)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["records"].queryset = (  # type: ignore[attr-defined]
            person.source_records.filter(gone_on__isnull=True).select_related("source").order_by("pk")
        )

    def clean(self) -> dict[str, Any]:
        """``to`` is the person the records are about, None for somebody new."""
        data: dict[str, Any] = super().clean() or {}
        data["to"] = self._known(data.get("number", "").strip()) if data.get("whose") == KNOWN else None
        return data

    def _known(self, number: str) -> Person | None:
        found = Person.objects.filter(organisation=self.person.organisation_id, employee_number=number).first()
        if found is None:
            self.add_error("number", gettext("Personne n'a ce matricule dans l'académie."))
        elif found == self.person:
            self.add_error("number", gettext("Ces fiches sont déjà les siennes."))
        return found
