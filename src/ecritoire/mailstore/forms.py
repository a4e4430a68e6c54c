"""What is asked about functional mailboxes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecritoire.common.forms import Form
from ecritoire.directory.models import Access, EmailAddress, FunctionalMailbox, Organisation, Person, Structure

GUEST_DAYS = 366  # the longest a mailbox's owner may let somebody in for


def date_field(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class CreateForm(Form):
    name = forms.CharField(label=_("Nom affiché"), max_length=120)
    local_part = forms.CharField(
        label=_("Début de l'adresse"), max_length=60, help_text=_("Ce qui précède @ : secretariat.dec par exemple.")
    )
    kind = forms.ChoiceField(label=_("Nature"))
    uai = forms.CharField(
        label=_("UAI de la structure"),
        max_length=8,
        required=False,
        help_text=_("Pour que des fonctions de cette structure y donnent accès."),
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._organisation = organisation
        kinds = [choice for choice in FunctionalMailbox.Kind.choices if choice[0] != FunctionalMailbox.Kind.SCHOOL]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def clean_uai(self) -> Structure | None:
        code = self.cleaned_data["uai"].strip().upper()
        if not code:
            return None
        found = Structure.objects.filter(organisation=self._organisation, uai=code).first()
        if found is None:
            raise forms.ValidationError(_("Cet UAI n'est pas dans l'annuaire de l'académie."))
        return found


class SettingsForm(Form):
    own_name = forms.CharField(
        label=_("Nom affiché"), max_length=120, required=False, help_text=_("Vide : celui de l'établissement.")
    )
    follows_defaults = forms.BooleanField(
        label=_("Suivre les règles communes à tous les établissements"), required=False
    )
    withdraw_on_leave = forms.BooleanField(label=_("Retirer l'accès pendant les congés"), required=False)

    def __init__(self, *args: Any, mailbox: FunctionalMailbox, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if mailbox.structure is None:
            del self.fields["follows_defaults"]
            self.fields["own_name"].required = True
            self.fields["own_name"].help_text = ""


class RuleForm(Form):
    label = forms.CharField(
        label=_("La fonction commence par"), max_length=80, required=False, help_text=_("Proviseur, par exemple.")
    )
    function_code = forms.CharField(
        label=_("Ou code de fonction"), max_length=8, required=False, help_text=_("DIR, ADM… : ceux de l'annuaire AAF.")
    )
    access = forms.ChoiceField(label=_("Accès"), choices=Access.choices)


class GuestForm(Form):
    """``bounded``: as one of the mailbox's owners, who names no other owner and lets in for a year at most."""

    address = forms.EmailField(label=_("Adresse de la personne"), max_length=254)
    access = forms.ChoiceField(label=_("Accès"))
    ends_on = date_field(_("Jusqu'au"), required=False)

    def __init__(self, *args: Any, organisation_id: int, bounded: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._organisation_id, self._bounded = organisation_id, bounded
        choices = [choice for choice in Access.choices if not (bounded and choice[0] == Access.OWNER)]
        self.fields["access"].choices = choices  # type: ignore[attr-defined]
        if bounded:
            self.fields["ends_on"].required = True
            self.fields["ends_on"].help_text = _("Un an au plus.")

    def clean_address(self) -> Person:
        """Of the same académie; anybody else is as unknown as an address that does not exist."""
        row = EmailAddress.objects.filter(
            address=self.cleaned_data["address"].lower(),
            retired_at__isnull=True,
            person__organisation=self._organisation_id,
        )
        found = row.select_related("person").first()
        if found is None or found.person is None:
            raise forms.ValidationError(_("Personne n'a cette adresse dans l'académie."))
        return found.person

    def clean_ends_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["ends_on"]
        today = timezone.localdate()
        if day and day < today:
            raise forms.ValidationError(_("Cette date est passée."))
        if day and self._bounded and day > today + dt.timedelta(days=GUEST_DAYS):
            raise forms.ValidationError(_("Un an au plus : la DSI peut davantage."))
        return day


class CloseForm(Form):
    on = date_field(_("Dernier jour"))
    words = forms.CharField(
        label=_("Ce que lira l'expéditeur"),
        max_length=120,
        required=False,
        help_text=_("Une phrase sans accent ni retour à la ligne : les accents seront ôtés."),
    )


class SignatureForm(Form):
    signature = forms.CharField(
        label=_("Signature de la boîte"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
