"""What most forms of the room build on."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.models import Account
from ecritoire.accounts.password_rules import LONGEST, Rules
from ecritoire.accounts.services.passwords import password_faults, reuse_faults, rules_for
from ecritoire.common.forms import Form


def password_field(label: Any, autocomplete: str = "new-password", help_text: Any = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, widget=widget, strip=False, max_length=LONGEST, help_text=help_text)


class AccountForm(Form):
    """A form about one ``account``."""

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        self.account = account
        super().__init__(*args, **kwargs)
        if getattr(account, "on_public_computer", False):
            for field in self.fields.values():
                if isinstance(field.widget, forms.PasswordInput):
                    field.widget.attrs["autocomplete"] = "off"


class NewPasswordForm(AccountForm):
    """A new password, twice, checked against the rules for ``account``."""

    new_password = password_field(_("Nouveau mot de passe"))
    repeat = password_field(_("Le même, une seconde fois"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password"].widget.attrs |= {
            "data-strength": "strength",
            "aria-describedby": "id_new_password_error strength",
        }

    @cached_property
    def rules(self) -> Rules:
        """The rules to show beside the field."""
        return rules_for(self.account)

    def clean_new_password(self) -> str:
        password = str(self.cleaned_data["new_password"])
        faults = password_faults(password=password, account=self.account, rules=self.rules)
        if faults:
            raise ValidationError(faults)
        return password

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or self.cleaned_data
        if data.get("new_password") and data.get("repeat") and data["new_password"] != data["repeat"]:
            self.add_error("repeat", gettext("Les deux saisies diffèrent."))
        if not self.errors:  # the slow part last: each former password is a hash to compute
            for fault in reuse_faults(password=data["new_password"], account=self.account):
                self.add_error("new_password", fault)
        return data


class ReauthenticateForm(AccountForm):
    """Asks for the current password again before something that matters."""

    current_password = password_field(_("Votre mot de passe actuel"), "current-password")

    def clean_current_password(self) -> str:
        password = str(self.cleaned_data["current_password"])
        if not self.account.check_password(password):
            raise ValidationError(gettext("Ce n'est pas votre mot de passe actuel."))
        return password


class ChangePasswordForm(ReauthenticateForm, NewPasswordForm):
    field_order = ("current_password", "new_password", "repeat")
