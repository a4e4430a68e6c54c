"""What django-oauth-toolkit asks us: who may use which code or token, and what an ID token says."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from typing import Any

from django.db import transaction
from oauth2_provider.models import RefreshToken
from oauth2_provider.oauth2_validators import OAuth2Validator

from ecritoire.portal.models import ServiceSession, TokenFamily
from ecritoire.portal.selectors import service_open_to
from ecritoire.portal.sso.claims import claims_asked, claims_release, subject

from .secret import secret_hash

ONE_FACTOR, TWO_FACTORS = "https://refeds.org/profile/sfa", "https://refeds.org/profile/mfa"


def code_hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def acr_of(session: ServiceSession) -> str:
    return TWO_FACTORS if set(session.amr) - {"pwd"} else ONE_FACTOR


def usable(session: ServiceSession | None) -> bool:
    """The session still stands, and the person may still enter."""
    if session is None or session.ended_at or not session.account.is_activated:
        return False
    return service_open_to(service=session.service, account=session.account)


class Validator(OAuth2Validator):  # type: ignore[misc]
    """Exact redirect addresses, hashed secrets, and tokens that live no longer than the session they come from."""

    oidc_claim_scope = None

    def _check_secret(self, provided_secret: str, stored_secret: str) -> bool:
        return hmac.compare_digest(secret_hash(provided_secret), stored_secret)

    def validate_redirect_uri(self, client_id: str, redirect_uri: str, request: Any, *args: Any, **kwargs: Any) -> bool:
        return redirect_uri in request.client.redirect_uris.split()

    def save_authorization_code(
        self, client_id: str, code: dict[str, str], request: Any, *args: Any, **kwargs: Any
    ) -> None:
        with transaction.atomic():
            super().save_authorization_code(client_id, code, request, *args, **kwargs)
            TokenFamily.objects.create(session=request.service_session, code_hash=code_hash(code["code"]))

    def validate_code(self, client_id: str, code: str, client: Any, request: Any, *args: Any, **kwargs: Any) -> bool:
        found = TokenFamily.objects.select_related("session__service", "session__account__person")
        family = found.filter(code_hash=code_hash(code), session__service__oidc__application=client).first()
        if not super().validate_code(client_id, code, client, request, *args, **kwargs):
            if family and family.family:  # a code that comes back was stolen by somebody: nothing it gave may live on
                RefreshToken.revoke_family(family.family)
            return False
        request.token_family = family
        request.service_session = family.session if family else None
        return usable(request.service_session)

    def _create_refresh_token(self, request: Any, *args: Any, **kwargs: Any) -> RefreshToken:
        token = super()._create_refresh_token(request, *args, **kwargs)
        family = getattr(request, "token_family", None)
        if family and family.family is None:
            family.family = token.token_family
            family.save(update_fields=["family", "updated_at"])
        return token

    def validate_refresh_token(self, refresh_token: str, client: Any, request: Any, *args: Any, **kwargs: Any) -> bool:
        if not super().validate_refresh_token(refresh_token, client, request, *args, **kwargs):
            return False
        found = TokenFamily.objects.select_related("session__service", "session__account__person")
        family = found.filter(family=request.refresh_token_instance.token_family).first()
        request.service_session = family.session if family else None
        return usable(request.service_session)

    def validate_silent_login(self, request: Any) -> bool:
        """Whether the person must be asked something is the gate's to say (``prompt=none``)."""
        return True

    validate_silent_authorization = validate_silent_login

    def validate_bearer_token(self, token: str, scopes: list[str], request: Any) -> bool:
        return bool(super().validate_bearer_token(token, scopes, request)) and request.user.is_activated

    def get_oidc_claims(self, token: Any, token_handler: Any, request: Any) -> dict[str, Any]:
        """The ID token names the person and no more: what a service may learn, it asks of userinfo."""
        return {"sub": subject(account=request.user, service=request.client.client.service)}

    def get_id_token_dictionary(
        self, token: Any, token_handler: Any, request: Any
    ) -> tuple[dict[str, Any], dt.datetime]:
        claims, expires = super().get_id_token_dictionary(token, token_handler, request)
        session: ServiceSession = request.service_session
        claims |= {
            "auth_time": int(session.signed_in_at.timestamp()),
            "sid": session.handle,
            "amr": session.amr,
            "acr": acr_of(session),
        }
        return claims, expires

    def get_userinfo_claims(self, request: Any) -> dict[str, Any]:
        service = request.client.client.service
        names = claims_asked(service=service, scopes=request.scopes)
        claims = self.get_oidc_claims(None, None, request) | claims_release(account=request.user, names=names)
        if "email" in claims:
            claims["email_verified"] = True
        if "usual_name" in claims:
            claims["family_name"] = claims["usual_name"]
        return claims
