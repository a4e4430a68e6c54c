"""On the home page: what happened to one's account lately – another name, a mailbox that came back."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Subquery
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from ecritoire.directory.models import EmailAddress

from .lifecycle import Event
from .models import Account, AccountTransition, AppPassword

RENAMED_DAYS, REOPENED_DAYS = 60, 14


def notice(request: HttpRequest) -> SafeString | None:
    """One query."""
    account = request.user
    if not isinstance(account, Account):
        return None
    now = timezone.now()
    former = EmailAddress.objects.filter(
        person=OuterRef("person"),
        is_primary=False,
        retired_at__isnull=True,
        kept_until__gte=timezone.localdate(),
        updated_at__gt=now - dt.timedelta(days=RENAMED_DAYS),
    ).order_by("-updated_at")
    since = now - dt.timedelta(days=REOPENED_DAYS)
    reopened = AccountTransition.objects.filter(account=OuterRef("pk"), event=Event.RESTORE, created_at__gt=since)
    usable = AppPassword.objects.filter(account=OuterRef("pk"), revoked_at__isnull=True)
    facts = Account.objects.filter(pk=account.pk).values_list(
        Subquery(former.values("address")[:1]),
        Subquery(former.values("kept_until")[:1]),
        Exists(reopened),
        Exists(usable),
    )
    old, kept_until, is_back, has_applications = facts.get()
    asks_again = is_back and not has_applications
    if not old and not asks_again:
        return None
    return render_to_string(
        "accounts/_news.html", {"account": account, "old": old, "kept_until": kept_until, "asks_again": asks_again}
    )
