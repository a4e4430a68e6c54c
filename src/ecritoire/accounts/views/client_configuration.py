"""Documents by which mail applications configure themselves. They say nothing about who exists: no account is looked up."""

from __future__ import annotations

import re
from http import HTTPStatus
from xml.etree import ElementTree

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from ecritoire.accounts.client_settings import servers
from ecritoire.directory.organisations import organisation_by_address, organisation_by_host

XML = "application/xml; charset=utf-8"
LONGEST = 16_384
REQUEST_TAGS = re.compile(r"^\{[^}]*/autodiscover/outlook/requestschema/2006\}EMailAddress$", re.IGNORECASE)
RESPONSE_SCHEMA = "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"


def _context(request: HttpRequest, address: str) -> dict[str, object]:
    """By the address's domain, which says no more than the domain's own DNS does; else by whose name was asked for."""
    here = organisation_by_address(address) or organisation_by_host(request.get_host())
    domain, base_url = here.mail_domain, here.base_url
    return {"servers": servers(here), "domain": domain, "base_url": base_url, "name": here.name}


@require_GET
@cache_control(public=True, max_age=3600)
def autoconfig(request: HttpRequest) -> HttpResponse:
    """Mozilla's config-v1.1.xml, read by Thunderbird, K-9, FairEmail, Evolution, KMail."""
    return render(
        request,
        "accounts/client_configuration/config-v1.1.xml",
        _context(request, request.GET.get("emailaddress", "")),
        content_type=XML,
    )


@csrf_exempt
def autodiscover(request: HttpRequest) -> HttpResponse:
    """Microsoft's "plain old XML": Outlook posts an address, and learns the servers."""
    address = requested_address(request.body) if request.method == "POST" else ""
    template = "autodiscover.xml" if address else "autodiscover-error.xml"
    context = _context(request, address) | {"address": address, "schema": RESPONSE_SCHEMA, "now": timezone.now()}
    return render(request, f"accounts/client_configuration/{template}", context, content_type=XML)


def requested_address(body: bytes) -> str:
    """The address of an Autodiscover request; empty when it is not one."""
    if len(body) > LONGEST or b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        return ""
    try:
        tree = ElementTree.fromstring(body)  # noqa: S314 - no document type, hence no entities
        found = next((e.text for e in tree.iter() if REQUEST_TAGS.match(e.tag)), None)
        address = (found or "").strip()
        validate_email(address)
    except (ElementTree.ParseError, ValidationError, LookupError, ValueError):
        return ""
    return address


@require_GET
def autodiscover_json(request: HttpRequest, address: str = "") -> JsonResponse:
    """Autodiscover v2 tells where v1 is; the other protocols (ActiveSync, EWS, REST) are not spoken here."""
    wanted = request.GET.get("Protocol", "")
    if wanted.lower() == "autodiscoverv1":
        here = organisation_by_address(address) or organisation_by_host(request.get_host())
        url = f"{here.base_url}/autodiscover/autodiscover.xml"
        return JsonResponse({"Protocol": "AutodiscoverV1", "Url": url})
    if not wanted:
        error = {
            "ErrorCode": "MandatoryParameterMissing",
            "ErrorMessage": "A valid value must be provided for 'Protocol'",
        }
    else:
        message = f"The given protocol value '{wanted[:40]}' is invalid. Supported values are 'AutodiscoverV1'"
        error = {"ErrorCode": "InvalidProtocol", "ErrorMessage": message}
    return JsonResponse(error, status=HTTPStatus.BAD_REQUEST)
