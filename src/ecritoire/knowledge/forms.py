from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecritoire.common.forms import Form

from .markdown import faults_in
from .models import Article, Topic
from .services.articles import Text


def kinds_written() -> list[tuple[str, Any]]:
    """A video has a page of its own."""
    return [choice for choice in Article.Kind.choices if choice[0] != Article.Kind.VIDEO]


class ArticleForm(Form):
    """A new article, or a new version of one."""

    title = forms.CharField(label=_("Titre"), max_length=160)
    kind = forms.ChoiceField(label=_("Nature"), choices=kinds_written)
    topic = forms.ChoiceField(label=_("Thème"), choices=Topic)
    summary = forms.CharField(
        label=_("Résumé"), max_length=300, required=False, help_text=_("Une phrase, sous le titre dans les listes.")
    )
    keywords = forms.CharField(
        label=_("Autres façons de le demander"),
        max_length=400,
        required=False,
        help_text=_("Les mots que les gens emploient, pour que la recherche trouve."),
    )
    body = forms.CharField(
        label=_("Texte"),
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text=_(
            "En Markdown : ## Titre, 1. étape, **gras**, [lien](article:nom-de-l-article) ou [lien](page:accounts:recovery)."
        ),
    )
    is_public = forms.BooleanField(label=_("Lisible sans se connecter"), required=False)
    review_by = forms.DateField(
        label=_("À relire avant le"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        faults = faults_in(body, slugs=Article.objects.values_list("slug", flat=True))
        if faults:
            raise forms.ValidationError(faults)
        return body

    @property
    def text(self) -> Text:
        """Of a valid form."""
        data: dict[str, Any] = self.cleaned_data
        return Text(title=data["title"], summary=data["summary"], keywords=data["keywords"], body=data["body"])


class PublishForm(Form):
    at = forms.DateTimeField(
        label=_("Publier le"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Vide : tout de suite."),
        input_formats=["%Y-%m-%dT%H:%M"],
    )

    def clean_at(self) -> Any:
        at = self.cleaned_data["at"]
        if at and at <= timezone.now():
            raise forms.ValidationError(_("Cette date est passée : laissez vide pour publier tout de suite."))
        return at


class RefuseForm(Form):
    note = forms.CharField(label=_("Ce qu'il faut reprendre"), max_length=300)


class OpinionForm(Form):
    text = forms.CharField(
        label=_("Qu'est-ce qui manquait ?"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class DeskForm(Form):
    q = forms.CharField(label=_("Chercher"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Nature"), required=False, choices=[("", _("toutes")), *Article.Kind.choices])
    need = forms.ChoiceField(
        label=_("À faire"),
        required=False,
        choices=[
            ("", _("tout")),
            ("review", _("à relire")),
            ("draft", _("brouillons")),
            ("scheduled", _("programmés")),
            ("old", _("à remettre à jour")),
            ("disliked", _("jugés peu utiles")),
        ],
    )


class ChoiceForm(Form):
    """One way out of a crossroad. Exactly one destination."""

    label = forms.CharField(label=_("Réponse"), max_length=160)
    crossroad = forms.CharField(label=_("Vers la question"), required=False, max_length=80)
    article = forms.CharField(label=_("Vers l'article"), required=False, max_length=80)
    page = forms.CharField(label=_("Vers la page"), required=False, max_length=60)


class CrossroadForm(Form):
    slug = forms.SlugField(
        label=_("Nom court"), max_length=80, help_text=_("Dans l'adresse de la page : lettres, chiffres, tirets.")
    )
    question = forms.CharField(label=_("Question"), max_length=200)
    hint = forms.CharField(label=_("Précision"), max_length=300, required=False)
