"""Forms of the help desk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecritoire.common.forms import Form

from .file_fields import FilesField
from .models import Ticket
from .selectors import QueueFilters

Kind, Priority, State = Ticket.Kind, Ticket.Priority, Ticket.State


def text_field(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=5000, help_text=help_text, widget=forms.Textarea(attrs={"rows": 6}))


class HelpForm(Form):
    """What the person says; who they are and what failed is known already."""

    field_order = ("kind", "discipline", "subject", "text", "contact")

    kind = forms.ChoiceField(label=_("De quoi s'agit-il ?"), choices=Kind.choices)
    subject = forms.CharField(label=_("En quelques mots"), max_length=160)
    text = text_field(
        _("Que se passe-t-il ?"),
        _("Ce que vous faisiez, ce que vous avez vu, depuis quand. N'écrivez jamais votre mot de passe."),
    )
    contact = forms.CharField(
        label=_("Où vous joindre"),
        max_length=254,
        required=False,
        help_text=_("Un téléphone, ou une adresse où vous lisez vos messages si votre boîte ne s'ouvre pas."),
    )
    attachments = FilesField()

    discipline = forms.ChoiceField(
        label=_("Discipline"),
        required=False,
        help_text=_("Pour une question pédagogique : elle va à l'interlocuteur de la discipline."),
    )

    without_mail = forms.BooleanField(
        label=_("Ne pas joindre mes messages non remis ou refusés"),
        required=False,
        help_text=_("Leurs correspondants y sont nommés ; ni objet ni contenu."),
    )

    def __init__(self, *args: Any, disciplines: Sequence[str] = (), has_failures: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_failures:
            del self.fields["without_mail"]
        if not disciplines:
            del self.fields["discipline"]
            return
        choices = [("", gettext("Choisir")), *((name, name) for name in disciplines), ("-", gettext("Une autre"))]
        self.fields["discipline"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        wanted = "discipline" in self.fields and data.get("kind") == Kind.PEDAGOGY
        if wanted and not data.get("discipline") and "discipline" not in self.errors:
            self.add_error("discipline", gettext("Choisissez la discipline de votre question."))
        return data | {"discipline": data.get("discipline", "").strip("-") if wanted else ""}


class RelayForm(HelpForm):
    """The same for a colleague."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"].label = _("Où joindre la personne")


class MessageForm(Form):
    text = text_field(_("Message"))
    attachments = FilesField()


class AnswerForm(Form):
    text = text_field(_("Réponse à la personne"))
    attachments = FilesField()
    state = forms.ChoiceField(
        label=_("Ensuite, la demande est"),
        choices=[(state.value, state.label) for state in (State.WAITING, State.RESOLVED, State.IN_PROGRESS)],
    )


class NoteForm(Form):
    text = text_field(_("Note interne"), _("La personne ne la voit pas."))
    attachments = FilesField()


class QueueForm(Form):
    """What narrows the queue; a value that means nothing is ignored."""

    q = forms.CharField(label=_("Numéro, nom ou objet"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("État"), required=False)
    priority = forms.ChoiceField(label=_("Priorité"), required=False)
    kind = forms.ChoiceField(label=_("Nature"), required=False)
    whose = forms.ChoiceField(label=_("Confiée à"), required=False)
    due = forms.ChoiceField(label=_("Délai"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = ("", gettext("Toutes"))
        choices: dict[str, list[Any]] = {
            "state": [("open", gettext("Ouvertes")), ("all", gettext("Toutes")), *State.choices],
            "priority": [everything, *Priority.choices],
            "kind": [everything, *Kind.choices],
            "whose": [("", gettext("Tous")), ("mine", gettext("Moi")), ("nobody", gettext("Personne"))],
            "due": [
                ("", gettext("Tous")),
                ("late", gettext("En retard")),
                ("soon", gettext("Bientôt en retard")),
                ("next", gettext("Par échéance")),
            ],
        }
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]

    def filters(self) -> QueueFilters:
        self.full_clean()
        data = self.cleaned_data
        return QueueFilters(
            search=data.get("q", ""),
            state=data.get("state") or "open",
            priority=data.get("priority", ""),
            kind=data.get("kind", ""),
            whose=data.get("whose", ""),
            due=data.get("due", ""),
        )
