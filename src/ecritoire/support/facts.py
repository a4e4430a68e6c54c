"""What is known of a person's sign-ins, applications and mail when they ask for help: what an agent would otherwise look up.

Whoever opens a request for a name, without being signed in as it, sees none of it: they may be a stranger.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import F, Func, JSONField, Value
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecritoire.accounts.models import Account, ApplicationRequest, Lockout, SignInEvent
from ecritoire.accounts.overview import applications_troubled, failures_recent, last_success, lockouts_recent
from ecritoire.mailflow.models import MailTrace
from ecritoire.mailflow.trace.reasons import reason_of
from ecritoire.mailflow.trace.selectors import failures_of

from .models import Ticket

KEPT = dt.timedelta(days=365)  # sign-in logs: CNIL 2021-122, twelve months at most
REVOKED = "revoked"
GIVEN = {
    "failed_attempts": gettext_lazy("Échecs du jour à cette adresse"),
    "codes_tried": gettext_lazy("Codes essayés"),
    "address": gettext_lazy("Adresse de la demande"),
    "locked_until": gettext_lazy("Bloqué jusqu'au"),
    "contacts": gettext_lazy("Référents numériques"),
    "discipline": gettext_lazy("Discipline"),
    "follows": gettext_lazy("Suite de la demande close"),
}


def facts_make(account: Account | None, login: str, given: dict[str, str], *, with_mail: bool = True) -> dict[str, Any]:
    """Nine queries at most."""
    success = last_success(login=login) if login else None
    return {
        "state": account.state if account else "",
        "last_success": _attempt_kept(success) if success else None,
        "sign_ins": [_attempt_kept(event) for event in failures_recent(login=login)] if login else [],
        "lockouts": [_lockout_kept(row) for row in lockouts_recent(login=login)] if login else [],
        "applications": _applications_kept(account) if account else [],
        "deliveries": [_delivery_kept(row) for row in failures_of(account.person)] if account and with_mail else [],
        "given": {str(name): str(value) for name, value in given.items()},
    }


def _attempt_kept(event: SignInEvent) -> dict[str, str]:
    return {
        "at": event.at.isoformat(),
        "protocol": event.protocol,
        "result": event.result,
        "address": event.address or "",
        "application": event.application,
    }


def _lockout_kept(row: Lockout) -> dict[str, str]:
    ended = row.ended_at.isoformat() if row.ended_at else ""
    return {"at": row.started_at.isoformat(), "cause": row.cause, "ended_at": ended}


def _applications_kept(account: Account) -> list[dict[str, str]]:
    requests, revoked = applications_troubled(account=account)
    asked = [{"name": row.name, "state": str(row.state), "at": row.created_at.isoformat()} for row in requests]
    gone = [
        {"name": row.name, "state": REVOKED, "at": str(row.revoked_at.isoformat())} for row in revoked if row.revoked_at
    ]
    return asked + gone


def _delivery_kept(row: MailTrace) -> dict[str, str]:
    words = next((step["words"] for step in reversed(row.steps) if step.get("words")), "")
    other = row.sender if row.direction == MailTrace.Direction.IN else row.recipient
    return {
        "at": row.at.isoformat(),
        "direction": row.direction,
        "other": other,
        "status": row.status,
        "dsn": row.dsn,
        "words": words,
    }


def facts_told(facts: dict[str, Any]) -> dict[str, Any]:
    """In the reader's language; codes kept by an older version are shown as they are."""
    success = facts.get("last_success")
    return {
        "given": _given(facts.get("given", {})),
        "sign_ins": [_attempt(row) for row in facts.get("sign_ins", [])],
        "lockouts": [_lockout(row) for row in facts.get("lockouts", [])],
        "applications": [_application(row) for row in facts.get("applications", [])],
        "deliveries": [_delivery(row) for row in facts.get("deliveries", [])],
        "last_success": _attempt(success) if success else None,
        "state": _label(Account.State, facts.get("state", "")),
    }


def facts_shown(ticket: Ticket) -> dict[str, Any]:
    return facts_told(ticket.facts) | {"unknown": not ticket.account_id}


def _given(facts: dict[str, str]) -> dict[str, str]:
    """What the opener gave, codes in words; a name that is no code is words already."""
    shown = {name: _moment(value) if name == "locked_until" else value for name, value in facts.items() if value}
    return {str(GIVEN.get(name, name)): value for name, value in shown.items()}


def _moment(value: str) -> str:
    moment = parse_datetime(value)
    return date_format(timezone.localtime(moment), "j F Y H:i") if moment else value


def _attempt(row: dict[str, str]) -> dict[str, Any]:
    return {
        "at": parse_datetime(row["at"]),
        "protocol": _label(SignInEvent.Protocol, row["protocol"]),
        "result": _label(SignInEvent.Result, row["result"]),
        "address": row["address"],
        "application": row["application"],
    }


def _lockout(row: dict[str, str]) -> dict[str, Any]:
    return {
        "at": parse_datetime(row["at"]),
        "cause": _label(Lockout.Cause, row["cause"]),
        "ended_at": parse_datetime(row["ended_at"]) if row["ended_at"] else None,
    }


def _application(row: dict[str, str]) -> dict[str, Any]:
    state = _("retirée") if row["state"] == REVOKED else _label(ApplicationRequest.State, row["state"])
    return {"at": parse_datetime(row["at"]), "name": row["name"], "state": state}


def _delivery(row: dict[str, str]) -> dict[str, Any]:
    return {
        "at": parse_datetime(row["at"]),
        "direction": _label(MailTrace.Direction, row["direction"]),
        "other": row["other"],
        "status": _label(MailTrace.Status, row["status"]),
        "cause": reason_of(row["dsn"], row["words"]).cause,
    }


def _label(choices: Any, value: str) -> str:
    if not value:
        return _("inconnu")
    return str(choices(value).label) if value in choices.values else value


def facts_purge() -> int:
    """Forget what tickets copied of the sign-in history and of the trace once these are too old to be kept themselves."""
    now = timezone.now()
    traced = Ticket.objects.filter(created_at__lt=now - dt.timedelta(days=settings.TRACE_DAYS))
    without = Func(
        F("facts"), Value("deliveries"), template="%(expressions)s", arg_joiner=" - ", output_field=JSONField()
    )
    traced.filter(facts__has_key="deliveries").update(facts=without)
    return Ticket.objects.filter(created_at__lt=now - KEPT).exclude(facts={}).update(facts={})
