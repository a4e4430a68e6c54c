"""An académie as the console and the command line describe it: one form, so that both refuse the same."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecritoire.common.forms import Form
from launcher.config import LABEL
from launcher.site import PARTNER_DOMAIN, STORE_DOMAIN

from .colours import HEXADECIMAL, LEAST, Palette, dark, light
from .models import MailDomain, Organisation

DOMAIN = re.compile(rf"^{LABEL}(\.{LABEL})+$")
HOST = re.compile(rf"^{LABEL}(\.{LABEL})*$")
FROM_FILE = ("name", "host", "theme")
GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("L'académie"), ("name", "short_name", "mail_domain", "more_domains", "siret")),
    (_("Ses pages"), ("host", "theme", "accent", "accent_dark")),
    (_("Assistance et coordonnées"), ("support_phone", "support_hours", "support_address", "dsi_address")),
)


class AcademyForm(Form):
    """``organisation`` is the one to change; without it, one is made. What ``ecritoire.toml`` says is not changed here."""

    name = forms.CharField(
        label=_("Nom"), max_length=120, help_text=_("En tête de chaque page, des courriers et des messages")
    )
    short_name = forms.CharField(label=_("Nom court"), max_length=40, required=False)
    mail_domain = forms.CharField(
        label=_("Domaine de messagerie"), max_length=253, help_text=_("Celui des adresses ; il ne change plus ensuite.")
    )
    more_domains = forms.CharField(
        label=_("Autres domaines"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "autocapitalize": "none"}),
        help_text=_("Un par ligne. Le courrier qui leur est adressé arrive aux mêmes personnes."),
    )
    siret = forms.CharField(
        label=_("SIRET"),
        required=False,
        max_length=14,
        validators=[RegexValidator(r"^[0-9]{14}$", _("Un SIRET compte quatorze chiffres."))],
    )
    host = forms.CharField(
        label=_("Nom d'hôte du portail"),
        required=False,
        max_length=253,
        help_text=_("Par exemple messagerie.ac-exemple.fr. Vide : celui de l'installation."),
    )
    theme = forms.ChoiceField(
        label=_("Thème"),
        choices=Organisation.Theme.choices,
        initial=Organisation.Theme.NEUTRAL,
        help_text=_("La marque de l'État est réservée à qui peut s'en prévaloir."),
    )
    accent = forms.CharField(
        label=_("Couleur des pages claires"),
        required=False,
        max_length=7,
        help_text=_("#rrvvbb ; vide : celle du produit"),
    )
    accent_dark = forms.CharField(
        label=_("Couleur des pages sombres"), required=False, max_length=7, help_text=_("Vide : tirée de la première")
    )
    support_phone = forms.CharField(label=_("Téléphone de l'assistance"), required=False, max_length=40)
    support_hours = forms.CharField(label=_("Horaires"), required=False, max_length=120)
    support_address = forms.EmailField(
        label=_("Adresse prévenue des urgences"), required=False, help_text=_("Vide : chaque agent d'assistance l'est.")
    )
    dsi_address = forms.CharField(
        label=_("Adresse postale"),
        required=False,
        max_length=240,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("En tête des lettres"),
    )

    def __init__(self, *args: Any, organisation: Organisation | None = None, **kwargs: Any) -> None:
        self.organisation = organisation
        if organisation:
            kwargs.setdefault("initial", initial_of(organisation))
        super().__init__(*args, **kwargs)
        fixed = ("mail_domain",) if organisation else ()
        for name in (*fixed, *FROM_FILE) if organisation and organisation.is_own else fixed:
            self.fields[name].disabled = True
        if organisation and organisation.is_own:
            self.fields["name"].help_text = gettext("Comme l'hôte et le thème, il se change dans ecritoire.toml.")

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names]) for title, names in GROUPS]

    def clean_mail_domain(self) -> str:
        domain = str(self.cleaned_data["mail_domain"]).strip().lower()
        return domain if self.organisation else self._free(domain)

    def clean_more_domains(self) -> list[str]:
        """``domains`` below one another would make two owners of one address's world: each stands alone."""
        domains = list(dict.fromkeys(str(self.cleaned_data["more_domains"]).lower().split()))
        return [self._free(domain) for domain in domains]

    def _free(self, domain: str) -> str:
        if not DOMAIN.match(domain):
            raise ValidationError(gettext("« %(domain)s » n'est pas un domaine complet.") % {"domain": domain})
        own = self.organisation.pk if self.organisation else None
        taken = MailDomain.objects.filter(domain=domain).exclude(organisation=own).exists()
        reserved = domain in {STORE_DOMAIN, f"invalid.{STORE_DOMAIN}", PARTNER_DOMAIN}
        if taken or reserved or Organisation.objects.filter(mail_domain=domain).exists():
            raise ValidationError(gettext("Le domaine « %(domain)s » est déjà pris.") % {"domain": domain})
        return domain

    def clean_host(self) -> str:
        host = str(self.cleaned_data["host"]).strip().lower()
        if not host or (self.organisation and self.organisation.is_own):
            return "" if self.organisation and self.organisation.is_own else host
        if not HOST.match(host):
            raise ValidationError(gettext("« %(host)s » n'est pas un nom d'hôte.") % {"host": host})
        others = Organisation.objects.filter(host=host)
        others = others.exclude(pk=self.organisation.pk) if self.organisation else others
        if others.exists() or host in {settings.CONFIG.site.host, "localhost", "127.0.0.1"}:
            raise ValidationError(gettext("Cet hôte est déjà celui d'une autre académie."))
        return host

    def clean_accent(self) -> str:
        return _readable(str(self.cleaned_data["accent"]), light)

    def clean_accent_dark(self) -> str:
        return _readable(str(self.cleaned_data["accent_dark"]), dark)

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or self.cleaned_data
        if data.get("accent_dark") and not data.get("accent") and "accent" not in self.errors:
            self.add_error("accent", gettext("Donnez aussi la couleur des pages claires."))
        return data


def _readable(colour: str, palette: Any) -> str:
    colour = colour.strip().lower()
    if not colour:
        return ""
    if not HEXADECIMAL.match(colour):
        raise ValidationError(gettext("Une couleur s'écrit #rrvvbb, par exemple #7a1f5c."))
    shades: Palette = palette(colour)
    if not shades.is_readable:
        ratio = number_format(shades.least_contrast, 1)
        text = gettext(
            "Contraste de %(ratio)s avec les fonds et les textes des pages : il en faut %(least)s (RGAA 3.2)."
        )
        raise ValidationError(text % {"ratio": ratio, "least": number_format(LEAST, 1)})
    return colour


def initial_of(organisation: Organisation) -> dict[str, Any]:
    own = {name: getattr(organisation, name) for _title, names in GROUPS for name in names if name != "more_domains"}
    if organisation.is_own:
        own |= {"host": settings.CONFIG.site.host}
    return own | {
        "more_domains": "\n".join(organisation.more_domains.order_by("domain").values_list("domain", flat=True))
    }
