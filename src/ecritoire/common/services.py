"""Writes that belong to no room."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Set
from typing import Any, Protocol

from django.db import connection, transaction
from django.utils import timezone

from .models import AuditEvent

CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False)
AUDIT_LOCK = 0x45637269  # an advisory lock of ours: the chain is written one event at a time


class Actor(Protocol):
    @property
    def login(self) -> str: ...


def audit_digest(
    *, previous: str, at: dt.datetime, actor: str, action: str, target: str, detail: Any, domain: str | None = None
) -> str:
    """SHA-256 over the previous digest and the event's fields, as canonical JSON. Entries of before there were several
    académies have no domain, and the digest they always had."""
    fields = [previous, at.isoformat(), actor, action, target, detail]
    if domain is not None:
        fields.append(domain)
    return hashlib.sha256(CANONICAL.encode(fields).encode()).hexdigest()


def audit_lock() -> None:
    """Wait for one's turn to write to the journal, until the transaction ends. Whatever else must be written one at a
    time together with an audit event takes this lock too: a second one could be taken in another order elsewhere."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [AUDIT_LOCK])


_served: list[Callable[[], Set[str]]] = []


def register_served_domains(served: Callable[[], Set[str]]) -> None:
    """``served`` says which mail domains are the académies'; called by the room that knows, from ``AppConfig.ready``."""
    _served.append(served)


def audit_domain(*, actor: str, target: str, detail: dict[str, Any]) -> str:
    """Which académie an act concerns: that of the account (or ``logins``) it was done to, else of who acted, else none: it is
    then the installation's."""
    domains = frozenset().union(*(served() for served in _served))
    named = (str(login).rpartition("@")[2].lower() for login in (target, *detail.get("logins", [])[:1], actor))
    return next((domain for domain in named if domain in domains), "")


def audit_record(
    *, acting_user: Actor | None, action: str, target: str, within: str | None = None, **detail: Any
) -> AuditEvent:
    """Record a privileged act, in the caller's transaction. ``detail`` must be JSON and hold no secret.

    ``within`` is the mail domain of the académie concerned where ``audit_domain`` cannot tell, or would tell wrong.
    """
    with transaction.atomic():
        audit_lock()
        last = AuditEvent.objects.order_by("-id").values_list("digest", flat=True).first() or ""
        actor = acting_user.login if acting_user else "system"
        fields: dict[str, Any] = {
            "at": timezone.now(),
            "actor": actor,
            "action": action,
            "target": target,
            "detail": detail,
            "domain": audit_domain(actor=actor, target=target, detail=detail) if within is None else within,
        }
        event = AuditEvent(**fields, digest=audit_digest(previous=last, **fields))
        event.save(force_insert=True)
    return event
