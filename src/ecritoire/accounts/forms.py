"""Forms of the accounts room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecritoire.common.forms import Form
from ecritoire.common.roles import Role
from ecritoire.directory.selectors import structure_choices

from .models import Account, SecretQuestion
from .services.activation import QUESTIONS
from .services.passwords import password_faults
from .services.recovery import address_is_outside, answer_fold

SHORTEST_ANSWER = 3


def _password(label: Any, autocomplete: str = "new-password", help_text: Any = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, widget=widget, strip=False, max_length=200, help_text=help_text)


class SignInForm(Form):
    login = forms.CharField(
        label=_("Identifiant"),
        max_length=254,
        help_text=_("prenom.nom, avec ou sans le domaine"),
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
    )
    password = _password(_("Mot de passe"), "current-password")
    public_computer = forms.BooleanField(
        label=_("Je suis sur un ordinateur partagé"),
        required=False,
        help_text=_("La session se ferme après 15 minutes sans activité."),
    )


class AccountForm(Form):
    """A form about one ``account``."""

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        self.account = account
        super().__init__(*args, **kwargs)


class NewPasswordForm(AccountForm):
    """A new password, twice, checked against the rules for ``account``."""

    new_password = _password(_("Nouveau mot de passe"))
    repeat = _password(_("Le même, une seconde fois"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password"].widget.attrs["data-strength"] = "strength"

    def clean_new_password(self) -> str:
        password = str(self.cleaned_data["new_password"])
        faults = password_faults(password=password, account=self.account)
        if faults:
            raise ValidationError(faults)
        return password

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or self.cleaned_data
        if data.get("new_password") and data.get("repeat") and data["new_password"] != data["repeat"]:
            self.add_error("repeat", gettext("Les deux saisies diffèrent."))
        return data


class ReauthenticateForm(AccountForm):
    """Asks for the current password again before something that matters."""

    current_password = _password(_("Votre mot de passe actuel"), "current-password")

    def clean_current_password(self) -> str:
        password = str(self.cleaned_data["current_password"])
        if not self.account.check_password(password):
            raise ValidationError(gettext("Ce n'est pas votre mot de passe actuel."))
        return password


class ChangePasswordForm(ReauthenticateForm, NewPasswordForm):
    field_order = ("current_password", "new_password", "repeat")


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


class ForgottenForm(Form):
    login = forms.CharField(
        label=_("Identifiant"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )


class ResetForm(CodeForm):
    answer = forms.CharField(max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, question: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].label = question


class AppPasswordForm(ReauthenticateForm):
    name = forms.CharField(
        label=_("Nom de l'application"), max_length=80, help_text=_("Par exemple : Thunderbird sur mon portable")
    )
    field_order = ("name", "current_password")


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
