"""Files in a conversation."""

from __future__ import annotations

from django import template
from django.db.models import QuerySet

from ecritoire.accounts.models import Account
from ecritoire.support.attachments import first_files
from ecritoire.support.models import Attachment, Ticket

register = template.Library()


@register.simple_tag
def files_with_first_text(ticket: Ticket, viewer: Account) -> QuerySet[Attachment]:
    return first_files(ticket, viewer=viewer)
