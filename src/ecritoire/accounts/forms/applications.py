"""Mail applications: asking, deciding, trusting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.models import AppFamily, MailProtocol, Population
from ecritoire.accounts.services.applications import trusted_families
from ecritoire.common.forms import Form

from .base import AccountForm, ReauthenticateForm

RECEPTION = (
    (MailProtocol.IMAP.value, _("IMAP : le courrier reste au serveur, le même partout (conseillé)")),
    (MailProtocol.POP3.value, _("POP : le courrier est rapatrié sur un seul appareil")),
    ("", _("aucune : l'application envoie seulement")),
)


class ApplicationForm(AccountForm):
    """What a person asks for. Families that wait for a decision say so."""

    name = forms.CharField(label=_("Nom"), max_length=80, help_text=_("Par exemple : Thunderbird sur mon portable"))
    family = forms.ChoiceField(label=_("Application"))
    reception = forms.ChoiceField(
        label=_("Réception"), choices=RECEPTION, widget=forms.RadioSelect, required=False, initial="imap"
    )
    sending = forms.BooleanField(label=_("Envoi (SMTP)"), required=False, initial=True)
    reason = forms.CharField(
        label=_("Pourquoi cette application ?"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("La DSI le lit quand elle doit décider."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        trusted, waits = trusted_families(self.account), gettext("%(family)s – sur décision de la DSI")
        choices = [(f.value, f.label if f in trusted else waits % {"family": f.label}) for f in AppFamily]
        self.fields["family"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or self.cleaned_data
        if not self.protocols():
            self.add_error("reception", gettext("Choisissez au moins la réception ou l'envoi."))
        return data

    def protocols(self) -> list[str]:
        reception, sending = self.cleaned_data.get("reception"), self.cleaned_data.get("sending")
        return [*([str(reception)] if reception else []), *([MailProtocol.SMTP.value] if sending else [])]


class SecretForm(ReauthenticateForm):
    """The gesture of its owner that brings the secret to light."""


class DecisionForm(Form):
    text = forms.CharField(
        label=_("Réponse à la personne"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Obligatoire pour refuser : ce qui manque, ou quelle application préférer."),
    )
    decision = forms.ChoiceField(choices=[("approve", ""), ("refuse", "")], widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or self.cleaned_data
        if data.get("decision") == "refuse" and not data.get("text"):
            self.add_error("text", gettext("Dites pourquoi la demande est refusée."))
        return data


class TrustForm(Form):
    family = forms.ChoiceField(
        label=_("Application"), choices=[choice for choice in AppFamily.choices if choice[0] != AppFamily.OTHER]
    )
    population = forms.ChoiceField(
        label=_("Population"), choices=[("", _("tout le monde")), *Population.choices], required=False
    )
