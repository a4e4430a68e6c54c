"""Second factors, and what stands in for them for a while."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecritoire.common.models import BaseModel

from .account import Account


class TotpFactor(BaseModel):
    """An authenticator application (RFC 6238). ``last_step`` is the newest time step accepted: none is accepted twice."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="totp")
    secret = models.CharField(max_length=200, help_text="encrypted")
    last_step = models.BigIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True, blank=True)


class Passkey(BaseModel):
    """A WebAuthn credential. ``credential`` is the attested credential data: identifier and public key."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=60)
    credential_id = models.CharField(max_length=1400, unique=True, help_text="base64url")
    credential = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]


class RecoveryCode(models.Model):
    """A code that stands in for a second factor once; a random one, so a keyed hash is enough.

    PRINTED ones are the person's own ten. An ENTRY one is told to somebody whose factors two colleagues have removed: as
    long as one exists, used or expired or not, the password alone opens nothing.
    """

    class Kind(models.TextChoices):
        PRINTED = "printed", _("code de secours")
        ENTRY = "entry", _("code d'entrée")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="recovery_codes")
    kind = models.CharField(max_length=7, choices=Kind, default=Kind.PRINTED)
    code_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "code_hash"], name="recovery_code_once")]


class TrustedDevice(BaseModel):
    """A browser that need not show the second factor for a while. Its cookie's token is kept hashed."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="trusted_devices")
    token_hash = models.CharField(max_length=64, unique=True)
    user_agent = models.CharField(max_length=300, blank=True)
    address = models.GenericIPAddressField(null=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]


class Vouching(BaseModel):
    """Somebody lost their second factors: one colleague vouches for who they are, another one removes the factors."""

    class State(models.TextChoices):
        ASKED = "asked", _("à recevoir")
        VOUCHED = "vouched", _("à confirmer")
        CONFIRMED = "confirmed", _("confirmé")
        REFUSED = "refused", _("refusé")

    class Proof(models.TextChoices):
        IDENTITY = "identity", _("pièce d'identité")
        PROFESSIONAL = "professional", _("carte professionnelle")

    OPEN = (State.ASKED, State.VOUCHED)

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="vouchings")
    state = models.CharField(max_length=9, choices=State, default=State.ASKED)
    proof = models.CharField(max_length=12, choices=Proof, blank=True)
    vouched_by = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    vouched_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(state__in=["asked", "vouched"]), name="vouching_one_open"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="confirmed", closed_by=models.F("vouched_by")), name="vouching_two_people"
            ),
        ]
