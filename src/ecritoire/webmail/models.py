from django.db import models

from ecritoire.accounts.models import Account
from ecritoire.common.models import BaseModel


class Signature(BaseModel):
    """What a person ends their messages with."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="signature")
    text = models.TextField(max_length=2000, blank=True)
