"""Forms of the desk: what narrows the list, what is done to one request or to several, ready answers, opinions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.models import Account, ApplicationRequest
from ecritoire.common.forms import Form

from .desk_list import DeskFilters
from .forms import AnswerForm, QueueForm, text_field
from .models import Incident, Queue, Satisfaction, Ticket, TicketLink
from .ready_answers import unknown_variables
from .selectors import agents_and, desk_agents, tickets_visible_to, watchers_possible
from .services.account_acts import WAITING

State = Ticket.State
FACES = {Satisfaction.Score.GOOD: "🙂", Satisfaction.Score.FAIR: "😐", Satisfaction.Score.BAD: "🙁"}


class AgentField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, account: Account) -> str:
        return account.display_name


class DateField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DeskForm(QueueForm):
    """What narrows the list; a value that means nothing is ignored."""

    sort = forms.ChoiceField(label=_("Ordre"), required=False)
    line = forms.ChoiceField(label=_("File"), required=False)
    channel = forms.ChoiceField(label=_("Arrivée par"), required=False)
    school = forms.CharField(label=_("UAI de l'établissement"), required=False, max_length=8)
    incident = forms.ChoiceField(label=_("Incident"), required=False)
    since = DateField(label=_("Ouverte depuis le"), required=False)
    until = DateField(label=_("Ouverte jusqu'au"), required=False)

    FIRST = ("q", "state", "priority", "kind", "whose", "due")

    def __init__(self, *args: Any, viewer: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].label = _("Numéro, nom, mots du texte ou des réponses")
        own, every = viewer.organisation_id, ("", gettext("Toutes"))
        agents = [(str(agent.pk), agent.display_name) for agent in desk_agents(organisation=own).exclude(pk=viewer.pk)]
        self.fields["whose"].choices += agents  # type: ignore[attr-defined]
        incidents = Incident.objects.filter(organisation=own).values_list("pk", "title")[:50]
        choices: dict[str, list[Any]] = {
            "sort": [
                ("pressing", gettext("Les plus urgentes")),
                ("oldest", gettext("Les plus anciennes")),
                ("newest", gettext("Les plus récentes")),
            ],
            "line": [every, *((str(q.pk), q.name) for q in Queue.objects.filter(organisation=own))],
            "channel": [("", gettext("Tous")), *Ticket.Channel.choices],
            "incident": [("", gettext("Tous")), *((str(pk), title) for pk, title in incidents)],
        }
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]

    @property
    def first(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FIRST]

    @property
    def others(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in self.FIRST]

    @property
    def is_detailed(self) -> bool:
        return any(self.data.get(field.name) for field in self.others)

    def filters(self) -> DeskFilters:
        self.full_clean()
        data: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if value}
        search = data.pop("q", "")
        if data.get("due"):
            data["sort"] = "due"
        return DeskFilters(search=search, **data)


class SavedFilterForm(Form):
    name = forms.CharField(label=_("Nom du filtre"), max_length=60)
    query = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)


class DeskAnswerForm(AnswerForm):
    """``seen``: the last message there was when the page was read; ``ready``: the ready answer it began with."""

    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    ready = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)


class ClassifyForm(Form):
    """All that the desk decides of a request, in one gesture. The line and who has it count as chosen when they differ from what the page
    showed: saved from an old page, they undo nobody's choice."""

    state = forms.ChoiceField(label=_("État"), choices=State.choices)
    kind = forms.ChoiceField(
        label=_("Nature"),
        choices=Ticket.Kind.choices,
        help_text=_("Une autre nature suit ses règles (ligne, priorité, délais), sauf ce que vous choisissez ici."),
    )
    priority = forms.TypedChoiceField(label=_("Priorité"), choices=Ticket.Priority.choices, coerce=int)
    queue = forms.ModelChoiceField(
        label=_("Ligne"),
        queryset=Queue.objects.none(),
        required=False,
        empty_label=_("Ligne commune"),
        show_hidden_initial=True,
    )
    assignee = AgentField(
        label=_("Confiée à"),
        queryset=Account.objects.none(),
        required=False,
        empty_label=_("Personne"),
        show_hidden_initial=True,
    )
    BY_HAND = ("queue", "assignee")

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        names = ("state", "kind", "priority")
        initial = {name: getattr(ticket, name) for name in names}
        initial |= {"queue": ticket.queue_id, "assignee": ticket.assignee_id}
        super().__init__(*args, initial=initial, **kwargs)
        lines: Any = self.fields["queue"]
        lines.queryset = Queue.objects.filter(organisation=ticket.organisation_id)
        known = list(lines.queryset)
        lines.choices = [("", lines.empty_label), *((line.pk, line.name) for line in known)]
        if not known:
            del self.fields["queue"]
        self.fields["assignee"].queryset = agents_and(ticket)  # type: ignore[attr-defined]

    def by_hand(self) -> dict[str, Any]:
        """Of a valid form: what was chosen besides the kind."""
        return {name: self.cleaned_data[name] for name in self.BY_HAND if name in self.changed_data}


