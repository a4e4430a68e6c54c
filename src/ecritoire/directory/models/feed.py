"""What feeds say: their sources, each source's last word on each person, their runs and what these changed."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecritoire.common.models import BaseModel

from .organisation import Organisation, Structure
from .person import Person

PERCENT = [MinValueValidator(0), MaxValueValidator(100)]


class FeedMode(models.TextChoices):
    COMPLETE = "complete", _("complet : qui n'y est pas s'en va")
    DELTA = "delta", _("différentiel : qui n'y est pas reste")


class FeedSource(BaseModel):
    """A system that tells an académie about its people.

    ``precedence`` gives a rank (1 to 9; the lowest prevails, 5 when it says nothing) to each of ``ATTRIBUTES``; equal ranks fall
    to the older source. A run that would end more than ``departures_limit`` percent of the source's known people, or give a new
    address to more than ``address_changes_limit`` percent, stops and asks. ``faults_limit`` percent of entries may be refused
    while the others are applied; then nobody is ended for being absent.
    """

    class Kind(models.TextChoices):
        CSV = "csv", _("fichier CSV")
        AAF = "aaf", _("AAF/SDET (XML)")
        SCIM = "scim", _("SCIM 2.0")
        REST = "rest", _("appel REST")

    ATTRIBUTES: ClassVar = {
        "names": _("nom, prénom et civilité"),
        "birth_date": _("date de naissance"),
        "employee_number": _("matricule"),
        "category": _("catégorie"),
        "private_email": _("courriel privé"),
        "postings": _("affectations"),
        "terms": _("contrats"),
        "absences": _("congés"),
    }

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="feed_sources")
    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=4, choices=Kind)
    mapping = models.JSONField(default=dict, blank=True)
    mode = models.CharField(
        max_length=8, choices=FeedMode, default=FeedMode.DELTA, help_text="of CSV files: AAF sets say it themselves"
    )
    precedence = models.JSONField(default=dict, blank=True)
    departures_limit = models.PositiveSmallIntegerField(default=5, validators=PERCENT)
    address_changes_limit = models.PositiveSmallIntegerField(default=5, validators=PERCENT)
    faults_limit = models.PositiveSmallIntegerField(default=0, validators=PERCENT)
    is_watched = models.BooleanField(default=False, help_text="fed by the folder var/feeds/<slug>")
    is_active = models.BooleanField(default=True)
    last_good_at = models.DateTimeField(null=True, blank=True, help_text="end of the last reading that was in order")

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "name"], name="feed_source_name"),
        ]

    def __str__(self) -> str:
        return self.name


class SourceRecord(BaseModel):
    """A source's last word on one person, by the source's own key; ``person`` is None while it is not known who that is.

    ``digest`` tells an unchanged record; empty, it is read anew. ``is_distinct``: somebody decided that this is nobody known.
    """

    source = models.ForeignKey(FeedSource, on_delete=models.CASCADE, related_name="records")
    external_id = models.CharField(max_length=200)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="source_records")
    digest = models.CharField(max_length=64, blank=True)
    said = models.JSONField(default=dict)
    is_distinct = models.BooleanField(default=False)
    gone_on = models.DateField(null=True, blank=True, help_text="the day the source stopped knowing them")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "external_id"], name="source_record_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.external_id}"


class SourceStructure(BaseModel):
    """The key by which a source names a structure, where that is not the UAI: a delta need not describe it again."""

    source = models.ForeignKey(FeedSource, on_delete=models.CASCADE, related_name="structures")
    external_id = models.CharField(max_length=200)
    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "external_id"], name="source_structure_once"),
        ]


class DoubtfulMatch(BaseModel):
    """A record that may be about somebody known already: nothing of it is applied until somebody decides."""

    class Decision(models.TextChoices):
        PENDING = "pending", _("à décider")
        SAME = "same", _("la même personne")
        OTHER = "other", _("quelqu'un d'autre")
        VOID = "void", _("sans objet")

    record = models.ForeignKey(SourceRecord, on_delete=models.CASCADE, related_name="doubts")
    candidates = models.ManyToManyField(Person, related_name="+")
    decision = models.CharField(max_length=7, choices=Decision, default=Decision.PENDING)
    chosen = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    acting_login = models.CharField(max_length=254, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record"], condition=Q(decision="pending"), name="doubt_once"),
        ]


class FeedRun(BaseModel):
    """One reading of a feed, applied or not: what it changes and what it refused.

    What was read is kept (``StagedEntry``, by ``token``) until the run is applied or another one of the source takes its place,
    so that what is applied is what was shown, and a run cut short goes on without the file. People are written in one
    transaction (``written_at``), then their rights and accounts follow in slices, up to the person ``followed_to``.
    """

    class State(models.TextChoices):
        READING = "reading", _("en lecture")
        DRY_RUN = "dry_run", _("simulation")
        WAITING = "waiting", _("à confirmer")
        APPLYING = "applying", _("en cours")
        INTERRUPTED = "interrupted", _("interrompu")
        APPLIED = "applied", _("appliqué")
        REFUSED = "refused", _("refusé")
        ABANDONED = "abandoned", _("sans suite")

    Mode = FeedMode

    source = models.ForeignKey(FeedSource, on_delete=models.CASCADE, null=True, blank=True, related_name="runs")
    token = models.UUIDField(default=uuid.uuid4)
    mode = models.CharField(max_length=8, choices=FeedMode, default=FeedMode.DELTA)
    file_name = models.CharField(max_length=200)
    state = models.CharField(max_length=11, choices=State)
    acting_login = models.CharField(max_length=254)
    rows = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    people = models.JSONField(
        default=dict, help_text="how many people were created, changed, ended, doubtful, unchanged"
    )
    faults = models.JSONField(default=list)
    faults_total = models.PositiveIntegerField(default=0)
    brakes = models.JSONField(default=list, blank=True, help_text="what stopped the run: kind, count, known")
    is_confirmed = models.BooleanField(default=False)
    written_at = models.DateTimeField(null=True, blank=True)
    followed_to = models.BigIntegerField(default=0)
    seconds = models.FloatField(default=0)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["source", "state"])]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.get_state_display()})"


class StagedEntry(models.Model):
    """An entry as it was read, before it is compared. The table is unlogged: a scratch pad that outlives a process."""

    class Kind(models.TextChoices):
        PERSON = "p"
        STRUCTURE = "s"
        REMOVAL = "r"

    token = models.UUIDField()
    seq = models.IntegerField()
    kind = models.CharField(max_length=1)
    line = models.IntegerField()
    external_id = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    said = models.JSONField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["token", "kind", "external_id"], name="staged_entry_key")]


class FeedChange(models.Model):
    """One difference a run makes (or would make), with the person's name as it was read by people."""

    run = models.ForeignKey(FeedRun, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=24)
    label = models.CharField(max_length=300)
    before = models.CharField(max_length=300, blank=True)
    after = models.CharField(max_length=300, blank=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="feed_changes")

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["run", "kind", "id"], name="feed_change_page"),
            models.Index(fields=["run", "person"], name="feed_change_person"),
        ]
