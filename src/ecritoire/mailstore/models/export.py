"""Everything somebody owns in the store, as one archive to take away."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.models import Account
from ecritoire.common.models import BaseModel


class Part(models.TextChoices):
    MAIL = "mail", _("messages")
    CONTACTS = "contacts", _("contacts")
    CALENDARS = "calendars", _("agendas")
    RULES = "rules", _("filtres")


def every_part() -> list[str]:
    return [str(value) for value in Part.values]


class Export(BaseModel):
    """One archive, asked for by its owner or, for them, by somebody of the DSI (``requested_by``, with a ``purpose``).

    ``folders`` are the store's ids; none means all. ``beat_at`` is the last sign of life of the job. ``link_hash`` and
    ``phrase`` open the archive to somebody who has no account here.
    """

    class Format(models.TextChoices):
        MBOX = "mbox", _("mbox : un fichier par dossier (Thunderbird, Apple Mail…)")
        EML = "eml", _("EML : un fichier par message (Outlook, archivage…)")

    class State(models.TextChoices):
        WAITING = "waiting", _("en attente")
        RUNNING = "running", _("en cours")
        READY = "ready", _("prêt")
        FAILED = "failed", _("échoué")
        CANCELLED = "cancelled", _("annulé")
        EXPIRED = "expired", _("expiré")

    class Purpose(models.TextChoices):
        OWN = "own", _("demande de la personne")
        RIGHT = "right", _("droit d'accès ou à la portabilité")
        DEATH = "death", _("décès : remise à la famille")
        DUTY = "duty", _("réquisition ou décision de justice")

    class Fault(models.TextChoices):
        NONE = "", ""
        SPACE = "space", _("la place a manqué sur le serveur")
        STORE = "store", _("la messagerie n'a pas répondu assez longtemps")

    UNDER_WAY: ClassVar = (State.WAITING, State.RUNNING)
    LIVE: ClassVar = (*UNDER_WAY, State.READY)

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="exports")
    requested_by = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    purpose = models.CharField(max_length=6, choices=Purpose, default=Purpose.OWN)
    reason = models.CharField(max_length=300, blank=True)
    parts = models.JSONField(default=every_part)
    mail_format = models.CharField(max_length=4, choices=Format, default=Format.MBOX)
    folders = models.JSONField(default=list)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    fault = models.CharField(max_length=5, choices=Fault, blank=True)
    step = models.CharField(max_length=300, blank=True, help_text="the folder or collection being written")
    total = models.PositiveIntegerField(default=0, help_text="messages to write")
    done = models.PositiveIntegerField(default=0)
    size = models.BigIntegerField(default=0, help_text="bytes: an estimate until the archive is ready")
    beat_at = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True, help_text="when to try again, after the store was away")
    ready_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    downloads = models.PositiveIntegerField(default=0)
    last_download_at = models.DateTimeField(null=True, blank=True)
    link_hash = models.CharField(max_length=64, blank=True, db_index=True)
    phrase = models.CharField(max_length=128, blank=True, help_text="hashed")
    link_failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(state__in=["waiting", "running"]), name="export_one_under_way"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["state", "expires_at"])]

    def __str__(self) -> str:
        return f"{self.account}: {self.created_at:%Y-%m-%d}"

    @property
    def is_under_way(self) -> bool:
        return self.state in self.UNDER_WAY

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY and self.expires_at is not None and timezone.now() < self.expires_at

    @property
    def percent(self) -> int:
        return min(100, 100 * self.done // self.total) if self.total else 0

    @property
    def part_labels(self) -> str:
        return ", ".join(str(Part(part).label) for part in self.parts)

    @property
    def file_name(self) -> str:
        return f"export-{self.account.login.partition('@')[0]}-{timezone.localdate(self.created_at):%Y-%m-%d}.zip"

    def kept_until(self) -> dt.datetime:
        return timezone.now() + dt.timedelta(days=settings.CONFIG.exports.keep_days)
