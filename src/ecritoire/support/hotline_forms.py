from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecritoire.common.forms import Form

from .hours import Range

HOURS = re.compile(r"(\d{1,2})(?:[h:](\d{2})?)?\s*-\s*(\d{1,2})(?:[h:](\d{2})?)?")
CLOSURE = re.compile(r"(\d{2}/\d{2}/\d{4})(?:\s*-\s*(\d{2}/\d{2}/\d{4}))?\s+(.{1,80})")
PHONE = re.compile(r"[+0-9][0-9 .()-]{5,28}")


def phone_field(label: Any) -> forms.CharField:
    field = forms.CharField(
        label=label, max_length=30, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    )
    field.validators.append(_check_phone)
    return field


def _check_phone(value: str) -> None:
    if not PHONE.fullmatch(value):
        raise forms.ValidationError(gettext("Un numéro de téléphone : chiffres et espaces."))


class CallbackForm(Form):
    """When, where, and about what."""

    at = forms.ChoiceField(label=_("Quand"))
    phone = phone_field(_("À quel numéro"))
    subject = forms.CharField(label=_("De quoi s'agit-il ?"), max_length=160)

    def __init__(self, *args: Any, slots: Sequence[dt.datetime], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].choices = [(slot.isoformat(), _words(slot)) for slot in slots]  # type: ignore[attr-defined]

    def clean_at(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.cleaned_data["at"])


def _words(slot: dt.datetime) -> str:
    local = timezone.localtime(slot)
    return gettext("%(day)s à %(hour)s") % {"day": date_format(local, "l j F"), "hour": date_format(local, "G\\hi")}


class HotlineForm(Form):
    """Hours as people write them: « 8h30-12h, 13h30-17h », a line a day; closures « 21/12/2026 - 01/01/2027 Noël »."""

    phone = phone_field(_("Numéro"))
    note = forms.CharField(label=_("Précision"), max_length=200, required=False)
    callers = forms.IntegerField(label=_("Rappels possibles par demi-heure"), min_value=1, max_value=50, initial=2)
    closures = forms.CharField(
        label=_("Fermetures"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Une par ligne : 21/12/2026 - 01/01/2027 Noël. Les jours fériés sont connus."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day, name in WEEKDAYS.items():
            field = forms.CharField(
                label=name, required=False, max_length=80, help_text=_("8h30-12h, 13h30-17h ; vide : fermé")
            )
            field.widget.attrs["class"] = "fr-input"
            self.fields[f"day{day}"] = field

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        data["hours"] = [part for day in WEEKDAYS for part in self._hours(day, data.get(f"day{day}", ""))]
        return data

    def _hours(self, day: int, text: str) -> list[Range]:
        found = []
        for part in filter(None, (piece.strip() for piece in text.split(","))):
            match = HOURS.fullmatch(part)
            try:
                if match is None:
                    raise ValueError(part)
                a, b, c, d = (int(value or 0) for value in match.groups())
                found.append(Range(day, dt.time(a, b), dt.time(c, d)))
                if found[-1].closes <= found[-1].opens:
                    raise ValueError(part)
            except ValueError:
                self.add_error(f"day{day}", gettext("« %(part)s » ne se lit pas : écrivez 8h30-12h.") % {"part": part})
                return []
        return found

    def clean_closures(self) -> list[tuple[dt.date, dt.date, str]]:
        rows = []
        for rank, line in enumerate(self.cleaned_data["closures"].splitlines(), 1):
            if not line.strip():
                continue
            try:
                rows.append(closure_line(line.strip()))
            except ValueError as error:
                raise forms.ValidationError(
                    gettext("Ligne %(rank)s : écrivez 21/12/2026 - 01/01/2027 Noël.") % {"rank": rank}
                ) from error
        return rows


def closure_line(line: str) -> tuple[dt.date, dt.date, str]:
    match = CLOSURE.fullmatch(line)
    if match is None:
        raise ValueError(line)
    first, last = (dt.datetime.strptime(text, "%d/%m/%Y").date() for text in (match[1], match[2] or match[1]))
    if last < first:
        raise ValueError(line)
    return first, last, match[3]
