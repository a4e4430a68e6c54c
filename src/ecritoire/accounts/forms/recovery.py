"""Activation and recovery."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.models import SecretQuestion
from ecritoire.accounts.services.activation import QUESTIONS
from ecritoire.accounts.services.recovery import address_is_outside, answer_fold
from ecritoire.common.forms import Form

from .base import ReauthenticateForm

SHORTEST_ANSWER = 3


class DisputeForm(Form):
    text = forms.CharField(
        label=_("Qu'est-ce qui est inexact ?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class AddressForm(Form):
    address = forms.EmailField(
        label=_("Adresse de secours"),
        max_length=254,
        help_text=_("Une adresse personnelle que vous consultez : un code y est envoyé."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"]).lower()
        if not address_is_outside(address):
            raise ValidationError(
                gettext("Donnez une adresse hors de l'académie : celle-ci serait fermée en même temps.")
            )
        return address


class ChangeAddressForm(ReauthenticateForm, AddressForm):
    pass


class CodeForm(Form):
    code = forms.RegexField(
        r"^\s*\d{3}\s?\d{3}\s*$",
        label=_("Code à six chiffres"),
        error_messages={"invalid": _("Le code compte six chiffres.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def clean_code(self) -> str:
        return "".join(str(self.cleaned_data["code"]).split())


class QuestionsForm(Form):
    """Two different questions and their answers."""

    question_1 = forms.ChoiceField(label=_("Première question"), choices=SecretQuestion.Question.choices)
    answer_1 = forms.CharField(
        label=_("Réponse à la première question"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    question_2 = forms.ChoiceField(
        label=_("Seconde question"),
        choices=SecretQuestion.Question.choices,
        initial=SecretQuestion.Question.CHILDHOOD_FRIEND,
    )
    answer_2 = forms.CharField(
        label=_("Réponse à la seconde question"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or self.cleaned_data
        if data.get("question_1") == data.get("question_2"):
            self.add_error("question_2", gettext("Choisissez deux questions différentes."))
        for name in ("answer_1", "answer_2"):
            if name in data and len(answer_fold(data[name])) < SHORTEST_ANSWER:
                self.add_error(name, gettext("Au moins trois lettres ou chiffres."))
        if "answer_1" in data and "answer_2" in data and answer_fold(data["answer_1"]) == answer_fold(data["answer_2"]):
            self.add_error("answer_2", gettext("Donnez deux réponses différentes."))
        return data

    def answers(self) -> dict[str, str]:
        data = self.cleaned_data
        return {data[f"question_{n}"]: data[f"answer_{n}"] for n in range(1, QUESTIONS + 1)}


class ChangeQuestionsForm(ReauthenticateForm, QuestionsForm):
    pass


class MemoForm(Form):
    read = forms.BooleanField(
        label=_("J'ai lu ce mémo"), error_messages={"required": _("Cochez la case une fois le mémo lu.")}
    )


class ResetForm(CodeForm):
    answer = forms.CharField(max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, question: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].label = question
