"""Which period, of which school and category; and the corrective measures."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.forms.utils import flatatt
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from ecritoire.common.forms import Form
from ecritoire.directory.models import Organisation, Structure

from .models import Ticket
from .statistics.scope import Period, Scope

SEPTEMBER = 9
LONGEST = 366 * 3


class PlainSelect(forms.Select):
    """Its options are written at once: a template for each of a thousand schools takes longer than the figures."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen, mark = str(value or ""), SafeString(" selected")
        rows = ((key, mark if str(key) == chosen else "", label) for key, label in self.choices)
        options = format_html_join("\n", '<option value="{}"{}>{}</option>', rows)
        return format_html(
            '<select name="{}"{}>{}</select>', name, flatatt(self.build_attrs(self.attrs, attrs)), options
        )


class ScopeForm(Form):
    """Its fields are the parameters of every page of the statistics: a bookmark keeps them."""

    PERIODS: ClassVar = [
        ("7", _("7 derniers jours")),
        ("30", _("30 derniers jours")),
        ("90", _("90 derniers jours")),
        ("month", _("ce mois-ci")),
        ("last_month", _("le mois dernier")),
        ("school", _("année scolaire")),
        ("free", _("du … au …")),
    ]
    period = forms.ChoiceField(label=_("Période"), choices=PERIODS, required=False)
    first = forms.DateField(
        label=_("Du"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("Au"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    against = forms.ChoiceField(
        label=_("Comparer à"),
        choices=[("previous", _("la période d'avant")), ("year", _("l'an dernier"))],
        required=False,
    )
    school = forms.ChoiceField(label=_("Établissement"), required=False, widget=PlainSelect)
    kind = forms.ChoiceField(
        label=_("Type de demande"), choices=[("", _("tous")), *Ticket.Kind.choices], required=False
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        rows = Structure.objects.filter(organisation=organisation).order_by("name").values_list("uai", "name")
        field = self.fields["school"]
        field.choices = [("", _("tous")), *((uai, f"{name} ({uai})") for uai, name in rows)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("period") == "free":
            first, last = values.get("first"), values.get("last")
            for name, day in (("first", first), ("last", last)):
                if day is None and name not in self.errors:
                    self.add_error(name, _("Donnez cette date."))
            if first and last and last < first:
                self.add_error("last", _("La fin précède le début."))
            elif first and last and ((last - first).days >= LONGEST or first.year < 2000 or last.year > 2100):  # noqa: PLR2004
                self.add_error("last", _("Trois ans au plus, entre 2000 et 2100."))
        return values

    def scope(self) -> Scope:
        """The last thirty days when what was asked for makes no sense; the page says what is wrong."""
        values = self.cleaned_data if self.is_valid() else {}
        return Scope(
            self.organisation,
            _period(values, timezone.localdate()),
            structure=self._school(values.get("school", "")),
            kind=values.get("kind", ""),
            against="year" if values.get("against") == "year" else "previous",
        )

    def _school(self, uai: str) -> Structure | None:
        return Structure.objects.filter(organisation=self.organisation, uai=uai).first() if uai else None


def _period(values: dict[str, Any], today: dt.date) -> Period:
    match values.get("period"):
        case "free":
            return Period(values["first"], values["last"])
        case "month":
            return Period(today.replace(day=1), today)
        case "last_month":
            last = today.replace(day=1) - dt.timedelta(days=1)
            return Period(last.replace(day=1), last)
        case "school":
            return Period(dt.date(today.year - (today.month < SEPTEMBER), SEPTEMBER, 1), today)
        case days:
            return Period(today - dt.timedelta(days=int(days or 30) - 1), today)


class MeasuresForm(Form):
    """One line a category; an empty one is no measure."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for value, label in Ticket.Kind.choices:
            self.fields[value] = forms.CharField(label=str(label).capitalize(), max_length=300, required=False)
            self.fields[value].widget.attrs["class"] = "fr-input"
