"""``/scim/v2/``: the library speaks the protocol, we say who asks and where the people are."""

from __future__ import annotations

import json
import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from scim2_models import (
    Error,
    ForbiddenException,
    InvalidValueException,
    PatchOp,
    PatchOperation,
    PayloadTooLargeException,
    Resource,
    ResourceType,
    SCIMException,
    UnauthorizedException,
)
from scim2_server.conditions import Conditions
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.routing import Operation, Target
from scim2_server.service import ScimService

from ecritoire.accounts.models import ApiClient, ApiScope
from ecritoire.accounts.services.api_clients import BearerRefused, bearer_check
from ecritoire.api.engine import DEPARTURES, TooManyDepartures
from ecritoire.common.requests import client_address
from ecritoire.directory.services.records import SourceBusy

from .schemas import ABSENCES, CONTRACTS, POSTINGS, PROVIDER
from .storage import DirectoryStorage

READS = {Operation.query, Operation.search, Operation.search_with_body}
LIST_EXTENSIONS = {urn.lower() for urn in (POSTINGS, CONTRACTS, ABSENCES)}
MEDIA_TYPE = "application/scim+json"
log = logging.getLogger(__name__)


class SlowDown(SCIMException):
    status = 429


class Busy(SCIMException):
    status = 503


class Service(ScimService):
    """The protocol, with our scopes."""

    def authorize(self, request: ScimRequest, target: Target, resource_type: ResourceType) -> None:
        client: ApiClient = request.subject
        scope = ApiScope.SCIM_READ if target.operation in READS else ApiScope.SCIM_WRITE
        if not client.may(scope):
            raise ForbiddenException(detail=_("Ce client n'a pas la portée %(scope)s.") % {"scope": scope})

    @staticmethod
    def error_of(exception: Exception) -> Error:
        """Also of one operation of many."""
        if isinstance(exception, SourceBusy):
            return Busy(detail=_("Un autre appel de ce client est en cours : réessayez.")).to_error()
        if isinstance(exception, TooManyDepartures):
            return ForbiddenException(detail=str(DEPARTURES)).to_error()
        return ScimService.error_of(exception)

    def apply_patch(
        self, current: Resource[Any], patch_op: PatchOp[Any], conditions: Conditions
    ) -> Resource[Any] | None:
        """Adding a whole extension that is one list gives that list; a value is added under the list's own path."""
        for operation in patch_op.operations or []:
            if operation.op == PatchOperation.Op.add and str(operation.path).lower() in LIST_EXTENSIONS:
                operation.op = PatchOperation.Op.replace_
        return super().apply_patch(current, patch_op, conditions)


SERVICE = Service(PROVIDER)


@csrf_exempt  # no cookie is read: the token alone counts
def scim(request: HttpRequest, path: str) -> HttpResponse:
    try:
        response = _answer(request, path)
    except (SCIMException, SourceBusy, TooManyDepartures) as error:
        response = SERVICE.error_response(error)
    except Exception as error:
        log.exception("SCIM %s %s", request.method, path)
        response = SERVICE.error_response(error)
    return _http(request, response)


def _answer(request: HttpRequest, path: str) -> ScimResponse:
    asked = _read(request, path)
    if SERVICE.match(asked).operation is not Operation.service_provider_config:  # RFC 7643 §5: open to anybody
        asked.subject = _client(request)
    return ScimHandler(SERVICE, DirectoryStorage(asked.subject)).handle(asked)


def _client(request: HttpRequest) -> ApiClient:
    found = bearer_check(authorization=request.headers.get("Authorization", ""), address=client_address(request))
    if isinstance(found, ApiClient):
        if not found.may(ApiScope.SCIM_READ):
            raise ForbiddenException(detail=_("Ce client n'a pas la portée %(scope)s.") % {"scope": "scim:read"})
        return found
    raise _refused(found)


def _refused(refused: BearerRefused) -> SCIMException:
    if refused.reason == "throttled":
        return SlowDown(detail=_("Trop d'essais depuis cette adresse : attendez une minute."))
    if refused.reason == "network":
        return ForbiddenException(detail=_("Ce client n'est pas admis depuis cette adresse."))
    return UnauthorizedException(detail=_("Un jeton valable est attendu dans l'en-tête Authorization (Bearer)."))


def _read(request: HttpRequest, path: str) -> ScimRequest:
    asked = ScimRequest(
        method=request.method or "GET",
        base_url=f"{settings.CONFIG.base_url}/scim/v2",
        path=f"/{path}".removesuffix(".scim"),
        query={name: str(request.GET[name]) for name in request.GET},
        headers=dict(request.headers),
    )
    try:
        asked.body = request.body
    except RequestDataTooBig:
        raise PayloadTooLargeException from None
    if b"\\u0000" in asked.body or "\0" in "".join(asked.query.values()) or "\0" in path:
        raise _without_nul()
    return asked


def _without_nul() -> SCIMException:
    return InvalidValueException(detail=_("Le caractère U+0000 n'a sa place nulle part."))


def _http(request: HttpRequest, response: ScimResponse) -> HttpResponse:
    body: Any = "" if response.body is None else json.dumps(response.body, ensure_ascii=False)
    answer = HttpResponse(body, status=response.status, content_type=f"{MEDIA_TYPE}; charset=utf-8")
    for name, value in response.headers.items():
        answer[name] = value
    if response.status in {SlowDown.status, Busy.status}:
        answer["Retry-After"] = "60"
    answer["Cache-Control"] = "no-store"
    return answer
