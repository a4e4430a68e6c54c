"""The two shapes of an answer to a service: XML, or JSON for those who ask."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree as ET  # nosec - only writes

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from ecritoire.portal.models import ServiceSession
from ecritoire.portal.sso.claims import Value, claims_release, subject

NAMESPACE = "http://www.yale.edu/tp/cas"
ET.register_namespace("cas", NAMESPACE)
Fields = Mapping[str, Value]


def identifier(session: ServiceSession) -> str:
    """``uid`` where the service is registered for it; else one that no other service knows."""
    own = claims_release(account=session.account, names=[name for name in session.service.claims if name == "uid"])
    return str(own.get("uid") or subject(account=session.account, service=session.service))


def attributes(session: ServiceSession) -> dict[str, Value]:
    released = claims_release(account=session.account, names=session.service.claims)
    return {
        "authenticationDate": timezone.localtime(session.signed_in_at).isoformat(timespec="seconds"),
        "longTermAuthenticationRequestTokenUsed": False,
        "isFromNewLogin": session.was_fresh,
        "authenticationMethods": list(session.amr),
        **released,
    }


def success(request: HttpRequest, session: ServiceSession, *, with_attributes: bool) -> HttpResponse:
    user, details = identifier(session), attributes(session) if with_attributes else {}
    if wants_json(request):
        body: dict[str, object] = {"user": user} | ({"attributes": details} if details else {})
        return JsonResponse({"serviceResponse": {"authenticationSuccess": body}})
    root, answer = _envelope("authenticationSuccess")
    ET.SubElement(answer, _tag("user")).text = user
    if details:
        holder = ET.SubElement(answer, _tag("attributes"))
        for name, value in details.items():
            for one in value if isinstance(value, list) else [value]:
                ET.SubElement(holder, _tag(name)).text = str(one).lower() if isinstance(one, bool) else str(one)
    return _xml(root)


def failure(request: HttpRequest, code: str, text: str, kind: str = "authenticationFailure") -> HttpResponse:
    if wants_json(request):
        response: HttpResponse = JsonResponse({"serviceResponse": {kind: {"code": code, "description": text}}})
    else:
        root, answer = _envelope(kind)
        answer.set("code", code)
        answer.text = text
        response = _xml(root)
    response.is_mistake = True  # type: ignore[attr-defined]
    return response


def wants_json(request: HttpRequest) -> bool:
    return request.GET.get("format", "").upper() == "JSON"


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _envelope(kind: str) -> tuple[ET.Element, ET.Element]:
    root = ET.Element(_tag("serviceResponse"))
    return root, ET.SubElement(root, _tag(kind))


def _xml(root: ET.Element) -> HttpResponse:
    return HttpResponse(ET.tostring(root, encoding="utf-8"), content_type="application/xml; charset=utf-8")
