"""Forms of the desk's settings: lines, rules, targets, calendar, the people on call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.models import Account
from ecritoire.accounts.selectors.holders import accounts_with
from ecritoire.common.forms import Form
from ecritoire.common.roles import Role

from .desk import Days, Desk, Period, Rule
from .hotline_forms import closure_line, phone_field
from .incident_forms import FORMAT, MOMENT
from .models import DeskSettings, Queue, Ticket
from .targets import Target

Route, Priority, Kind = Ticket.Route, Ticket.Priority, Ticket.Kind
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


class AccountsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Account) -> str:
        return f"{obj.display_name} ({obj.login})"


class AccountField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Account) -> str:
        return f"{obj.display_name} ({obj.login})"


def people_with(organisation_id: int, *roles: Role) -> QuerySet[Account]:
    people = accounts_with(*roles, organisation=organisation_id)
    return people.select_related("person").order_by("person__family_name", "pk")


class LineForm(Form):
    name = forms.CharField(label=_("Nom"), max_length=80)
    discipline = forms.CharField(
        label=_("Discipline"),
        max_length=80,
        required=False,
        help_text=_(
            "Pour une ligne d'interlocuteurs spécialisés : « Mathématiques ». Vide : une ligne de l'assistance."
        ),
    )
    address = forms.EmailField(
        label=_("Adresse"), required=False, help_text=_("Prévenue des nouvelles demandes à la place de chaque membre.")
    )
    members = AccountsField(
        label=_("Membres"),
        queryset=Account.objects.none(),
        required=False,
        help_text=_("Parmi l'assistance et les interlocuteurs spécialisés."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, line: Queue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.line = line
        people = people_with(line.organisation_id, Role.SUPPORT, Role.SPECIALIST)
        self.fields["members"].queryset = people  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Queue.objects.filter(organisation=self.line.organisation_id, name=name).exclude(pk=self.line.pk)
        if others.exists():
            raise forms.ValidationError(gettext("Une autre ligne porte ce nom."))
        return name


class RulesForm(Form):
    """A row a kind: ``route_<kind>``, ``priority_<kind>``, ``queue_<kind>``."""

    def __init__(self, *args: Any, desk: Desk, lines: Sequence[Queue], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", gettext("Ligne commune")), *((str(line.pk), line.name) for line in lines)]
        for kind in Kind:
            rule = desk.rule(kind)
            for name, label, values, initial in (
                ("route", gettext("Chemin"), Route.choices, rule.route),
                ("priority", gettext("Priorité"), Priority.choices, rule.priority),
                ("queue", gettext("Ligne"), choices, rule.queue_id or ""),
            ):
                field = forms.ChoiceField(choices=values, initial=initial, required=name != "queue", label=label)
                field.widget.attrs |= {"class": "fr-select", "aria-label": f"{kind.label} : {label}"}
                self.fields[f"{name}_{kind.value}"] = field

    def rows(self) -> list[tuple[str, list[Any]]]:
        """For the table: the kind, then its three fields."""
        names = ("route", "priority", "queue")
        return [(str(kind.label), [self[f"{name}_{kind.value}"] for name in names]) for kind in Kind]

    def rules(self) -> dict[str, Rule]:
        """Of a valid form."""
        return {kind.value: self._rule(kind.value) for kind in Kind}

    def _rule(self, kind: str) -> Rule:
        route, priority, queue = (self.cleaned_data[f"{name}_{kind}"] for name in ("route", "priority", "queue"))
        return Rule(Route(route), Priority(int(priority)), int(queue) if queue else None)


class TargetsForm(Form):
    """A row a priority: ``response_<n>`` and ``resolution_<n>`` in minutes of open time, ``clock_<n>``; then what happens by itself."""

    contact_hours = forms.IntegerField(
        label=_("Un référent garde une demande (heures ouvrées)"),
        min_value=1,
        max_value=400,
        help_text=_("Ensuite elle passe d'elle-même à l'assistance."),
    )
    remind_days = forms.IntegerField(
        label=_("Rappeler à la personne qu'on l'attend après (jours)"),
        min_value=0,
        max_value=90,
        help_text=_("0 : jamais"),
    )
    close_days = forms.IntegerField(
        label=_("Clore une demande résolue après (jours)"), min_value=0, max_value=90, help_text=_("0 : jamais")
    )
    reopen_days = forms.IntegerField(
        label=_("Laisser rouvrir une demande close pendant (jours)"), min_value=0, max_value=365
    )

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        days = {f"{name}_days": count for name, count in asdict(desk.days).items()}
        super().__init__(*args, initial={"contact_hours": desk.contact_time // HOUR, **days}, **kwargs)
        for priority in Priority:
            self._row(priority, desk.targets[priority])

    def _row(self, priority: Ticket.Priority, target: Target) -> None:
        word = {"priority": priority.label}
        minutes = {
            "response": (gettext("Priorité %(priority)s : première réponse (minutes)"), target.response),
            "resolution": (gettext("Priorité %(priority)s : résolution (minutes)"), target.resolution),
        }
        for name, (label, initial) in minutes.items():
            field = forms.IntegerField(label=label % word, min_value=1, max_value=60_000, initial=initial // MINUTE)
            field.widget.attrs |= {"class": "fr-input", "aria-label": label % word}
            self.fields[f"{name}_{priority}"] = field
        label = gettext("Priorité %(priority)s : jour et nuit, jours fermés compris") % word
        clock = forms.BooleanField(label=label, required=False, initial=target.round_the_clock)
        clock.widget.attrs["aria-label"] = label
        self.fields[f"clock_{priority}"] = clock

    def rows(self) -> list[tuple[str, list[Any]]]:
        """For the table: the priority, then its three fields."""
        names = ("response", "resolution", "clock")
        return [(str(priority.label), [self[f"{name}_{priority}"] for name in names]) for priority in Priority]

    def others(self) -> list[Any]:
        return [self[name] for name in self.base_fields]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for priority in Priority:
            response, resolution = data.get(f"response_{priority}"), data.get(f"resolution_{priority}")
            if response and resolution and resolution < response:
                self.add_error(f"resolution_{priority}", gettext("La résolution ne peut précéder la première réponse."))
        return data

    def targets(self) -> dict[int, Target]:
        """Of a valid form, as ``days``."""
        data = self.cleaned_data
        return {
            p: Target(data[f"response_{p}"] * MINUTE, data[f"resolution_{p}"] * MINUTE, data[f"clock_{p}"])
            for p in Priority
        }

    def days(self) -> Days:
        data = self.cleaned_data
        return Days(data["remind_days"], data["close_days"], data["reopen_days"])


def clock_field(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


class CalendarForm(Form):
    zone = forms.ChoiceField(label=_("Zone de vacances scolaires"), choices=DeskSettings.Zone.choices, required=False)
    holidays = forms.ChoiceField(
        label=_("Pendant les vacances, l'assistance est"), choices=DeskSettings.Holidays.choices
    )
    opens = clock_field(_("Horaires réduits : ouverture"))
    closes = clock_field(_("Horaires réduits : fermeture"))
    periods = forms.CharField(
        label=_("Périodes ajoutées ou corrigées"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "Une par ligne : 17/10/2026 - 01/11/2026 Toussaint. Une période saisie ici remplace celles du calendrier national qu'elle recouvre."
        ),
    )

    def clean_periods(self) -> list[Period]:
        rows = []
        for rank, line in enumerate(self.cleaned_data["periods"].splitlines(), 1):
            if not line.strip():
                continue
            try:
                first, last, name = closure_line(line.strip())
            except ValueError as error:
                text = gettext("Ligne %(rank)s : écrivez 17/10/2026 - 01/11/2026 Toussaint.") % {"rank": rank}
                raise forms.ValidationError(text) from error
            rows.append(Period(name, first, last))
        return rows

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        opens, closes = data.get("opens"), data.get("closes")
        if data.get("holidays") == DeskSettings.Holidays.REDUCED and not (opens and closes and opens < closes):
            self.add_error("opens", gettext("Donnez une ouverture et une fermeture qui la suit."))
        elif opens and closes and opens >= closes:
            self.add_error("closes", gettext("La fermeture suit l'ouverture."))
        return data | {"hours": (opens, closes) if opens and closes else None}


class OnCallForm(Form):
    account = AccountField(label=_("Qui"), queryset=Account.objects.none(), empty_label=_("Choisir"))
    starts_at = forms.DateTimeField(
        label=_("Du"), widget=forms.DateTimeInput(attrs=MOMENT, format=FORMAT), input_formats=[FORMAT]
    )
    ends_at = forms.DateTimeField(
        label=_("Au"), widget=forms.DateTimeInput(attrs=MOMENT, format=FORMAT), input_formats=[FORMAT]
    )
    rank = forms.IntegerField(
        label=_("Rang"), min_value=1, max_value=20, initial=1, help_text=_("Le premier est prévenu d'abord.")
    )
    phone = phone_field(_("Téléphone"))
    address = forms.EmailField(
        label=_("Adresse hors de l'académie"),
        required=False,
        help_text=_("La messagerie de l'académie peut être en panne : une adresse qui n'en dépend pas."),
    )

    def __init__(self, *args: Any, organisation_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = people_with(organisation_id, Role.SUPPORT, Role.ADMINISTRATOR)
        self.fields["account"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        starts, ends = data.get("starts_at"), data.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", gettext("La fin précède le début."))
        return data
