"""What is looked for, and why."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecritoire.common.forms import Form
from ecritoire.mailflow.models import MailTrace

from .query import DAYS, TraceQuery


def day_field(label: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))


class PeriodForm(Form):
    """From a request for help: whose mail it is about, and why, is known."""

    other = forms.CharField(
        label=_("Correspondant"),
        max_length=254,
        required=False,
        help_text=_("Une adresse, ou un domaine : partenaire.fr."),
    )
    since = day_field(_("Du"))
    until = day_field(_("Au"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["since"].initial = today - dt.timedelta(days=min(DAYS, settings.TRACE_DAYS))
        self.fields["until"].initial = today

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", gettext("La fin est avant le début."))
        return data

    def query(self, **given: str) -> TraceQuery:
        data = {name: _text(value) for name, value in self.cleaned_data.items()}
        return TraceQuery(**(data | given))


class TraceForm(PeriodForm):
    field_order = ("address", "other", "message_id", "since", "until", "status", "reason")

    address = forms.CharField(
        label=_("Adresse de la personne ou de la boîte"),
        max_length=254,
        required=False,
        help_text=_("Ses autres adresses sont cherchées aussi."),
    )
    message_id = forms.CharField(
        label="Message-ID",
        max_length=400,
        required=False,
        help_text=_("Dans les en-têtes du message, entre chevrons."),
    )
    status = forms.ChoiceField(label=_("État"), required=False)
    reason = forms.CharField(
        label=_("Motif"),
        min_length=3,
        max_length=200,
        help_text=_("Inscrit au journal avec votre nom et ce que vous cherchez : un numéro de demande, une panne."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", gettext("Tous")), *MailTrace.Status.choices]
        self.fields["status"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors and not any(data.get(name) for name in ("address", "other", "message_id")):
            raise forms.ValidationError(gettext("Donnez une adresse, un correspondant ou un Message-ID."))
        return data


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, dt.date) else str(value).strip()
