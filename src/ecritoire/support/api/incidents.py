"""``/api/v1/incidents`` and ``/api/v1/status``."""

from __future__ import annotations

import datetime as dt
import re
from http import HTTPStatus

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from ecritoire.accounts.models import ApiClient, ApiScope
from ecritoire.api.rest.answers import Problem
from ecritoire.api.rest.door import door
from ecritoire.directory.models import Structure
from ecritoire.support.incidents import Notice, incident_declare, incident_tell
from ecritoire.support.models import Incident

from .reading import answer, asked, page, refused, said, unchanged, version
from .schemas import IncidentIn, IncidentOut, IncidentQuery, StatusOut, UpdateIn, UpdateList, UpdateOut

SCOPES = {"read": ApiScope.INCIDENTS_READ, "write": ApiScope.INCIDENTS_WRITE}
KEY = re.compile(r"[0-9]{1,18}")
FAR = dt.timedelta(days=3660)
State, Severity = Incident.State, Incident.Severity
WORST = (Severity.CRITICAL, Severity.MAJOR, Severity.MINOR, Severity.MAINTENANCE)


def incidents_of(client: ApiClient) -> QuerySet[Incident]:
    return Incident.objects.filter(organisation=client.organisation_id).prefetch_related("structures", "updates")


@door("GET", "POST", **SCOPES)
def incidents(request: HttpRequest, client: ApiClient) -> HttpResponse:
    if request.method == "POST":
        return _declare(request, client)
    query = asked(request, IncidentQuery)
    rows = incidents_of(client)
    if query.state == "current":
        rows = rows.exclude(state__in=[State.RESOLVED, State.PLANNED])
    elif query.state:
        rows = rows.filter(state=query.state)
    if query.severity:
        rows = rows.filter(severity=query.severity)
    return JsonResponse(page(rows, query, IncidentOut.of))


def _declare(request: HttpRequest, client: ApiClient) -> HttpResponse:
    wanted = said(request, IncidentIn)
    _check_times(wanted)
    row = incident_declare(
        organisation=client.organisation,
        notice=Notice(
            title=wanted.title,
            text=wanted.text,
            severity=Severity(wanted.severity),
            starts_at=_utc(wanted.starts_at),
            ends_at=_utc(wanted.ends_at),
            is_public=wanted.is_public,
        ),
        acting_user=client,
        structures=_structures(client, wanted.structures),
    )
    place = f"/api/v1/incidents/{row.pk}"
    return answer(IncidentOut.of(row), status=HTTPStatus.CREATED, etag=version(row.updated_at), location=place)


def _utc(moment: dt.datetime | None) -> dt.datetime | None:
    """The database knows no zone further than sixteen hours."""
    return moment.astimezone(dt.UTC) if moment else None


def _check_times(wanted: IncidentIn) -> None:
    """What the form of the console checks too."""
    now = timezone.now()
    for name in ("starts_at", "ends_at"):
        moment = getattr(wanted, name)
        if moment and not now - FAR < moment < now + FAR:
            raise refused(HTTPStatus.CONFLICT, name, _("À plus de dix ans d'ici."))
    if wanted.ends_at and wanted.ends_at <= (wanted.starts_at or now):
        raise refused(HTTPStatus.CONFLICT, "ends_at", _("La fin précède le début."))
    if wanted.severity == Severity.MAINTENANCE and not wanted.ends_at:
        raise refused(HTTPStatus.CONFLICT, "ends_at", _("Une maintenance a une fin prévue."))


def _structures(client: ApiClient, codes: list[str]) -> list[Structure]:
    wanted = {code.upper() for code in codes}
    found = list(Structure.objects.filter(organisation=client.organisation_id, uai__in=wanted))
    missing = wanted - {structure.uai for structure in found}
    if missing:
        words = _("L'annuaire de l'académie n'a pas : %(codes)s.") % {"codes": ", ".join(sorted(missing))}
        raise refused(HTTPStatus.CONFLICT, "structures", words)
    return found


@door("GET", **SCOPES)
def incident(request: HttpRequest, client: ApiClient, pk: str) -> HttpResponse:
    row = _incident(incidents_of(client), pk)
    return answer(IncidentOut.of(row), etag=version(row.updated_at))


def _incident(rows: QuerySet[Incident], pk: str) -> Incident:
    row = rows.filter(pk=int(pk)).first() if KEY.fullmatch(pk) else None
    if row is None:
        raise Problem(HTTPStatus.NOT_FOUND, _("Aucun incident n'a ce numéro."))
    return row


@door("GET", "POST", **SCOPES)
def updates(request: HttpRequest, client: ApiClient, pk: str) -> HttpResponse:
    if request.method == "POST":
        return _tell(request, client, pk)
    row = _incident(incidents_of(client), pk)
    return answer(UpdateList(items=[UpdateOut.of(update) for update in row.updates.all()]))


def _tell(request: HttpRequest, client: ApiClient, pk: str) -> HttpResponse:
    wanted = said(request, UpdateIn)
    with transaction.atomic():
        rows = Incident.objects.filter(organisation=client.organisation_id)
        row = _incident(rows.select_for_update(), pk)
        unchanged(request, row.updated_at)
        incident_tell(incident=row, state=State(wanted.state), text=wanted.text, acting_user=client)
        update = row.updates.order_by("-pk")[0]
    return answer(UpdateOut.of(update), status=HTTPStatus.CREATED, etag=version(row.updated_at))


@door("GET", **SCOPES)
def status(request: HttpRequest, client: ApiClient) -> HttpResponse:
    """What the status page says: public incidents only."""
    rows = list(incidents_of(client).filter(is_public=True).exclude(state=State.RESOLVED).order_by("-starts_at"))
    present = [row for row in rows if row.state != State.PLANNED]
    severities = {row.severity for row in present}
    worst = next((str(severity) for severity in WORST if severity in severities), "operational")
    planned = [IncidentOut.of(row) for row in rows if row.state == State.PLANNED]
    told = StatusOut(state=worst, present=[IncidentOut.of(row) for row in present], planned=planned)  # type: ignore[arg-type]
    return answer(told)
