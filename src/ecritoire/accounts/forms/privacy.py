"""Personal data rights: what people ask, what the DSI answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.models import PrivacyRequest
from ecritoire.common.forms import Form
from ecritoire.directory.models import Person
from ecritoire.directory.personal_data import erasures

Kind, State, Channel, Ground = (
    PrivacyRequest.Kind,
    PrivacyRequest.State,
    PrivacyRequest.Channel,
    PrivacyRequest.Ground,
)
ONLINE = [
    (Kind.RECTIFICATION.value, _("Rectification : corriger ce qui est inexact")),
    (Kind.ERASURE.value, _("Effacement : supprimer ce qui peut l'être")),
    (Kind.ACCESS.value, _("Accès : savoir ce que l'archive ne dit pas")),
]
OUTCOMES = [(state.value, state.label) for state in (State.GRANTED, State.PARTLY, State.REFUSED)]


def _text(label: Any, help_text: Any = "", longest: int = 2000) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(label=label, max_length=longest, widget=widget, help_text=help_text)


class PrivacyForm(Form):
    """One's own request."""

    kind = forms.ChoiceField(label=_("Votre demande"), choices=ONLINE, widget=forms.RadioSelect)
    text = _text(_("Précisez"), _("Ce qui est inexact, ce qui devrait être effacé, ce que vous cherchez."))


class ReceivedForm(Form):
    """One that came by letter, by message or at the desk."""

    kind = forms.ChoiceField(label=_("Objet"), choices=Kind.choices)
    channel = forms.ChoiceField(
        label=_("Reçue par"), choices=[row for row in Channel.choices if row[0] != Channel.ONLINE]
    )
    received_on = forms.DateField(
        label=_("Reçue le"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    text = _text(_("Ce qui est demandé"))

    def clean_received_on(self) -> Any:
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise ValidationError(gettext("Cette date est à venir."))
        return day


class AnswerForm(Form):
    """The DSI's answer. ``erase`` is there for a request of erasure that nothing holds back."""

    state = forms.ChoiceField(label=_("Décision"), choices=OUTCOMES, widget=forms.RadioSelect)
    erase = forms.MultipleChoiceField(
        label=_("Effacer maintenant"), required=False, widget=forms.CheckboxSelectMultiple
    )
    ground = forms.ChoiceField(
        label=_("Fondement d'un refus"),
        choices=Ground.choices,
        required=False,
        help_text=_("Obligatoire pour un refus, même partiel."),
    )
    answer = _text(_("Réponse à la personne"))

    def __init__(self, *args: Any, row: PrivacyRequest, held: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if row.kind == Kind.ERASURE and not held:
            self.fields["erase"].choices = erasure_choices(row.account.person)  # type: ignore[attr-defined]
        else:
            del self.fields["erase"]

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or self.cleaned_data
        if data.get("state") in {State.PARTLY, State.REFUSED} and not data.get("ground"):
            self.add_error("ground", gettext("Un refus, même partiel, dit son fondement."))
        if data.get("state") == State.REFUSED and data.get("erase"):
            self.add_error("erase", gettext("Une demande refusée n'efface rien."))
        if data.get("state") == State.GRANTED and "erase" in self.fields and not data.get("erase"):
            self.add_error("erase", gettext("Choisissez ce qui s'efface, ou refusez la demande."))
        return data


def erasure_choices(person: Person) -> list[tuple[str, str]]:
    """What there is to erase, with its number and what follows."""
    counted = [(erasure, erasure.count(person)) for erasure in erasures.values()]
    return [
        (erasure.key, f"{erasure.title} ({count})" + (f" – {erasure.note}" if erasure.note else ""))
        for erasure, count in counted
        if count
    ]


class ExtendForm(Form):
    extension = forms.CharField(
        label=_("Pourquoi deux mois de plus"),
        max_length=300,
        help_text=_("Complexité ou nombre des demandes (art. 12, 3) ; la personne le lira."),
    )
