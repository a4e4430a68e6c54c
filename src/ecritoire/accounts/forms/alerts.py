"""Sign-in history, alerts, suspicion."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.models import SignInAlert, SignInEvent
from ecritoire.common.forms import Form

from .base import password_field

ALL = ("", _("tous"))


class HistoryForm(Form):
    protocol = forms.ChoiceField(label=_("Par"), required=False, choices=[ALL, *SignInEvent.Protocol.choices])
    result = forms.ChoiceField(
        label=_("Résultat"),
        required=False,
        choices=[ALL, ("failed", _("toutes les refusées")), *SignInEvent.Result.choices],
    )


class AlertFilterForm(Form):
    kind = forms.ChoiceField(label=_("Motif"), required=False, choices=[ALL, *SignInAlert.Kind.choices])
    state = forms.ChoiceField(label=_("Réponse"), required=False, choices=[ALL, *SignInAlert.State.choices])


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
