"""What is asked of whom, by population."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecritoire.common.models import BaseModel
from ecritoire.directory.models import Organisation


class Population(models.TextChoices):
    """People by category, and those who hold a privileged role whatever their category."""

    TEACHER = "teacher", _("enseignants")
    ADMINISTRATIVE = "administrative", _("administratifs")
    CONTRACT = "contract", _("contractuels")
    EXTERNAL = "external", _("intervenants extérieurs")
    PRIVILEGED = "privileged", _("rôles privilégiés")


class AccessPolicy(BaseModel):
    """One row a population of an académie. Without one the installation's holds (``organisation`` None), else the defaults.

    ``second_factor_from`` is the date from which REQUIRED holds; before it, people are reminded. ``renewal_days`` of 0
    is no periodic renewal (ANSSI R24); ``trusted_days`` of 0 is no trusted device. ``renewal_set_on`` is the day the
    renewal was last made shorter: nobody is asked for a new password without the reminders before it.
    """

    class SecondFactor(models.TextChoices):
        OFF = "off", _("désactivée")
        OFFERED = "offered", _("proposée")
        REQUIRED = "required", _("obligatoire à partir d'une date")
        ALWAYS = "always", _("toujours obligatoire")

    class PasswordPreset(models.TextChoices):
        CNIL_80 = "cnil80", _("CNIL, 80 bits : mot de passe seul")
        CNIL_50 = "cnil50", _("CNIL, 50 bits : avec restriction d'accès")
        ANSSI = "anssi", _("ANSSI : 15 caractères et plus")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="access_policies"
    )
    population = models.CharField(max_length=14, choices=Population)
    second_factor = models.CharField(max_length=8, choices=SecondFactor, default=SecondFactor.OFFERED)
    second_factor_from = models.DateField(null=True, blank=True)
    trusted_days = models.PositiveSmallIntegerField(default=30)
    password_preset = models.CharField(max_length=6, choices=PasswordPreset, default=PasswordPreset.CNIL_80)
    renewal_days = models.PositiveSmallIntegerField(default=0)
    renewal_set_on = models.DateField(null=True, blank=True)
    password_history = models.PositiveSmallIntegerField(default=5)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "population"], name="access_policy_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return str(self.get_population_display())
