"""Outside contributors: asking, deciding, delegating."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.models import Account, ContributorKind, ContributorPolicy, ContributorRequest
from ecritoire.accounts.selectors.contributors import policy_of, structures_sponsored
from ecritoire.common.forms import Form
from ecritoire.directory.likeness import Likeness
from ecritoire.directory.models import Organisation, Structure

from .base import AccountForm

NEW = "new"
YOUNGEST = dt.timedelta(days=16 * 365)
FARTHEST = dt.timedelta(days=366)


def day_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


def text_field(label: Any, help_text: Any = "", *, length: int = 1000, required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, help_text=help_text, max_length=length, required=required, widget=widget)


class PeriodMixin:
    """Checks a first and a last day against the académie's longest time."""

    add_error: Any

    def check_period(self, starts_on: dt.date, ends_on: dt.date, policy: ContributorPolicy) -> None:
        today = timezone.localdate()
        if ends_on < starts_on:
            self.add_error("ends_on", gettext("Le dernier jour vient avant le premier."))
        elif ends_on < today:
            self.add_error("ends_on", gettext("Le dernier jour est passé."))
        elif (ends_on - starts_on).days >= policy.longest_days:
            self.add_error("ends_on", gettext("Au plus %(days)s jours.") % {"days": policy.longest_days})
        if starts_on > today + FARTHEST:
            self.add_error("starts_on", gettext("Le premier jour est dans plus d'un an."))


