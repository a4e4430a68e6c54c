"""An address that wants to be told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecritoire.common.forms import Form
from ecritoire.common.outbound import Refused, target_of
from ecritoire.directory.models import Organisation

from .models import Webhook
from .webhooks.services import Wanted


class WebhookForm(Form):
    name = forms.CharField(
        label=_("Nom"), max_length=80, help_text=_("Le logiciel qui reçoit : « GLPI », « supervision ».")
    )
    url = forms.CharField(
        label=_("Adresse"),
        max_length=500,
        help_text=_("En https://. Elle est appelée telle quelle : aucune redirection n'est suivie."),
        widget=forms.URLInput(attrs={"spellcheck": "false"}),
    )
    events = forms.MultipleChoiceField(
        label=_("Ce qui lui est dit"), choices=Webhook.Event.choices, widget=forms.CheckboxSelectMultiple
    )
    with_texts = forms.BooleanField(
        label=_("Joindre l'objet, les textes et le nom de la personne"),
        required=False,
        help_text=_(
            "Sans cela : le numéro, la nature, l'état, la priorité. Les notes internes ne sont jamais envoyées."
        ),
    )

    def __init__(self, *args: Any, organisation: Organisation, webhook: Webhook | None = None, **kwargs: Any) -> None:
        self.organisation, self.webhook = organisation, webhook
        if webhook is not None:
            names = ("name", "url", "events", "with_texts")
            kwargs.setdefault("initial", {name: getattr(webhook, name) for name in names})
        super().__init__(*args, **kwargs)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        same = Webhook.objects.filter(organisation=self.organisation, name=name)
        if self.webhook is not None:
            same = same.exclude(pk=self.webhook.pk)
        if same.exists():
            raise ValidationError(gettext("Un webhook porte déjà ce nom."))
        return name

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            target_of(url)
        except Refused as refused:
            raise ValidationError(str(refused)) from None
        return url

    @property
    def wanted(self) -> Wanted:
        """Of a valid form."""
        data = self.cleaned_data
        return Wanted(name=data["name"], url=data["url"], events=data["events"], with_texts=data["with_texts"])
