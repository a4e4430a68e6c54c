"""The tiles a person keeps at hand."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from ecritoire.accounts.models import Account
from ecritoire.common.models import BaseModel


class Favourite(BaseModel):
    """``tile`` is the tile's key (``portal.tiles``). One that no longer leads anywhere is simply not shown."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="favourites")
    tile = models.CharField(max_length=100)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "tile"], name="favourite_once")]
