"""Registering a service: what it is, who may enter, what it learns, and what its protocol needs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.models import Account
from ecritoire.common.forms import Form
from ecritoire.common.roles import Action, Role
from ecritoire.directory.models import Organisation, Person, Structure
from ecritoire.portal.models import SamlProvider, Service

from .addresses import address_check
from .claims import CATALOGUE
from .saml.metadata import Described, metadata_read
from .selectors import services_managed

ICONS = [
    "external",
    "school",
    "calendar",
    "users",
    "list",
    "folder",
    "tasks",
    "mail",
    "shield",
    "help",
    "journal",
    "image",
]
ICON_LABELS = {
    "external": _("lien"),
    "school": _("établissement"),
    "calendar": _("agenda"),
    "users": _("personnes"),
    "list": _("liste"),
    "folder": _("dossier"),
    "tasks": _("tâches"),
    "mail": _("courrier"),
    "shield": _("bouclier"),
    "help": _("aide"),
    "journal": _("journal"),
    "image": _("image"),
}

GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("Le service et sa tuile"), ("name", "description", "url", "category", "icon", "order")),
    (_("Qui peut entrer"), ("everywhere", "academies", "roles", "audience", "structures")),
    (_("Ce que le service apprend"), ("claims", "is_own")),
)


def addresses_field(label: Any, help_text: Any, *, required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "none"})
    return forms.CharField(label=label, help_text=help_text, required=required, widget=widget, max_length=5000)


def addresses_clean(text: str) -> list[str]:
    """One address a line, each fit to be registered. Raises ValidationError with every fault."""
    faults, addresses = [], list(dict.fromkeys(text.split()))
    for address in addresses:
        try:
            address_check(address)
        except ValidationError as error:
            faults += error.messages
    if faults:
        raise ValidationError(faults)
    return addresses


class ServiceForm(Form):
    """What every service has. The protocol's form adds its own fields."""

    name = forms.CharField(label=_("Nom"), max_length=80)
    description = forms.CharField(label=_("Description"), max_length=160, required=False)
    url = forms.URLField(label=_("Adresse ouverte par la tuile"), max_length=500, assume_scheme="https")
    category = forms.ChoiceField(label=_("Rubrique du portail"), choices=Service.Category.choices)
    icon = forms.ChoiceField(label=_("Icône"), choices=[(name, ICON_LABELS[name]) for name in ICONS])
    order = forms.IntegerField(label=_("Rang dans le portail"), min_value=1, max_value=999, initial=100)
    roles = forms.MultipleChoiceField(
        label=_("Rôles admis"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Aucun coché : tous les rôles."),
    )
    audience = forms.MultipleChoiceField(
        label=_("Catégories admises"),
        choices=Person.Category.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Aucune cochée : toutes."),
    )
    structures = forms.CharField(
        label=_("Établissements admis"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("Codes UAI, un par ligne. Vide : tous."),
        max_length=20_000,
    )

    everywhere = forms.BooleanField(
        label=_("Service de l'installation"),
        required=False,
        help_text=_("Proposé à plusieurs académies. Décoché : à la vôtre seulement."),
    )
    academies = forms.ModelMultipleChoiceField(
        label=_("Académies servies"),
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Pour un service de l'installation. Aucune cochée : toutes."),
    )

    def __init__(self, *args: Any, viewer: Account, service: Service | None = None, **kwargs: Any) -> None:
        self.service, self.viewer = service, viewer
        if service is not None:
            kwargs.setdefault("initial", self.initial_of(service))
        super().__init__(*args, **kwargs)
        self._whose()

    def _whose(self) -> None:
        """Only whoever looks after the installation chooses; the others connect services of their own académie."""
        if not self.viewer.may(Action.PLATFORM_MANAGE) or (self.service and self.service.organisation_id):
            del self.fields["academies"], self.fields["everywhere"]
            return
        self.fields["academies"].queryset = Organisation.objects.order_by("name")  # type: ignore[attr-defined]
        if self.service or not self.viewer.may(Action.SERVICE_MANAGE):
            del self.fields["everywhere"]

    @property
    def organisation(self) -> Organisation | None:
        """The académie whose service it is; None: the installation's."""
        if self.service:
            return self.service.organisation
        shared = "academies" in self.fields and ("everywhere" not in self.fields or self.cleaned_data["everywhere"])
        return None if shared else self.viewer.person.organisation

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or self.cleaned_data
        if not self.errors:
            data["organisation"] = self.organisation
        return data

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields under a few titles, for the page; what no title claims is the protocol's."""
        known = {name for _title, names in GROUPS for name in names}
        rest = (_("Protocole"), [name for name in self.fields if name not in known])
        grouped = [(title, [self[name] for name in names if name in self.fields]) for title, names in (*GROUPS, rest)]
        return [(title, fields) for title, fields in grouped if fields]

    def initial_of(self, service: Service) -> dict[str, Any]:
        names = ("name", "description", "url", "category", "icon", "order", "roles", "audience", "claims", "is_own")
        codes = service.structures.order_by("uai").values_list("uai", flat=True)
        own = {name: getattr(service, name) for name in names}
        return own | {"structures": "\n".join(codes), "academies": service.academies.all()}

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        known = services_managed(self.viewer)
        others = known.exclude(pk=self.service.pk) if self.service else known
        if others.filter(name__iexact=name).exists():
            raise ValidationError(gettext("Un autre service porte déjà ce nom."))
        return name

    def clean_url(self) -> str:
        return address_check(str(self.cleaned_data["url"]))

    def clean_structures(self) -> list[Structure]:
        codes = list(dict.fromkeys(str(self.cleaned_data["structures"]).upper().split()))
        found = {
            structure.uai: structure
            for structure in Structure.objects.filter(organisation=self.viewer.organisation_id, uai__in=codes)
        }
        unknown = [code for code in codes if code not in found]
        if unknown:
            raise ValidationError(gettext("Codes UAI inconnus : %(codes)s.") % {"codes": ", ".join(unknown[:10])})
        return list(found.values())


class ConnectedForm(ServiceForm):
    """A service people sign in to."""

    claims = forms.MultipleChoiceField(
        label=_("Informations transmises"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Le strict nécessaire. Un identifiant propre au service est toujours transmis."),
    )
    is_own = forms.BooleanField(
        label=_("Service de l'académie"),
        required=False,
        initial=True,
        help_text=_("Décoché : chaque personne donne son accord avant la première transmission."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (claim.name, format_html("<span><strong>{}</strong> – {}</span>", claim.label, claim.help))
            for claim in CATALOGUE.values()
        ]
        self.fields["claims"].choices = choices  # type: ignore[attr-defined]


class OidcForm(ConnectedForm):
    redirect_uris = addresses_field(
        _("Adresses de retour"), _("redirect_uri exactes, une par ligne : aucune autre ne sera suivie.")
    )
    post_logout_redirect_uris = addresses_field(
        _("Retours après déconnexion"), _("Exactes, une par ligne."), required=False
    )
    logout_url = forms.URLField(
        label=_("Adresse de déconnexion (back-channel)"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("Prévenue quand la session se termine, est fermée à distance ou que le compte est suspendu."),
    )
    client_type = forms.ChoiceField(
        label=_("Type de client"),
        choices=[
            ("confidential", _("serveur, qui garde un secret")),
            ("public", _("application installée (mobile, bureau) : sans secret")),
        ],
    )

    def initial_of(self, service: Service) -> dict[str, Any]:
        application = service.oidc.application
        return super().initial_of(service) | {
            "redirect_uris": "\n".join(application.redirect_uris.split()),
            "post_logout_redirect_uris": "\n".join(application.post_logout_redirect_uris.split()),
            "logout_url": service.oidc.logout_url,
            "client_type": application.client_type,
        }

    def clean_redirect_uris(self) -> list[str]:
        return addresses_clean(str(self.cleaned_data["redirect_uris"]))

    def clean_post_logout_redirect_uris(self) -> list[str]:
        return addresses_clean(str(self.cleaned_data["post_logout_redirect_uris"]))

    def clean_logout_url(self) -> str:
        url = str(self.cleaned_data["logout_url"])
        return address_check(url) if url else ""


class CasForm(ConnectedForm):
    addresses = addresses_field(
        _("Adresses du service"), _("Une par ligne ; chacune vaut pour elle-même et ce qui se trouve dessous.")
    )
    single_logout = forms.BooleanField(
        label=_("Prévenir le service à la déconnexion"),
        required=False,
        initial=True,
        help_text=_("« Single Logout » de CAS."),
    )

    def initial_of(self, service: Service) -> dict[str, Any]:
        client = service.cas
        own = {"addresses": "\n".join(client.addresses), "single_logout": client.single_logout}
        return super().initial_of(service) | own

    def clean_addresses(self) -> list[str]:
        return addresses_clean(str(self.cleaned_data["addresses"]))


class SamlForm(ConnectedForm):
    metadata = forms.FileField(
        label=_("Métadonnées du service"), help_text=_("Fichier XML remis par son administrateur, 200 ko au plus.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["metadata"].required = self.service is None

    def clean_metadata(self) -> Described | None:
        file = self.cleaned_data.get("metadata")
        if not file:
            return None
        described = metadata_read(file.read())
        others = SamlProvider.objects.exclude(service=self.service) if self.service else SamlProvider.objects.all()
        if others.filter(entity_id=described.entity_id).exists():
            raise ValidationError(gettext("Un autre service a déjà cet identifiant d'entité (entityID)."))
        return described


FORMS: dict[str, type[ServiceForm]] = {"none": ServiceForm, "oidc": OidcForm, "cas": CasForm, "saml": SamlForm}
