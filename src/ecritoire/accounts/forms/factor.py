"""Second factors."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.models import Account, Vouching
from ecritoire.accounts.services.sign_in import login_resolve
from ecritoire.accounts.services.vouching import may_vouch
from ecritoire.common.forms import Form

from .recovery import CodeForm


class SecondFactorForm(CodeForm):
    """``trusted_days`` of 0 does not offer to trust the browser."""

    trust = forms.BooleanField(required=False)

    def __init__(self, *args: Any, trusted_days: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = gettext("Code de votre application")
        self.fields["code"].widget.attrs["autofocus"] = True
        if not trusted_days:
            del self.fields["trust"]
        else:
            text = gettext("Ne plus demander sur cet appareil pendant %(days)s jours")
            self.fields["trust"].label = text % {"days": trusted_days}


class RecoveryCodeForm(Form):
    """A printed code, or the ``entry`` code that stands in for factors removed."""

    code = forms.RegexField(
        r"^\s*([a-zA-Z2-9][\s-]*){12}$",
        label=_("Code de secours"),
        help_text=_("Douze signes, tirets et majuscules sans importance"),
        error_messages={"invalid": _("Un code de secours compte douze lettres et chiffres.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, entry: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if entry:
            self.fields["code"].label = gettext("Code d'entrée")


class AppointmentForm(Form):
    contact = forms.CharField(
        label=_("Où vous joindre"), max_length=200, help_text=_("Un téléphone, ou une adresse que vous lisez")
    )


class PasskeyForm(Form):
    name = forms.CharField(
        label=_("Nom de la clé"), max_length=60, help_text=_("Par exemple : mon téléphone, ma clé USB")
    )
    answer = forms.CharField(required=False, widget=forms.HiddenInput)


class VouchForm(Form):
    """``account`` is the person found; the same refusal for an unknown name and for somebody of another school."""

    login = forms.CharField(
        label=_("Identifiant de la personne"),
        max_length=254,
        help_text=_("prenom.nom, avec ou sans le domaine"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    proof = forms.ChoiceField(label=_("Ce que vous avez vérifié"), choices=Vouching.Proof.choices)
    seen = forms.BooleanField(label=_("J'ai cette personne devant moi et je l'ai identifiée"))

    def __init__(self, *args: Any, acting_user: Account, **kwargs: Any) -> None:
        self.acting_user = acting_user
        super().__init__(*args, **kwargs)

    def clean_login(self) -> Account:
        login = login_resolve(self.cleaned_data["login"])
        account = Account.objects.select_related("person").filter(login=login).first()
        if account is None or not may_vouch(acting_user=self.acting_user, account=account):
            raise ValidationError(gettext("Personne de ce nom dans vos établissements, ou c'est vous."))
        return account
