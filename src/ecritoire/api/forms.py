"""A program that may feed the directory."""

from __future__ import annotations

import ipaddress
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.models import ApiClient, ApiScope
from ecritoire.common.forms import Form
from ecritoire.directory.models import Organisation

NETWORKS_LIMIT = 50


class ClientForm(Form):
    """A client speaks one protocol; it keeps it for life, since its source does."""

    name = forms.CharField(
        label=_("Nom"), max_length=80, help_text=_("Le logiciel qui appelle : « SIRH », « annuaire ».")
    )
    scope = forms.ChoiceField(label=_("Ce qu'il peut"), choices=ApiScope.choices, widget=forms.RadioSelect)
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
            kwargs.setdefault("initial", {"scope": client.scopes[0], "networks": "\n".join(client.networks)})
        super().__init__(*args, **kwargs)
        if client is not None:
            del self.fields["name"]
            same = [
                (scope, label)
                for scope, label in ApiScope.choices
                if scope.split(":")[0] == client.scopes[0].split(":")[0]
            ]
            self.fields["scope"].choices = same  # type: ignore[attr-defined]

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
