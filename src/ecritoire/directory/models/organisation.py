"""An académie, its schools and services."""

from __future__ import annotations

from email.utils import formataddr
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecritoire.common.models import BaseModel
from ecritoire.directory.colours import key_of


class Organisation(BaseModel):
    """An académie: its mail domain, its name, how its pages look and whom its people call. One installation may serve several.

    ``host`` is the name of its pages, blank where it shares the installation's. What ``ecritoire.toml`` says of the
    installation's own académie is copied here by ``organisation_ensure``. Read them through ``directory.organisations``.
    """

    class Theme(models.TextChoices):
        NEUTRAL = "neutre", _("neutre")
        STATE = "etat", _("marque de l'État (DSFR)")

    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=40, blank=True)
    mail_domain = models.CharField(max_length=253, unique=True)
    host = models.CharField(max_length=253, blank=True)
    theme = models.CharField(max_length=6, choices=Theme, default=Theme.NEUTRAL)
    accent = models.CharField(max_length=7, blank=True, help_text="#rrggbb on light pages; blank: the product's")
    accent_dark = models.CharField(max_length=7, blank=True, help_text="#rrggbb on dark pages")
    siret = models.CharField(max_length=14, blank=True)
    support_phone = models.CharField(max_length=40, blank=True)
    support_hours = models.CharField(max_length=120, blank=True)
    support_address = models.EmailField(blank=True, help_text="told of urgent requests; blank: each support agent is")
    dsi_address = models.CharField(max_length=240, blank=True, help_text="the postal address letters carry")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["host"], condition=~models.Q(host=""), name="organisation_host_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_own(self) -> bool:
        """The one ``ecritoire.toml`` names."""
        return self.mail_domain == settings.MAIL_DOMAIN

    @property
    def portal_host(self) -> str:
        return self.host or str(settings.CONFIG.site.host)

    @property
    def base_url(self) -> str:
        """Where its people find the pages, without a slash at the end."""
        return str(settings.CONFIG.url_of(self.portal_host))

    @property
    def colours_key(self) -> str:
        """Names its stylesheet; empty for the product's own colours, and for the State's brand, which has its own."""
        return key_of(self.accent, self.accent_dark) if self.theme == self.Theme.NEUTRAL else ""

    @property
    def sender(self) -> str:
        """Under which name and address the service writes to its people."""
        return formataddr((self.name, f"ne-pas-repondre@{self.mail_domain}"))


class MailDomain(BaseModel):
    """One more domain whose mail reaches an académie's people; new addresses are given under ``mail_domain`` alone."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="more_domains")
    domain = models.CharField(max_length=253, unique=True)

    def __str__(self) -> str:
        return self.domain


class Structure(BaseModel):
    """A school or a service, known in its académie by its UAI (seven digits and a check letter)."""

    class Kind(models.TextChoices):
        PRIMARY = "primary", _("école")
        MIDDLE = "middle", _("collège")
        HIGH = "high", _("lycée")
        VOCATIONAL = "vocational", _("lycée professionnel")
        SERVICE = "service", _("service académique")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="structures")
    uai = models.CharField(max_length=8)
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=12, choices=Kind)
    city = models.CharField(max_length=120)
    search_name = models.CharField(max_length=300, blank=True, help_text="folded name, city and UAI, for look-ups")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation", "uai"], name="structure_uai")]
        indexes: ClassVar = [GinIndex(OpClass("search_name", name="gin_trgm_ops"), name="structure_search_trigrams")]

    def __str__(self) -> str:
        return f"{self.name} ({self.uai})"
