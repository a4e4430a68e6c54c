"""``/api/v1/staff``: one person by the client's own key, or many in one call. Thin: the feed's engine does the work."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from pydantic import TypeAdapter, ValidationError

from ecritoire.accounts.models import ApiClient, ApiScope
from ecritoire.api.engine import DEPARTURES, TooManyDepartures, client_apply, record_of_key
from ecritoire.directory.feed.record import Entry, Removal
from ecritoire.directory.feed.report import FeedReport
from ecritoire.directory.models import FeedRun, SourceRecord
from ecritoire.directory.services.records import SourceBusy

from .answers import Problem, changes_of, errors_of, faults_listed, outcome_of
from .door import body_of, door
from .records import Key, RemovalLine, StaffIn, StaffLine

LINES = 5_000
KEY: TypeAdapter[str] = TypeAdapter(Key)
STAFF = {"read": ApiScope.STAFF_READ, "write": ApiScope.STAFF_WRITE}


@door("GET", "PUT", "DELETE", **STAFF)
def person(request: HttpRequest, client: ApiClient, external_id: str) -> HttpResponse:
    try:
        key = KEY.validate_python(external_id)
    except ValidationError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, "external_id", errors_of(error)) from None
    if request.method == "PUT":
        return _put(request, client, key)
    record = _record(client, key)
    if request.method == "DELETE":
        _apply(client, [Removal(key)], key)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return JsonResponse(outcome_of(record))


def _record(client: ApiClient, key: str) -> SourceRecord:
    record = record_of_key(client, key)
    if record is None or record.gone_on is not None:
        raise Problem(HTTPStatus.NOT_FOUND, _("%(id)s : inconnu de ce client.") % {"id": key})
    return record


def _put(request: HttpRequest, client: ApiClient, key: str) -> HttpResponse:
    """201 the first time, 200 after, 202 while somebody must say who it is. Said again, it writes nothing."""
    try:
        staff = StaffIn.model_validate_json(body_of(request))
    except ValidationError as error:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("Le corps est à corriger."), errors_of(error)) from None
    before = record_of_key(client, key)
    report = _apply(client, [staff.record(key)], key)
    outcome = outcome_of(_record(client, key)) | {"changes": changes_of(report)}
    if outcome["state"] == "doubtful":
        return JsonResponse(outcome, status=HTTPStatus.ACCEPTED)
    is_new = before is None or before.gone_on is not None
    return JsonResponse(outcome, status=HTTPStatus.CREATED if is_new else HTTPStatus.OK)


def _apply(client: ApiClient, entries: list[Entry], key: str) -> FeedReport:
    report = _run(client, entries, f"REST {key}")
    if not report.ok:
        words = _("Refusé : rien n'est changé.")
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, words, faults_listed(report.faults))
    return report


@door("POST", **STAFF)
def batch(request: HttpRequest, client: ApiClient) -> HttpResponse:
    """One JSON object a line; whole or nothing; with ``dry_run=true``, only what would change."""
    dry_run = {"true": True, "1": True, "false": False, "0": False, "": False}.get(request.GET.get("dry_run", ""))
    if dry_run is None:
        raise Problem(HTTPStatus.BAD_REQUEST, "dry_run: true, false")
    entries = list(_lines(body_of(request)))
    label = _("REST, %(count)s lignes") % {"count": len(entries)}
    report = _run(client, entries, label, dry_run=dry_run, is_batch=True)
    if not report.ok:
        words = _("%(count)s refus : rien n'est changé.") % {"count": report.faults_total}
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, words, faults_listed(report.faults), report=_told(report))
    if report.state == FeedRun.State.WAITING:
        words = _("Trop de départs ou de changements d'adresse : un administrateur doit confirmer dans la console.")
        raise Problem(HTTPStatus.CONFLICT, words, report=_told(report))
    return JsonResponse({**_told(report), "dry_run": dry_run, "changes": changes_of(report)})


def _told(report: FeedReport) -> dict[str, Any]:
    return {name: value for name, value in report.as_json().items() if name != "faults"}


def _run(client: ApiClient, entries: list[Entry], label: str, **options: bool) -> FeedReport:
    try:
        with transaction.atomic():
            return client_apply(client=client, entries=entries, label=label, **options)
    except SourceBusy:
        words = _("Un autre appel de ce client est en cours : réessayez.")
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, words) from None
    except TooManyDepartures:
        raise Problem(HTTPStatus.CONFLICT, str(DEPARTURES)) from None


def _lines(body: bytes) -> Iterator[Entry]:
    """Every line is read before anything is told: a batch says all that is wrong with it at once."""
    lines = [(number, line) for number, line in enumerate(body.splitlines(), start=1) if line.strip()]
    if not lines or len(lines) > LINES:
        words = _("De 1 à %(limit)s lignes de JSON sont attendues (NDJSON).") % {"limit": LINES}
        raise Problem(HTTPStatus.BAD_REQUEST if not lines else HTTPStatus.REQUEST_ENTITY_TOO_LARGE, words)
    entries, errors = [], []
    for number, line in lines:
        model = RemovalLine if b'"removed"' in line else StaffLine
        try:
            entries.append(model.model_validate_json(line).entry(number))
        except ValidationError as error:
            errors += errors_of(error, number)
    if errors:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("Le corps est à corriger."), errors)
    yield from entries