class AssignForm(Form):
    assignee = AgentField(
        label=_("Confier à"), queryset=Account.objects.none(), required=False, empty_label=_("Personne")
    )

    def __init__(self, *args: Any, viewer: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = desk_agents(organisation=viewer.organisation_id)  # type: ignore[attr-defined]


class OtherForm(Form):
    """Another request, by its number, among those the agent may see."""

    number = forms.CharField(label=_("Numéro de l'autre demande"), max_length=12)

    def __init__(self, *args: Any, viewer: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer

    def clean_number(self) -> Ticket:
        number = self.cleaned_data["number"].strip()
        found = tickets_visible_to(self.viewer).filter(number=number).first()
        if found is None:
            raise forms.ValidationError(gettext("Aucune demande n'a ce numéro."))
        return found


class LinkForm(OtherForm):
    kind = forms.ChoiceField(
        label=_("Cette demande est"),
        choices=[(kind.value, kind.label) for kind in TicketLink.Kind if kind != TicketLink.Kind.SPLIT],
    )
    field_order = ("kind", "number")


class SplitForm(Form):
    message = forms.ChoiceField(label=_("Message à séparer"))
    subject = forms.CharField(label=_("Objet de la nouvelle demande"), max_length=160)

    def __init__(self, *args: Any, said: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["message"].choices = [(str(row.pk), row.text[:80]) for row in said]  # type: ignore[attr-defined]


class WatcherForm(Form):
    account = AgentField(label=_("Faire suivre par"), queryset=Account.objects.none())

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = watchers_possible(ticket)  # type: ignore[attr-defined]


class ApplicationForm(Form):
    request: forms.ModelChoiceField[ApplicationRequest] = forms.ModelChoiceField(
        label=_("Application"), queryset=None, empty_label=None
    )
    decision = forms.ChoiceField(
        label=_("Décision"), choices=[("approve", _("Accepter")), ("refuse", _("Refuser"))], widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("Explication pour la personne"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["request"]
        field.queryset = account.application_requests.filter(state=WAITING)
        field.label_from_instance = lambda row: f"{row.name} ({row.get_family_display()})"


class ReadyForm(Form):
    title = forms.CharField(label=_("Titre"), max_length=100)
    kind = forms.ChoiceField(label=_("Pour la nature"), required=False)
    text = text_field(_("Texte"))
    is_own = forms.BooleanField(label=_("Pour moi seulement"), required=False)

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", gettext("Toutes")), *Ticket.Kind.choices]  # type: ignore[attr-defined]
        if not may_share:
            del self.fields["is_own"]

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        if unknown := unknown_variables(text):
            raise forms.ValidationError(
                gettext("Variable inconnue : %(names)s.")
                % {"names": ", ".join(f"{{{{ {name} }}}}" for name in unknown)}
            )
        return text


class OpinionForm(Form):
    score = forms.TypedChoiceField(
        label=_("Avez-vous été bien aidé ?"),
        coerce=int,
        choices=[(score.value, f"{face} {str(score.label).capitalize()}") for score, face in FACES.items()],
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(
        label=_("Un mot de plus ?"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class EmptyForm(Form):
    """An act that needs to be told nothing more."""


def bulk_form(name: str, *, viewer: Account, tickets: list[Ticket], data: Any = None) -> Form:
    """What an act on several requests asks for."""
    own = viewer.organisation_id
    if name == "assign":
        return AssignForm(data, viewer=viewer)
    form = EmptyForm(data)
    fields: dict[str, forms.Field] = {
        "state": forms.ChoiceField(label=_("État"), choices=State.choices),
        "priority": forms.TypedChoiceField(label=_("Priorité"), choices=Ticket.Priority.choices, coerce=int),
        "kind": forms.ChoiceField(label=_("Nature"), choices=Ticket.Kind.choices),
        "line": forms.ModelChoiceField(
            label=_("File"), queryset=Queue.objects.filter(organisation=own), required=False, empty_label=_("Aucune")
        ),
        "incident": forms.ModelChoiceField(
            label=_("Incident"),
            queryset=Incident.objects.filter(organisation=own).exclude(state=Incident.State.RESOLVED),
            empty_label=None,
        ),
        "into": forms.ChoiceField(
            label=_("Les regrouper dans"), choices=[(row.number, f"{row.number} – {row.subject}") for row in tickets]
        ),
    }
    answer = DeskAnswerForm(data)
    wanted = {"merge": ["into"], "answer": []}.get(name, [name] if name in fields else [])
    form.fields |= {key: fields[key] for key in wanted}
    if name == "answer":
        form.fields |= {key: answer.fields[key] for key in ("text", "state")}
    for field in form.fields.values():
        if isinstance(field.widget, forms.Select):
            field.widget.attrs["class"] = "fr-select"
    return form
