"""Sign-in history, alerts, suspicion."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.models import SignInAlert, SignInEvent
from ecritoire.common.forms import Form

from .base import password_field

ALL = "all"
EVERY = (ALL, _("tous"))


class FilterForm(Form):
    """Filters of a list; one that is not in the address lets everything through."""

    @classmethod
    def of(cls, query: QueryDict) -> Self:
        return cls({name: query.get(name, ALL) for name in cls.base_fields})

    def chosen(self, name: str) -> str:
        """The value to filter by; nothing for « tous » and for what the form does not know, which it says."""
        self.full_clean()
        value = str(self.cleaned_data.get(name, ALL))
        return "" if value == ALL else value


class HistoryForm(FilterForm):
    protocol = forms.ChoiceField(label=_("Par"), choices=[EVERY, *SignInEvent.Protocol.choices])
    result = forms.ChoiceField(
        label=_("Résultat"),
        choices=[EVERY, ("failed", _("toutes les refusées")), *SignInEvent.Result.choices],
    )


class AlertFilterForm(FilterForm):
    kind = forms.ChoiceField(label=_("Motif"), choices=[EVERY, *SignInAlert.Kind.choices])
    state = forms.ChoiceField(label=_("Réponse"), choices=[EVERY, *SignInAlert.State.choices])


class ProveByPasswordForm(Form):
    password = password_field(_("Votre mot de passe"), "current-password")


class SinceForm(Form):
    """Since when one suspects something: changes made from then on are shown."""

    since = forms.TypedChoiceField(
        label=_("Depuis quand, à votre avis ?"),
        coerce=int,
        choices=[(1, _("aujourd'hui ou hier")), (7, _("une semaine")), (30, _("un mois")), (180, _("plus longtemps"))],
        initial=7,
        help_text=_("Les règles de tri et les changements faits depuis vous seront montrés."),
    )

    def clean_since(self) -> dt.timedelta:
        days: Any = self.cleaned_data["since"]
        if not days:
            raise ValidationError(gettext("Choisissez une durée."))
        return dt.timedelta(days=days)
