"""What narrows the dashboards. A value that means nothing is ignored: an address may be old or typed by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.dashboards import ends, pending
from ecritoire.accounts.dashboards.activation import MONTHS, Period, months_after
from ecritoire.accounts.dashboards.scope import Scope
from ecritoire.accounts.models import RelaunchBatch
from ecritoire.common.forms import Form
from ecritoire.directory.models import Person

HISTORY = 36
ALL = ("", _("toutes"))


class NarrowingForm(Form):
    """Read from the address as it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.settle()
        self.full_clean()

    def settle(self) -> None:
        """Fill choices in."""

    def value(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "")


class PeriodForm(NarrowingForm):
    since = forms.ChoiceField(label=_("Arrivés depuis"), required=False)
    until = forms.ChoiceField(label=_("jusqu'à"), required=False)
    compare = forms.ChoiceField(
        label=_("Comparer à"),
        required=False,
        choices=[("", _("rien")), ("year", _("la même période, un an avant")), ("before", _("la période précédente"))],
    )

    def settle(self) -> None:
        this = timezone.localdate().replace(day=1)
        months = [months_after(this, -rank) for rank in range(HISTORY)]
        choices = [(f"{month:%Y-%m}", date_format(month, "F Y")) for month in months]
        for name, default in (("since", months[MONTHS - 1]), ("until", months[0])):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
            self.fields[name].initial = f"{default:%Y-%m}"
        if self.is_bound:
            chosen = {name: self.fields[name].initial for name in ("since", "until")}
            self.data = {**chosen, **{name: self.data[name] for name in self.data}}

    def period(self) -> Period:
        """In whichever order the two were chosen."""
        days = [self._month("since"), self._month("until")]
        return Period(min(days), max(days))

    def other(self) -> Period | None:
        chosen = self.value("compare")
        if not chosen:
            return None
        return self.period().before() if chosen == "before" else self.period().a_year_before()

    def _month(self, name: str) -> dt.date:
        return dt.date.fromisoformat(f"{self.value(name) or self.fields[name].initial}-01")


class ScopedForm(NarrowingForm):
    """Narrows to a school of the viewer's."""

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        self.scope = scope
        super().__init__(*args, **kwargs)

    def settle(self) -> None:
        schools = [(row.uai, row.name) for row in self.scope.schools().order_by("name")]
        self.fields["school"].choices = [("", gettext("tous")), *schools]  # type: ignore[attr-defined]


class PendingForm(ScopedForm):
    school = forms.ChoiceField(label=_("Établissement"), required=False)
    age = forms.ChoiceField(
        label=_("Ancienneté"), required=False, choices=[ALL, *((key, label) for key, label, *_rest in pending.AGES)]
    )
    category = forms.ChoiceField(label=_("Catégorie"), required=False, choices=[ALL, *Person.Category.choices])
    relaunched = forms.ChoiceField(
        label=_("Relance"), required=False, choices=[ALL, ("no", _("jamais relancés")), ("yes", _("déjà relancés"))]
    )

    def filters(self) -> pending.Filters:
        return pending.Filters(
            self.value("school"), self.value("age"), self.value("category"), self.value("relaunched")
        )


class EndsForm(ScopedForm):
    window = forms.ChoiceField(
        label=_("Quand"), required=False, choices=[(key, label) for key, label, _days in ends.WINDOWS]
    )
    what = forms.ChoiceField(
        label=_("Quoi"),
        required=False,
        choices=[ALL, ("right", _("fins de droits")), ("closing", _("fermetures de compte"))],
    )
    school = forms.ChoiceField(label=_("Établissement"), required=False)
    category = forms.ChoiceField(label=_("Catégorie"), required=False, choices=[ALL, *Person.Category.choices])

    def settle(self) -> None:
        super().settle()
        self.data = {"window": "month", **{name: self.data[name] for name in self.data}}

    def filters(self) -> ends.Filters:
        return ends.Filters(
            self.value("window") or "month", self.value("school"), self.value("category"), self.value("what")
        )


class RelaunchForm(Form):
    """Whom to remind: those ticked, or all of the list; and how."""

    channel = forms.ChoiceField(choices=RelaunchBatch.Channel.choices)
    everybody = forms.BooleanField(required=False)
