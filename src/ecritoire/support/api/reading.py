"""What the calls have in common: bodies and queries checked field by field, pages by cursor, versions."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from ecritoire.api.rest.answers import Problem, errors_of
from ecritoire.api.rest.door import body_of

from .schemas import Paging

Schema = TypeVar("Schema", bound=BaseModel)
Row = TypeVar("Row", bound=Model)


def said(request: HttpRequest, schema: type[Schema]) -> Schema:
    """The body. 422 names each field that does not fit."""
    try:
        return schema.model_validate_json(body_of(request))
    except ValidationError as error:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("Le corps est à corriger."), errors_of(error)) from None


def asked(request: HttpRequest, schema: type[Schema]) -> Schema:
    """The query. 400 names each parameter that does not fit, or is none; one given twice too."""
    twice = [name for name in request.GET if len(request.GET.getlist(name)) > 1]
    if twice:
        raise refused(HTTPStatus.BAD_REQUEST, twice[0], _("Donné deux fois."))
    try:
        return schema.model_validate_strings(request.GET.dict())
    except ValidationError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, _("Les paramètres sont à corriger."), errors_of(error)) from None


def refused(status: HTTPStatus, field: str, message: str) -> Problem:
    return Problem(status, message, [{"field": field, "message": message}])


def page(rows: QuerySet[Row], paging: Paging, draw: Callable[[Row], BaseModel]) -> dict[str, Any]:
    """The newest first. A cursor is the last row seen: what is added meanwhile changes nothing of what follows."""
    if paging.cursor:
        rows = rows.filter(pk__lt=_after(paging.cursor))
    found = list(rows.order_by("-pk")[: paging.limit + 1])
    has_more = len(found) > paging.limit
    found = found[: paging.limit]
    items = [draw(row).model_dump(mode="json") for row in found]
    return {"items": items, "next": _cursor(found[-1].pk) if has_more else None}


def _cursor(key: int) -> str:
    return base64.urlsafe_b64encode(str(key).encode()).decode().rstrip("=")


def _after(cursor: str) -> int:
    try:
        key = int(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        key = 0
    if not 0 < key < 2**63:
        raise refused(HTTPStatus.NOT_FOUND, "cursor", _("Ce curseur n'en est pas un."))
    return key


def version(updated_at: dt.datetime) -> str:
    """An ETag: what one row was when it was read."""
    return f'"{int(updated_at.timestamp() * 1_000_000):x}"'


def unchanged(request: HttpRequest, updated_at: dt.datetime) -> None:
    """412 when the caller has seen another version than this one. Without ``If-Match``, nothing is compared."""
    wanted = [word.strip() for word in request.headers.get("If-Match", "").split(",") if word.strip()]
    if wanted and "*" not in wanted and version(updated_at) not in wanted:
        words = _("Changé depuis que vous l'avez lu : relisez, puis recommencez.")
        raise refused(HTTPStatus.PRECONDITION_FAILED, "If-Match", words)


def answer(drawn: BaseModel, *, status: int = HTTPStatus.OK, etag: str = "", location: str = "") -> JsonResponse:
    headers = {name: value for name, value in (("ETag", etag), ("Location", location)) if value}
    return JsonResponse(drawn.model_dump(mode="json"), status=status, headers=headers)
