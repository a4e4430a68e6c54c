"""A connected service: a tile of the portal and, where it has a protocol, a door of the single sign-on."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecritoire.common.models import BaseModel
from ecritoire.common.roles import Role
from ecritoire.directory.models import Organisation, Person, Structure


class Service(BaseModel):
    """Who may enter is the *and* of three lists; an empty list asks nothing. Nobody of another académie ever may.

    ``is_own`` is for the académie's own services: people are not asked whether they agree to enter.
    """

    class Category(models.TextChoices):
        TEACHING = "teaching", _("Pédagogie")
        SCHOOL_LIFE = "school_life", _("Vie scolaire")
        STAFF = "staff", _("Ressources humaines")
        TRAINING = "training", _("Formation")
        MANAGEMENT = "management", _("Gestion")
        TOOLS = "tools", _("Outils numériques")

    class Protocol(models.TextChoices):
        NONE = "none", _("simple lien")
        OIDC = "oidc", "OpenID Connect"
        CAS = "cas", "CAS"
        SAML = "saml", "SAML 2.0"

    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="services",
        help_text="the académie that connected it; None: the installation did",
    )
    academies = models.ManyToManyField(
        Organisation, blank=True, related_name="+", help_text="to which the installation offers it; none: to all"
    )
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=160, blank=True)
    url = models.URLField(max_length=500)
    icon = models.CharField(max_length=30, default="external", help_text="name of an icon of the sprite")
    category = models.CharField(max_length=14, choices=Category, default=Category.TOOLS)
    protocol = models.CharField(max_length=4, choices=Protocol, default=Protocol.NONE)
    roles = ArrayField(models.CharField(max_length=14, choices=Role), default=list, blank=True)
    audience = ArrayField(
        models.CharField(max_length=14, choices=Person.Category),
        default=list,
        blank=True,
        help_text="categories of people",
    )
    structures = models.ManyToManyField(Structure, blank=True, related_name="services")
    claims = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    is_own = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField(default=100)
    enabled = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["order", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "name"], name="service_name_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def role_labels(self) -> list[str]:
        return [str(Role(role).label) for role in self.roles]

    @property
    def audience_labels(self) -> list[str]:
        return [str(Person.Category(category).label) for category in self.audience]
