"""What SCIM adds to a source's record: an identity of ours, and the words the client used. What a repeated call was answered."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from ecritoire.accounts.models import ApiClient
from ecritoire.common.models import BaseModel
from ecritoire.directory.models import FeedSource, SourceRecord, Structure


class ScimUser(BaseModel):
    """A user as one client said it: ``said`` is the SCIM resource without what is read-only.

    ``key`` is what the feed's engine knows the record by; it stays when the client changes its own ``external_id``.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    source = models.ForeignKey(FeedSource, on_delete=models.CASCADE, related_name="scim_users")
    record = models.ForeignKey(SourceRecord, on_delete=models.SET_NULL, null=True, related_name="scim_users")
    key = models.CharField(max_length=200)
    external_id = models.CharField(max_length=200, null=True, blank=True)
    said = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "key"], name="scim_user_key"),
            models.UniqueConstraint(fields=["source", "external_id"], name="scim_user_external_id"),
        ]
        indexes: ClassVar = [models.Index(fields=["source", "id"])]

    def __str__(self) -> str:
        return self.key


class ScimGroup(BaseModel):
    """A structure a client made over SCIM: a service without a UAI, which that client alone may change."""

    source = models.ForeignKey(FeedSource, on_delete=models.CASCADE, related_name="scim_groups")
    structure = models.OneToOneField(Structure, on_delete=models.CASCADE, related_name="scim_group")
    external_id = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return str(self.structure)


class ScimValue(models.Model):
    """The values of attributes that have several, one a row, so that a filter is one EXISTS: a view (see the migration)."""

    user = models.OneToOneField(ScimUser, on_delete=models.DO_NOTHING, primary_key=True, related_name="+")
    attribute = models.CharField(max_length=20)
    rank = models.BigIntegerField()
    data = models.JSONField()

    class Meta:
        managed = False
        db_table = "api_scim_value"


class KeptAnswer(BaseModel):
    """What a POST that carried an ``Idempotency-Key`` was answered, for a day. ``called`` is the digest of what was asked."""

    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE, related_name="kept_answers")
    key = models.CharField(max_length=200)
    called = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["client", "key"], name="kept_answer_key")]
        indexes: ClassVar = [models.Index(fields=["created_at"])]

    def __str__(self) -> str:
        return self.key
