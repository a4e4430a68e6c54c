"""What the REST call answers: what changed, what became of it; errors as problem documents (RFC 9457)."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.http import JsonResponse
from pydantic import ValidationError

from ecritoire.directory.feed.report import FeedReport
from ecritoire.directory.feed.table import Fault
from ecritoire.directory.models import EmailAddress, FeedChange, SourceRecord

PROBLEM = "application/problem+json"
SHOWN = 1_000
"""Changes and faults one answer lists; ``counts`` and ``refused`` say how many there are."""
FOLDED = {"search", "birth_search", "local"}


class Problem(Exception):
    def __init__(self, status: HTTPStatus, detail: str, errors: Iterable[dict[str, Any]] = (), **members: Any) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors, self.members = status, detail, list(errors), members

    def answer(self) -> JsonResponse:
        body: dict[str, Any] = {"type": "about:blank", "title": self.status.phrase, "status": self.status.value}
        body |= {"detail": self.detail, **self.members}
        if self.errors:
            body["errors"] = self.errors[:SHOWN]
        answer = JsonResponse(body, status=self.status, content_type=PROBLEM)
        if self.status == HTTPStatus.UNAUTHORIZED:
            answer["WWW-Authenticate"] = 'Bearer realm="api"'
        if self.status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
            answer["Retry-After"] = "60"
        return answer


def errors_of(error: ValidationError, line: int = 0) -> list[dict[str, Any]]:
    """Each fault with the field's path (``postings.0.uai``)."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [_error(line, ".".join(map(str, item["loc"])), item["msg"]) for item in found]


def faults_listed(faults: Iterable[Fault]) -> list[dict[str, Any]]:
    return [{**_error(fault.line, fault.column, fault.message), "value": fault.value} for fault in faults]


def _error(line: int, field: str, message: str) -> dict[str, Any]:
    return {**({"line": line} if line else {}), "field": field, "message": message}


def changes_of(report: FeedReport) -> list[dict[str, Any]]:
    """What the run changes, or would change."""
    if report.run_id is None:
        return []
    rows = FeedChange.objects.filter(run=report.run_id).order_by("pk")[:SHOWN]
    return [{**row} for row in rows.values("kind", "label", "before", "after")]


def outcome_of(record: SourceRecord) -> dict[str, Any]:
    """What the source said of one person, and what became of it, whatever other sources say."""
    said = {name: value for name, value in record.said.items() if name not in FOLDED}
    person = record.person
    if person is None:
        return {"external_id": record.external_id, "state": "doubtful", "said": said, "person": None}
    account = getattr(person, "account", None)
    addresses = EmailAddress.objects.filter(person=person, retired_at__isnull=True).order_by("-is_primary", "pk")
    known = {
        "login": account.login if account else None,
        "addresses": [row.address for row in addresses],
        "account_state": account.state if account else None,
        "right_from": person.right_from,
        "right_until": person.right_until,
    }
    return {"external_id": record.external_id, "state": "applied", "said": said, "person": known}
