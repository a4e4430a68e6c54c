"""Administration."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.models import Account, IdentityProof
from ecritoire.common.forms import Form
from ecritoire.common.roles import Role
from ecritoire.common.selectors import AuditFilters, audit_actions
from ecritoire.directory.selectors import structure_choices

from .base import AccountForm

GIVEN = [role for role in Role if role not in {Role.AGENT, Role.PLATFORM}]
"""Everybody is an agent; who looks after the installation is named on the machine."""


class LettersForm(Form):
    structure = forms.ChoiceField(label=_("Établissement"), required=False)

    def __init__(self, *args: Any, organisation: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = structure_choices(organisation=organisation)
        self.fields["structure"].choices = [("", gettext("Tous")), *known]  # type: ignore[attr-defined]


class ReasonForm(Form):
    reason = forms.CharField(
        label=_("Motif"), max_length=300, help_text=_("Il est gardé au journal ; n'y écrivez rien de secret.")
    )

    def __init__(self, *args: Any, required: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = required


class JournalForm(Form):
    """What narrows the journal."""

    q = forms.CharField(label=_("Chercher"), required=False, max_length=100)
    actor = forms.CharField(label=_("Par qui"), required=False, max_length=100)
    about = forms.CharField(label=_("Sur qui"), required=False, max_length=100)
    action = forms.ChoiceField(label=_("Acte"), required=False)
    since = forms.DateField(label=_("Du"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Au"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(name, name) for name in audit_actions()]
        self.fields["action"].choices = [("", gettext("Tous")), *known]  # type: ignore[attr-defined]

    def filters(self) -> AuditFilters:
        """Of the fields that are valid; a faulty one is shown as such and narrows nothing."""
        self.full_clean()
        data = self.cleaned_data
        return AuditFilters(
            search=data.get("q", ""),
            actor=data.get("actor", ""),
            about=data.get("about", ""),
            action=data.get("action", ""),
            since=data.get("since"),
            until=data.get("until"),
        )


class RoleForm(Form):
    role = forms.ChoiceField(label=_("Rôle"), choices=[(role.value, role.label) for role in GIVEN])
    structure = forms.ChoiceField(label=_("Établissement"), required=False, help_text=_("Pour un référent numérique"))

    def __init__(self, *args: Any, acting_user: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = structure_choices(organisation=acting_user.organisation_id)
        self.fields["structure"].choices = [("", gettext("Tous")), *known]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or self.cleaned_data
        if data.get("role") == Role.LOCAL_CONTACT and not data.get("structure"):
            self.add_error("structure", gettext("Un référent numérique l'est d'un établissement : choisissez-le."))
        return data


class ProofForm(AccountForm):
    """How support made sure of who asks for a new password, before one is issued."""

    kind = forms.ChoiceField(label=_("Preuve d'identité"), choices=IdentityProof.Kind.choices, widget=forms.RadioSelect)
    seen_by = forms.CharField(
        label=_("Vue ou vérifiée par"),
        max_length=120,
        help_text=_("Nom et fonction : vous, une direction, un référent"),
    )
    note = forms.CharField(
        label=_("Remarque"),
        required=False,
        max_length=1000,
        help_text=_("Jamais de copie ni de numéro de la pièce"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    channel = forms.ChoiceField(label=_("Remise du mot de passe"), choices=IdentityProof.Channel.choices)

    def clean_channel(self) -> str:
        channel = str(self.cleaned_data["channel"])
        if channel == IdentityProof.Channel.MAIL and not self.account.person.private_email:
            raise ValidationError(
                gettext("Aucune adresse privée n'est connue des ressources humaines : remettez la lettre.")
            )
        return channel