class ContributorForm(PeriodMixin, AccountForm):
    """What an agent says of whom they bring in. A draft may leave anything out but a name."""

    given_name = forms.CharField(label=_("Prénom"), max_length=80)
    family_name = forms.CharField(label=_("Nom"), max_length=80)
    birth_date = day_field(_("Date de naissance"), _("Elle évite d'ouvrir deux comptes à la même personne."))
    private_email = forms.EmailField(
        label=_("Adresse électronique privée"), help_text=_("Le mot de passe temporaire y est envoyé, à elle seule.")
    )
    company = forms.CharField(label=_("Organisme d'origine"), max_length=160)
    kind = forms.ChoiceField(label=_("Sorte d'intervention"), choices=[("", "–"), *ContributorKind.choices])
    structure = forms.ModelChoiceField(label=_("Établissement"), queryset=Structure.objects.none(), empty_label="–")
    starts_on = day_field(_("Premier jour"))
    ends_on = day_field(_("Dernier jour"))
    reason = text_field(_("Motif"), _("Ce que la personne vient faire, et pourquoi il lui faut une boîte."))
    needs = text_field(
        _("Ce dont elle a besoin"),
        _("Dossiers, listes, boîtes partagées ; vide : la messagerie seule."),
        required=False,
    )

    def __init__(self, *args: Any, draft: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft = draft
        structures = structures_sponsored(self.account)
        self.fields["structure"].queryset = structures  # type: ignore[attr-defined]
        self.policy = policy_of(self.account.person.organisation_id)
        self.fields["ends_on"].help_text = gettext("Au plus %(days)s jours.") % {"days": self.policy.longest_days}
        if draft:
            for name in set(self.fields) - {"family_name"}:
                self.fields[name].required = False

    def clean_private_email(self) -> str:
        address = str(self.cleaned_data["private_email"]).lower()
        domain = address.rpartition("@")[2]
        if address and Organisation.objects.filter(mail_domain__iexact=domain).exists():
            raise ValidationError(
                gettext("Une adresse privée, hors de l'académie : la boîte n'est pas encore ouverte.")
            )
        recovery = getattr(self.account, "recovery_address", None)
        own = {self.account.person.private_email.lower(), recovery.address.lower() if recovery else ""}
        if address and address in own:
            raise ValidationError(gettext("C'est votre propre adresse : donnez celle de l'intervenant."))
        return address

    def clean_birth_date(self) -> dt.date | None:
        born: dt.date | None = self.cleaned_data["birth_date"]
        if born and born > timezone.localdate() - YOUNGEST:
            raise ValidationError(gettext("Une personne d'au moins seize ans."))
        if born and born.year < 1900:  # noqa: PLR2004 - a century mistyped
            raise ValidationError(gettext("Vérifiez l'année."))
        return born

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or self.cleaned_data
        starts_on, ends_on = data.get("starts_on"), data.get("ends_on")
        if starts_on and ends_on:
            if self.draft and ends_on < starts_on:
                self.add_error("ends_on", gettext("Le dernier jour vient avant le premier."))
            elif not self.draft:
                self.check_period(starts_on, ends_on, self.policy)
        return data


class RenewalForm(PeriodMixin, Form):
    """More time for a contributor, in one gesture: both answers are already there."""

    ends_on = day_field(_("Nouveau dernier jour"))
    reason = text_field(_("Motif"))

    def __init__(self, *args: Any, row: ContributorRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row, self.policy = row, policy_of(row.organisation_id)
        self.fields["ends_on"].help_text = gettext("Au plus %(days)s jours.") % {"days": self.policy.longest_days}

    @property
    def first_day(self) -> dt.date:
        return max((self.row.until or timezone.localdate()) + dt.timedelta(days=1), timezone.localdate())

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or self.cleaned_data
        if data.get("ends_on"):
            self.check_period(self.first_day, data["ends_on"], self.policy)
        return data

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error("ends_on" if field == "starts_on" else field, error)


class ContributorDecisionForm(Form):
    """Approve, for all the time asked or less; refuse; ask for more."""

    person = forms.ChoiceField(label=_("Qui est-ce ?"), widget=forms.RadioSelect)
    until = day_field(_("Accordé jusqu'au"), _("Plus tôt que demandé si vous le souhaitez."), required=False)
    text = text_field(
        _("Réponse"), _("Obligatoire pour refuser ou demander un complément."), length=500, required=False
    )
    decision = forms.ChoiceField(choices=[("approve", ""), ("refuse", ""), ("question", "")], widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: ContributorRequest, likenesses: list[Likeness], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        self.fields["until"].initial = row.ends_on
        known = [(str(found.person.pk), likeness_words(found)) for found in likenesses]
        if known:
            choices = [*known, (NEW, gettext("Quelqu'un d'autre : une personne nouvelle"))]
            self.fields["person"].choices = choices  # type: ignore[attr-defined]
            self.fields["person"].required = False
        else:
            del self.fields["person"]

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or self.cleaned_data
        decision = data.get("decision")
        if decision == "approve":
            if not data.get("until"):
                self.add_error("until", gettext("Dites jusqu'à quand."))
            elif self.row.ends_on and data["until"] > self.row.ends_on:
                self.add_error("until", gettext("On n'accorde pas plus que ce qui est demandé."))
            if "person" in self.fields and not data.get("person"):
                self.add_error("person", gettext("Des personnes connues ressemblent : dites si c'est l'une d'elles."))
        elif not data.get("text"):
            self.add_error("text", gettext("Dites pourquoi, ou ce qui manque : l'agent le lira."))
        return data


def likeness_words(found: Likeness) -> str:
    """A candidate in one line: who, what is alike, since when they are gone."""
    person = found.person
    alike = [
        gettext("même nom") if found.same_name else "",
        gettext("même date de naissance") if found.same_birth else "",
        gettext("même adresse privée") if found.same_address else "",
    ]
    ended = ""
    if person.right_until:
        ended = gettext("jusqu'au %(day)s") % {"day": f"{person.right_until:%d/%m/%Y}"}
    facts = [str(person.get_category_display()), ended, *alike]
    return f"{person} ({person.employee_number}) – {', '.join(fact for fact in facts if fact)}"


class OpinionForm(Form):
    opinion = forms.ChoiceField(
        label=_("Votre avis"), choices=ContributorRequest.Opinion.choices, widget=forms.RadioSelect
    )
    text = text_field(_("Précisions"), length=500, required=False)


class EndForm(Form):
    at_once = forms.ChoiceField(
        label=_("Quand"),
        choices=[
            ("no", _("Aujourd'hui est le dernier jour ; le délai de fin laisse emporter son courrier.")),
            ("yes", _("Tout de suite, partout : la boîte se ferme maintenant.")),
        ],
        initial="no",
        widget=forms.RadioSelect,
    )
    reason = text_field(_("Motif"), _("Il est gardé au journal."), length=300)


class ColleagueForm(Form):
    """An agent of the viewer's académie, by their address."""

    login = forms.EmailField(label=_("Adresse de l'agent"))

    def __init__(self, *args: Any, organisation_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation_id = organisation_id
        self.account: Account | None = None

    def clean_login(self) -> str:
        login = str(self.cleaned_data["login"]).lower()
        rows = Account.objects.filter(login=login, person__organisation=self.organisation_id)
        self.account = rows.select_related("person").first()
        if self.account is None:
            raise ValidationError(gettext("Aucun compte de l'académie n'a cette adresse."))
        return login


class DelegationForm(ColleagueForm):
    structure = forms.ModelChoiceField(
        label=_("Établissement"), queryset=Structure.objects.none(), required=False, empty_label=_("tous")
    )
    kind = forms.ChoiceField(
        label=_("Sorte d'intervention"), choices=[("", _("toutes")), *ContributorKind.choices], required=False
    )
    starts_on = day_field(_("Premier jour"))
    ends_on = day_field(_("Dernier jour"), _("Un an au plus."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        structures = Structure.objects.filter(organisation=self.organisation_id).order_by("name")
        self.fields["structure"].queryset = structures  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or self.cleaned_data
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", gettext("Le dernier jour vient avant le premier."))
        return data


class ContributorPolicyForm(Form):
    longest_days = forms.IntegerField(label=_("Durée maximale d'un accès, en jours"), min_value=1, max_value=366)
    orphan_days = forms.IntegerField(
        label=_("Jours laissés pour trouver un nouvel agent responsable"), min_value=1, max_value=90
    )
    opinion_asked = forms.BooleanField(
        label=_("Demander d'abord l'avis de la direction de l'établissement"), required=False
    )


class ContributorFilterForm(Form):
    """What narrows the queue or the register. A value that means nothing is ignored."""

    q = forms.CharField(label=_("Nom de l'intervenant ou de l'agent"), required=False, max_length=80)
    state = forms.ChoiceField(label=_("État"), required=False)
    structure = forms.ChoiceField(label=_("Établissement"), required=False)
    kind = forms.ChoiceField(label=_("Sorte"), required=False, choices=[("", _("toutes")), *ContributorKind.choices])

    def __init__(
        self, *args: Any, states: list[tuple[str, Any]], structures: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = states  # type: ignore[attr-defined]
        self.fields["structure"].choices = [("", gettext("tous")), *structures]  # type: ignore[attr-defined]
        self.full_clean()

    def value(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "")
