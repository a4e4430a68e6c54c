"""A program that may feed the directory, or work with the help desk."""

from __future__ import annotations

import ipaddress
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.models import FEEDING, ApiClient, ApiScope
from ecritoire.common.forms import Form
from ecritoire.directory.models import Organisation

NETWORKS_LIMIT = 50
NOTHING = ("", _("rien"))


def _choices(*families: str) -> list[tuple[str, Any]]:
    """The scopes of these families."""
    return [choice for choice in ApiScope.choices if choice[0].partition(":")[0] in families]


def _scope_field(label: Any, *families: str) -> forms.ChoiceField:
    choices = [NOTHING, *_choices(*families)]
    return forms.ChoiceField(label=label, choices=choices, required=False, widget=forms.RadioSelect)


class ClientForm(Form):
    """A client that feeds the directory speaks one protocol; it keeps it for life, since its source does."""

    name = forms.CharField(
        label=_("Nom"), max_length=80, help_text=_("Le logiciel qui appelle : « SIRH », « annuaire ».")
    )
    scope = _scope_field(_("Dans l'annuaire"), *FEEDING)
    tickets = _scope_field(_("Des demandes d'assistance"), "tickets")
    incidents = _scope_field(_("Des incidents"), "incidents")
    networks = forms.CharField(
        label=_("Adresses admises"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("Une adresse ou un réseau par ligne : 192.0.2.7, 2001:db8::/32. Vide : toutes."),
        max_length=4_000,
    )

    def __init__(self, *args: Any, organisation: Organisation, client: ApiClient | None = None, **kwargs: Any) -> None:
        self.organisation, self.client = organisation, client
        if client is not None:
            kwargs.setdefault("initial", _initial(client))
        super().__init__(*args, **kwargs)
        if client is not None:
            del self.fields["name"]
            if client.feeds_by:
                self.fields["scope"].choices = [NOTHING, *_choices(client.feeds_by)]  # type: ignore[attr-defined]
            elif client.source_id:
                protocol = {"scim": "scim", "rest": "staff"}[client.source.kind]  # type: ignore[union-attr]
                self.fields["scope"].choices = [NOTHING, *_choices(protocol)]  # type: ignore[attr-defined]

    @property
    def scopes(self) -> list[ApiScope]:
        """Of a valid form."""
        asked = (self.cleaned_data[name] for name in ("scope", "tickets", "incidents"))
        return [ApiScope(scope) for scope in asked if scope]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not any(data.get(name) for name in ("scope", "tickets", "incidents")):
            self.add_error("scope", gettext("Choisissez au moins une chose qu'il peut."))
        return data

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if ApiClient.objects.filter(organisation=self.organisation, name=name).exists():
            raise ValidationError(gettext("Un client porte déjà ce nom."))
        return name

    def clean_networks(self) -> list[str]:
        lines = list(dict.fromkeys(self.cleaned_data["networks"].split()))
        if len(lines) > NETWORKS_LIMIT:
            raise ValidationError(gettext("Au plus %(limit)s lignes.") % {"limit": NETWORKS_LIMIT})
        faults, networks = [], []
        for line in lines:
            try:
                networks.append(str(ipaddress.ip_network(line, strict=False)))
            except ValueError:
                faults.append(gettext("« %(line)s » n'est ni une adresse ni un réseau.") % {"line": line})
        if faults:
            raise ValidationError(faults)
        return networks


def _initial(client: ApiClient) -> dict[str, str]:
    granted = {"networks": "\n".join(client.networks)}
    names = {"tickets": "tickets", "incidents": "incidents"}
    return granted | {names.get(scope.partition(":")[0], "scope"): scope for scope in client.scopes}
