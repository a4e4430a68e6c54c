"""What agents keep to work quickly: filters, ready answers, links between requests, whom a request is followed by."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecritoire.accounts.models import Account
from ecritoire.common.models import BaseModel
from ecritoire.directory.models import Organisation

from .ticket import Ticket


class SavedFilter(BaseModel):
    """A way an agent narrows the list, by the name they gave it. ``query`` is the address' query string."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="saved_filters")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "name"], name="saved_filter_once")]

    def __str__(self) -> str:
        return self.name


class ReadyAnswer(BaseModel):
    """A text to answer with. Without ``owner`` it is everybody's; without ``kind`` it is for every category."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="ready_answers")
    owner = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, blank=True, related_name="ready_answers")
    title = models.CharField(max_length=100)
    kind = models.CharField(max_length=12, choices=Ticket.Kind, blank=True)
    text = models.TextField(max_length=5000)
    uses = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["title"]

    def __str__(self) -> str:
        return self.title


class TicketLink(BaseModel):
    """``ticket`` is ``kind`` ``other``: both pages show it."""

    class Kind(models.TextChoices):
        RELATED = "related", _("liée à")
        CAUSED = "caused", _("causée par")
        DUPLICATE = "duplicate", _("en double de")
        SPLIT = "split", _("séparée de")

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="links_back")
    kind = models.CharField(max_length=9, choices=Kind)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["ticket", "other"], name="ticket_link_once")]


class Watcher(BaseModel):
    """An agent or a local contact who is told of each step by mail."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="watchers")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["ticket", "account"], name="watcher_once")]


class Satisfaction(BaseModel):
    """What the person thought of the help, once a request."""

    class Score(models.IntegerChoices):
        BAD = 1, _("pas satisfait")
        FAIR = 2, _("mitigé")
        GOOD = 3, _("satisfait")

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="satisfaction")
    score = models.PositiveSmallIntegerField(choices=Score)
    comment = models.TextField(max_length=1000, blank=True)
