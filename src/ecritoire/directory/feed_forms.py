"""Forms of the feeds' console."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ecritoire.common.forms import Form

from .feed.mapping import Mapping, MappingInvalid, ready_mapping, ready_mappings
from .models import FeedMode, FeedSource

RANKS = [(rank, str(rank)) for rank in range(1, 10)]
DEFAULT_RANK = 5
FILED = [FeedSource.Kind.CSV, FeedSource.Kind.AAF]


class UploadForm(Form):
    source = forms.ModelChoiceField(label=_("Source"), queryset=FeedSource.objects.none(), empty_label=None)
    file = forms.FileField(
        label=_("Fichier"),
        help_text=_("CSV, ou archive zip d'un jeu AAF. Il est d'abord simulé : rien ne change."),
        widget=forms.FileInput(attrs={"accept": ".csv,.zip,text/csv,application/zip"}),
    )

    def __init__(self, *args: Any, organisation_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sources = FeedSource.objects.filter(organisation=organisation_id, is_active=True, kind__in=FILED)
        self.fields["source"].queryset = sources.select_related("organisation")  # type: ignore[attr-defined]


class SourceForm(Form):
    """One source; a rank for each attribute. What is empty in the mapping reads the columns of the default HR file."""

    name = forms.CharField(label=_("Nom"), max_length=80)
    kind = forms.ChoiceField(label=_("Nature"), choices=FeedSource.Kind.choices)
    mode = forms.ChoiceField(
        label=_("Fichiers CSV"),
        choices=FeedMode.choices,
        help_text=_("Un jeu AAF le dit lui-même par le nom de ses fichiers."),
    )
    mapping = forms.CharField(
        label=_("Correspondance des colonnes (JSON)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text=_("Pour un CSV : quelle colonne porte quoi. Vide : les colonnes du fichier RH par défaut."),
    )
    departures_limit = forms.IntegerField(
        label=_("Départs au-delà desquels demander (%)"), min_value=0, max_value=100, initial=5
    )
    address_changes_limit = forms.IntegerField(
        label=_("Changements d'adresse au-delà desquels demander (%)"), min_value=0, max_value=100, initial=5
    )
    faults_limit = forms.IntegerField(
        label=_("Fiches refusées tolérées (%)"),
        min_value=0,
        max_value=100,
        initial=0,
        help_text=_("0 : une seule erreur arrête tout. Sinon le reste s'applique, et nul n'est réputé parti."),
    )
    is_watched = forms.BooleanField(
        label=_("Dossier surveillé"),
        required=False,
        help_text=_("Ce qui est déposé dans son dossier est pris chaque minute."),
    )
    is_active = forms.BooleanField(label=_("Active"), required=False, initial=True)

    def __init__(self, *args: Any, source: FeedSource, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source = source
        for name, label in FeedSource.ATTRIBUTES.items():
            self.fields[f"rank_{name}"] = forms.TypedChoiceField(
                label=capfirst(label), choices=RANKS, coerce=int, widget=forms.Select(attrs={"class": "fr-select"})
            )
        self.initial = {**self._initial(), **self.initial}
        if source.pk:
            del self.fields["kind"]

    def _initial(self) -> dict[str, Any]:
        names = (
            "name",
            "kind",
            "mode",
            "departures_limit",
            "address_changes_limit",
            "faults_limit",
            "is_watched",
            "is_active",
        )
        values = {name: getattr(self.source, name) for name in names if self.source.pk}
        mapping = json.dumps(self.source.mapping, ensure_ascii=False, indent=2) if self.source.mapping else ""
        ranks = {f"rank_{name}": self.source.precedence.get(name, DEFAULT_RANK) for name in FeedSource.ATTRIBUTES}
        return values | ranks | {"mapping": mapping}

    @property
    def ranks(self) -> list[forms.BoundField]:
        return [self[f"rank_{name}"] for name in FeedSource.ATTRIBUTES]

    @property
    def settings(self) -> list[forms.BoundField]:
        return [field for field in self if not field.name.startswith("rank_")]

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        same = FeedSource.objects.filter(organisation=self.source.organisation_id, name=name).exclude(pk=self.source.pk)
        if same.exists():
            raise ValidationError(_("Une autre source porte déjà ce nom."))
        return name

    def clean_mapping(self) -> dict[str, Any]:
        text = str(self.cleaned_data["mapping"]).strip()
        if not text:
            return {}
        try:
            document = json.loads(text)
            Mapping.parse(document)
        except json.JSONDecodeError as error:
            message = _("Ce n'est pas du JSON : ligne %(line)s, %(error)s.") % {
                "line": error.lineno,
                "error": error.msg,
            }
            raise ValidationError(message) from error
        except MappingInvalid as error:
            raise ValidationError([f"{place} : {words}" for place, words in error.faults]) from error
        return dict(document)

    def filled(self) -> FeedSource:
        """The source as the form says it, not yet saved."""
        for name in self.fields:
            if not name.startswith("rank_"):
                setattr(self.source, name, self.cleaned_data[name])
        ranks = {name: self.cleaned_data[f"rank_{name}"] for name in FeedSource.ATTRIBUTES}
        self.source.precedence = {name: rank for name, rank in ranks.items() if rank != DEFAULT_RANK}
        return self.source


def ready_documents() -> list[tuple[str, str]]:
    """The mappings that come with the product, to copy from."""
    return [(name, json.dumps(ready_mapping(name), ensure_ascii=False, indent=2)) for name in ready_mappings()]
