from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ecritoire.common.forms import Form
from ecritoire.directory.models import Person

from .detector import NEVER, Found, found_in
from .models import Flag, Member, Section

NAMES = {
    Found.PASSWORD: _("un mot de passe"),
    Found.NIR: _("un numéro de sécurité sociale"),
    Found.IBAN: _("un IBAN"),
    Found.PHONE: _("un numéro de téléphone"),
    Found.ADDRESS: _("une adresse électronique"),
}
TAGS = 5
LONGEST = 10_000


def names_of(found: set[Found]) -> str:
    return ", ".join(str(NAMES[kind]) for kind in sorted(found))


class PostForm(Form):
    """A text without personal data: what looks like some is refused, or confirmed when it may be a mistake of ours."""

    text = forms.CharField(
        label=_("Votre message"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 7, "data-mentions": ""}),
        help_text=_(
            "Markdown : **gras**, - liste, [lien](https://…). « @ » et un nom prévient un collègue."
            " Ni mot de passe, ni donnée personnelle."
        ),
    )
    confirm = forms.BooleanField(
        label=_("Je confirme : ce n'est pas une donnée personnelle, ou elle est publique"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.doubtful = False
        if "confirm" not in self.data:
            self.fields["confirm"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        said = "\n".join(str(data.get(name, "")) for name in ("title", "text", "tags"))
        found = found_in(said)
        names = names_of(found)
        if found & NEVER:
            self.add_error("text", _("Le texte semble contenir %(what)s : retirez-le.") % {"what": names})
        elif found and not data.get("confirm"):
            self.fields["confirm"].widget = forms.CheckboxInput()
            message = _("Le texte semble contenir %(what)s : retirez-le, ou confirmez plus bas.") % {"what": names}
            self.add_error("text", message)
        return data


class TopicForm(PostForm):
    title = forms.CharField(label=_("Votre question, en une phrase"), max_length=160)
    section = forms.ModelChoiceField(label=_("Section"), queryset=Section.objects.none())
    tags = forms.CharField(
        label=_("Étiquettes"), max_length=160, required=False, help_text=_("Cinq au plus, séparées par des virgules.")
    )
    field_order = ("title", "section", "text", "tags", "confirm")

    def clean_tags(self) -> list[str]:
        found = [tag.strip().lower() for tag in self.cleaned_data["tags"].split(",") if tag.strip()]
        if len(found) > TAGS or any(len(tag) > 30 for tag in found):  # noqa: PLR2004 - the column
            raise forms.ValidationError(_("Cinq étiquettes au plus, de trente caractères au plus."))
        return list(dict.fromkeys(found))


class FlagForm(Form):
    reason = forms.ChoiceField(label=_("Raison"), choices=Flag.Reason)
    text = forms.CharField(label=_("Précisions"), max_length=300, required=False)


class SettingsForm(Form):
    notify = forms.ChoiceField(label=_("M'écrire quand il y a du nouveau dans ce que je suis"), choices=Member.Notify)
    shows_function = forms.BooleanField(label=_("Montrer ma fonction à côté de mon nom"), required=False)


class SectionForm(Form):
    name = forms.CharField(label=_("Nom"), max_length=80)
    description = forms.CharField(label=_("Description"), max_length=200, required=False)
    order = forms.IntegerField(label=_("Rang"), min_value=0, max_value=99, initial=0)
    categories = forms.MultipleChoiceField(
        label=_("Réservée à"),
        choices=Person.Category,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Aucune case : ouverte à tous."),
    )


class SplitForm(Form):
    """Which answers leave a topic, and what the new one asks."""

    title = forms.CharField(label=_("Question du nouveau sujet"), max_length=160)
    posts = forms.MultipleChoiceField(
        label=_("Réponses à y déplacer"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("La première choisie devient la question."),
    )
