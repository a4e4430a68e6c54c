"""The one way into every service, whatever its protocol: signed in, recently enough, allowed, and agreed."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from ecritoire.common.requests import AccountRequest
from ecritoire.portal.models import Consent, Service
from ecritoire.portal.selectors import service_open_to

from .middleware import KEY, origin_of

REAUTHENTICATED = "reauth"
DECISION = "sso_decision"
USED, FRESH = "sso_reauth", "ecritoire.sso_fresh"
SIGNER = signing.TimestampSigner(salt="sso.reauthentication")
RETURN_SECONDS = 30 * 60


class NeedsPerson(Exception):
    """The service asked not to bother the person, and they would have to do something. ``args[0]`` says what."""


class Declined(Exception):
    """The person did not agree."""


@dataclass(frozen=True)
class Entry:
    """What a service asks for when it sends somebody here. ``max_age`` is in seconds."""

    service: Service
    address: str
    claims: list[str] = field(default_factory=list)
    passive: bool = False
    fresh: bool = False
    max_age: int | None = None
    ask_consent: bool = False


def gate(request: HttpRequest, entry: Entry) -> HttpResponse | None:
    """None when the person may enter now; else the page or redirect that comes first. Raises NeedsPerson, Declined."""
    since = _asked_at(request)
    fresh = since is not None and float(request.session.get("started", 0)) >= since
    if not request.user.is_authenticated or not _recent_enough(request, entry, fresh):
        if entry.passive:
            raise NeedsPerson("login_required")
        return _to_sign_in(request, entry)
    account = request.user
    if not service_open_to(service=entry.service, account=account):
        return refused_page(request, entry.service)
    if not entry.service.is_own and not _agreed(request, entry):
        if entry.passive:
            raise NeedsPerson("consent_required")
        return _to_consent(request, entry)
    request.session.pop(KEY, None)
    if fresh:  # a mark is good for one entry: it stays in the browser's history
        request.session[USED] = since
    request.META[FRESH] = fresh
    return None


def was_fresh(request: HttpRequest) -> bool:
    """Past the gate: the person gave their password for this very entry."""
    return bool(request.META.get(FRESH))


def refused_page(request: HttpRequest, service: Service) -> HttpResponse:
    """Signed in, but this service is not for them."""
    request.session.pop(KEY, None)
    return render(request, "portal/sso/refused.html", {"service": service}, status=HTTPStatus.FORBIDDEN)


def fault_page(request: HttpRequest, text: str, status: int = HTTPStatus.BAD_REQUEST) -> HttpResponse:
    """A request we cannot answer, told here: an address we do not know is never followed."""
    return render(request, "portal/sso/fault.html", {"text": text}, status=status)


def _recent_enough(request: HttpRequest, entry: Entry, fresh: bool) -> bool:
    if fresh:
        return True
    age = time.time() - float(request.session.get("started", 0))
    return not entry.fresh and (entry.max_age is None or age <= entry.max_age)


def _asked_at(request: HttpRequest) -> float | None:
    """When we sent the person to sign in again for this address, as we signed it; None once it has served."""
    try:
        value = SIGNER.unsign(request.GET.get(REAUTHENTICATED, ""), max_age=RETURN_SECONDS)
    except signing.BadSignature:
        return None
    since, _, digest = value.partition("|")
    same = digest == _digest(bare_address(request))
    return float(since) if same and float(since) > float(request.session.get(USED, 0)) else None


def _to_sign_in(request: HttpRequest, entry: Entry) -> HttpResponse:
    request.session[KEY] = origin_of(entry.address)
    following = bare_address(request)
    if request.user.is_authenticated or entry.fresh or entry.max_age is not None:
        mark = SIGNER.sign(f"{time.time():.3f}|{_digest(following)}")
        following += ("&" if "?" in following else "?") + urlencode({REAUTHENTICATED: mark})
    return redirect(f"{reverse('accounts:sign-in')}?{urlencode({'next': following})}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def bare_address(request: HttpRequest) -> str:
    """This request's address without our own mark."""
    parts = urlsplit(request.get_full_path())
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != REAUTHENTICATED]
    return urlunsplit(("", "", parts.path, urlencode(query), ""))


def _agreed(request: Any, entry: Entry) -> bool:
    """The consent in force covers what is asked, and is of this minute when the service wants it asked again."""
    decided = _decision(request, entry.service)
    if decided is False:
        raise Declined
    consent = Consent.objects.filter(account=request.user, service=entry.service).first()
    covered = consent is not None and set(entry.claims) <= set(consent.claims)
    return covered and (decided is True or not entry.ask_consent)


def _decision(request: HttpRequest, service: Service) -> bool | None:
    """What the person has just answered on the consent page, once."""
    pk, agreed = request.session.pop(DECISION, (None, None))
    return agreed if pk == service.pk else None


def _to_consent(request: HttpRequest, entry: Entry) -> HttpResponse:
    request.session[KEY] = origin_of(entry.address)
    query = urlencode({"next": request.get_full_path(), "claims": " ".join(entry.claims)})
    return redirect(f"{reverse('sso:consent', args=[entry.service.pk])}?{query}")


def consent_decide(*, request: AccountRequest, service: Service, claims: list[str], agreed: bool) -> None:
    """Keep a yes; a no holds for this entry only."""
    if agreed:
        consent, _ = Consent.objects.get_or_create(account=request.user, service=service)
        consent.claims = sorted({*consent.claims, *claims})
        consent.save()
    request.session[DECISION] = (service.pk, agreed)
