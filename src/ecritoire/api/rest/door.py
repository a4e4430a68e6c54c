"""What every REST call passes: its token, the scope its method needs, how often it may call, a key that keeps a POST from being
done twice; what goes wrong is a problem document (RFC 9457)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from ecritoire.accounts.models import ApiClient, ApiScope
from ecritoire.accounts.services.api_clients import BearerRefused, bearer_check
from ecritoire.accounts.services.limits import MINUTE, count
from ecritoire.api.models import KeptAnswer
from ecritoire.common.requests import client_address

from .answers import Problem

READS = {"GET", "HEAD"}
CALLS_A_MINUTE = 600
KEY_LENGTH = 200
KEPT_HEADERS = ("Location", "ETag")
View = Callable[..., HttpResponse]


def door(*methods: str, read: ApiScope, write: ApiScope) -> Callable[[View], View]:
    """Lets in the clients that have the scope; the view gets the client as its second argument."""

    def decorate(view: View) -> View:
        @csrf_exempt  # no cookie is read: the token alone counts
        @wraps(view)
        def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            try:
                if request.method not in methods:
                    raise Problem(HTTPStatus.METHOD_NOT_ALLOWED, ", ".join(methods))
                client = _client(request, read if request.method in READS else write)
                answer = _once(request, client, lambda: view(request, client, **kwargs))
            except Problem as problem:
                answer = problem.answer()
                if problem.status == HTTPStatus.METHOD_NOT_ALLOWED:
                    answer["Allow"] = ", ".join(methods)
            answer["Cache-Control"] = "no-store"
            return answer

        return guarded

    return decorate


def _client(request: HttpRequest, scope: ApiScope) -> ApiClient:
    found = bearer_check(authorization=request.headers.get("Authorization", ""), address=client_address(request))
    if isinstance(found, BearerRefused):
        raise _refused(found)
    if not found.may(scope):
        raise Problem(HTTPStatus.FORBIDDEN, _("Ce client n'a pas la portée %(scope)s.") % {"scope": scope})
    if count(f"limits:api:{found.pk}", MINUTE) > CALLS_A_MINUTE:
        words = _("Plus de %(limit)s appels en une minute : attendez.") % {"limit": CALLS_A_MINUTE}
        raise Problem(HTTPStatus.TOO_MANY_REQUESTS, words)
    return found


def _refused(refused: BearerRefused) -> Problem:
    if refused.reason == "throttled":
        return Problem(HTTPStatus.TOO_MANY_REQUESTS, _("Trop d'essais depuis cette adresse : attendez une minute."))
    if refused.reason == "network":
        return Problem(HTTPStatus.FORBIDDEN, _("Ce client n'est pas admis depuis cette adresse."))
    words = _("Un jeton valable est attendu dans l'en-tête Authorization (Bearer).")
    return Problem(HTTPStatus.UNAUTHORIZED, words)


def _once(request: HttpRequest, client: ApiClient, do: Callable[[], HttpResponse]) -> HttpResponse:
    """With an ``Idempotency-Key``, a POST sent again gets the first one's answer. The key is written in the transaction of
    what is done: a second call at the same moment waits for the first, and a refused one may be corrected and sent again."""
    key = request.headers.get("Idempotency-Key")
    if request.method != "POST" or key is None:
        return do()
    if not 0 < len(key) <= KEY_LENGTH or not (key.isascii() and key.isprintable()):
        words = _("Idempotency-Key : de 1 à %(limit)s caractères ASCII imprimables.") % {"limit": KEY_LENGTH}
        error = {"field": "Idempotency-Key", "message": words}
        raise Problem(HTTPStatus.BAD_REQUEST, words, [error])
    called = hashlib.sha256(request.get_full_path().encode() + b"\0" + body_of(request)).hexdigest()
    with transaction.atomic():
        kept, is_first = KeptAnswer.objects.get_or_create(client=client, key=key, defaults={"called": called})
        if not is_first:
            return _again(kept, called)
        try:
            answer = do()
        except Problem as problem:
            kept.delete()
            refused = problem
        else:
            _keep(kept, answer)
            return answer
    raise refused


def _keep(kept: KeptAnswer, answer: HttpResponse) -> None:
    kept.status, kept.body = answer.status_code, answer.content.decode()
    kept.headers = {name: answer[name] for name in KEPT_HEADERS if name in answer}
    kept.save(update_fields=["status", "body", "headers", "updated_at"])


def _again(kept: KeptAnswer, called: str) -> HttpResponse:
    if kept.called != called:
        words = _("Cette clé a déjà servi à un autre appel.")
        raise Problem(HTTPStatus.CONFLICT, words, [{"field": "Idempotency-Key", "message": words}])
    headers = kept.headers | {"Idempotency-Replayed": "true"}
    return HttpResponse(kept.body, status=kept.status, content_type="application/json", headers=headers)


def body_of(request: HttpRequest) -> bytes:
    try:
        return request.body
    except RequestDataTooBig:
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("Le corps dépasse 10 Mo.")) from None
