"""Authorization and sign-out endpoints; token, userinfo, revocation and keys are the toolkit's."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider.exceptions import FatalClientError, OAuthToolkitError
from oauth2_provider.models import Application
from oauth2_provider.views import TokenView
from oauth2_provider.views.mixins import OAuthLibMixin
from oauthlib.oauth2 import OAuth2Error
from oauthlib.oauth2.rfc6749.errors import AccessDeniedError, CustomOAuth2Error, InvalidRequestError

from ecritoire.portal.models import OidcClient, Service
from ecritoire.portal.sso.claims import CATALOGUE, SCOPES, claims_asked
from ecritoire.portal.sso.gate import Declined, Entry, NeedsPerson, fault_page, gate, was_fresh
from ecritoire.portal.sso.http import redirect_to
from ecritoire.portal.sso.sessions import service_session_open

from .validator import ONE_FACTOR, TWO_FACTORS

GRANTS = ["authorization_code", "refresh_token"]


def issuer() -> str:
    return str(settings.OAUTH2_PROVIDER["OIDC_ISS_ENDPOINT"])


def discovery(request: HttpRequest) -> JsonResponse:
    def at(name: str) -> str:
        return settings.CONFIG.base_url + reverse(f"sso:{name}")

    response = JsonResponse(
        {
            "issuer": issuer(),
            "authorization_endpoint": at("oidc-authorize"),
            "token_endpoint": at("oidc-token"),
            "userinfo_endpoint": at("oidc-userinfo"),
            "revocation_endpoint": at("oidc-revoke"),
            "end_session_endpoint": at("oidc-logout"),
            "jwks_uri": at("oidc-jwks"),
            "scopes_supported": list(SCOPES),
            "claims_supported": ["sub", *CATALOGUE, "family_name", "email_verified"],
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": GRANTS,
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "code_challenge_methods_supported": ["S256"],
            "prompt_values_supported": ["none", "login", "consent"],
            "acr_values_supported": [ONE_FACTOR, TWO_FACTORS],
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
            "authorization_response_iss_parameter_supported": True,
            "request_parameter_supported": False,
            "request_uri_parameter_supported": False,
        }
    )
    response["Access-Control-Allow-Origin"] = "*"
    return response


class Token(TokenView):  # type: ignore[misc]
    """Codes and refresh tokens, no other grant."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("grant_type") not in GRANTS:
            return JsonResponse({"error": "unsupported_grant_type"}, status=HTTPStatus.BAD_REQUEST)
        response: HttpResponse = self.authorization_flow_token_response(request, *args, **kwargs)
        return response


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class Authorize(OAuthLibMixin, View):  # type: ignore[misc]
    """A browser sent by a service. Faults in who asks, or where to answer, are shown here; others go back to the service."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """The request as a form (OIDC Core 3.1.2.1). Cookies do not travel with it, so it comes round as a GET."""
        query = urlencode([(key, value) for key, value in request.POST.items()])
        return redirect(f"{request.path}?{query}")

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            scopes, credentials = self.validate_authorization_request(request)
        except FatalClientError as error:
            return fault_page(request, _reason(error))
        except OAuthToolkitError as error:
            return self._fault(error.oauthlib_error)
        client = OidcClient.objects.select_related("service").filter(application=credentials["request"].client).first()
        if client is None or not client.service.enabled:
            return fault_page(request, _("Ce service n'est plus relié."))
        return self._enter(client.service, scopes, credentials)

    def _fault(self, error: OAuth2Error) -> HttpResponse:
        application = Application.objects.filter(client_id=self.request.GET.get("client_id", "")).first()
        if application and error.redirect_uri in application.redirect_uris.split():
            return _answer(error, error.redirect_uri)
        return fault_page(self.request, _("Le service qui vous envoie n'est pas enregistré auprès de l'académie."))

    def _enter(self, service: Service, scopes: list[str], credentials: dict[str, Any]) -> HttpResponse:
        request, address = self.request, credentials["redirect_uri"]
        told = {"state": credentials.get("state")}
        try:
            entry = self._entry(service, scopes, address)
            first = gate(request, entry)
            if first is not None:
                return first
            return self._issue(entry, scopes, credentials)
        except NeedsPerson as error:
            return _answer(CustomOAuth2Error(error=error.args[0], **told), address)
        except Declined:
            return _answer(AccessDeniedError(**told), address)
        except OAuthToolkitError as error:
            return _answer(error.oauthlib_error, address)

    def _entry(self, service: Service, scopes: list[str], address: str) -> Entry:
        asked = self.request.GET
        for name in ("request", "request_uri"):
            if name in asked:
                raise OAuthToolkitError(CustomOAuth2Error(error=f"{name}_not_supported", state=asked.get("state")))
        prompt = asked.get("prompt", "").split()
        return Entry(
            service=service,
            address=address,
            claims=claims_asked(service=service, scopes=scopes),
            passive="none" in prompt,
            fresh="login" in prompt or "select_account" in prompt,
            max_age=_seconds(asked.get("max_age"), asked.get("state")),
            ask_consent="consent" in prompt,
        )

    def _issue(self, entry: Entry, scopes: list[str], credentials: dict[str, Any]) -> HttpResponse:
        request: Any = self.request
        if credentials.get("code_challenge_method") != "S256":
            raise OAuthToolkitError(
                InvalidRequestError(description="code_challenge_method must be S256", state=credentials.get("state"))
            )
        session = service_session_open(request=request, service=entry.service, fresh=was_fresh(request))
        uri, *_rest = self.create_authorization_response(
            request=request,
            scopes=" ".join(scopes),
            credentials={**credentials, "service_session": session},
            allow=True,
        )
        return redirect_to(uri)


def _seconds(text: str | None, state: str | None) -> int | None:
    if not text:
        return None
    if not text.isdecimal():
        raise OAuthToolkitError(InvalidRequestError(description="max_age is not a number of seconds", state=state))
    return int(text)


def _reason(error: FatalClientError) -> str:
    kind = getattr(error.oauthlib_error, "description", "") or ""
    if "redirect" in kind.lower():
        return _("L'adresse de retour demandée n'est pas enregistrée pour ce service : nous n'y envoyons personne.")
    return _("Le service qui vous envoie n'est pas enregistré auprès de l'académie.")


def _answer(error: OAuth2Error, address: str) -> HttpResponse:
    """Back to the service with an error; ``address`` has been checked against its registration."""
    pairs = [("error", error.error), ("iss", issuer())]
    pairs += [("error_description", error.description)] if error.description else []
    pairs += [("state", error.state)] if error.state else []
    return redirect_to(address + ("&" if "?" in address else "?") + urlencode(pairs))
