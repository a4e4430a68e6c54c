"""Registering, changing and closing services. Every act is audited; no secret is."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from oauth2_provider.models import AccessToken, Application, Grant, RefreshToken

from ecritoire.common.services import Actor, audit_record
from ecritoire.directory.services import organisation_ensure
from ecritoire.portal.models import CasClient, OidcClient, SamlProvider, Service, ServiceSession

from .oidc.secret import secret_hash, secret_make
from .saml.metadata import Described
from .sessions import service_sessions_end

OWN = ("name", "description", "url", "category", "icon", "order", "roles", "audience", "claims", "is_own")
Values = dict[str, Any]


def service_create(*, protocol: Service.Protocol, values: Values, acting_user: Actor | None) -> tuple[Service, str]:
    """A new service, the installation's own académie's unless said otherwise, and for an OIDC client that keeps one its secret:
    known now, never again."""
    with transaction.atomic():
        service = Service(
            protocol=protocol,
            organisation=values["organisation"] if "organisation" in values else organisation_ensure(),
        )
        secret = _save(service, values)
        audit_record(
            acting_user=acting_user,
            action="service.create",
            target=service.name,
            within=_within(service),
            protocol=protocol,
            claims=service.claims,
            own=service.is_own,
        )
    return service, secret


def service_update(*, service: Service, values: Values, acting_user: Actor | None) -> str:
    """Returns a fresh secret when an OIDC client now needs one, else an empty string."""
    with transaction.atomic():
        changed = [name for name in OWN if name in values and values[name] != getattr(service, name)]
        secret = _save(service, values)
        extra = sorted(set(values) - set(OWN))
        audit_record(
            acting_user=acting_user,
            action="service.update",
            target=service.name,
            within=_within(service),
            changed=changed,
            given=extra,
            claims=service.claims,
        )
    return secret


def service_toggle(*, service: Service, enabled: bool, acting_user: Actor | None) -> None:
    """Closing a service ends every session and token in it at once."""
    with transaction.atomic():
        service.enabled = enabled
        service.save(update_fields=["enabled", "updated_at"])
        action = "service.enable" if enabled else "service.disable"
        audit_record(acting_user=acting_user, action=action, target=service.name, within=_within(service))
        if not enabled:
            service_sessions_end(sessions=ServiceSession.objects.filter(service=service))
            _tokens_drop(service)


def secret_renew(*, service: Service, acting_user: Actor | None) -> str:
    """A new secret; the former stops working at once."""
    secret = secret_make()
    with transaction.atomic():
        Application.objects.filter(client__service=service).update(client_secret=secret_hash(secret))
        audit_record(acting_user=acting_user, action="service.secret", target=service.name, within=_within(service))
    return secret


def _save(service: Service, values: Values) -> str:
    for name in OWN:
        if name in values:
            setattr(service, name, values[name])
    service.save()
    service.structures.set(values.get("structures", []))
    service.academies.set(values.get("academies", []) if service.organisation_id is None else [])
    save = {Service.Protocol.OIDC: _save_oidc, Service.Protocol.CAS: _save_cas, Service.Protocol.SAML: _save_saml}
    saver = save.get(Service.Protocol(service.protocol))
    return saver(service, values) if saver else ""


def _save_oidc(service: Service, values: Values) -> str:
    client = OidcClient.objects.select_related("application").filter(service=service).first()
    application = client.application if client else Application(client_secret="", hash_client_secret=False)
    application.name = service.name
    application.client_type = values["client_type"]
    application.authorization_grant_type = Application.GRANT_AUTHORIZATION_CODE
    application.algorithm = Application.RS256_ALGORITHM
    application.redirect_uris = " ".join(values["redirect_uris"])
    application.post_logout_redirect_uris = " ".join(values["post_logout_redirect_uris"])
    secret = ""
    if application.client_type == Application.CLIENT_PUBLIC:
        application.client_secret = ""
    elif not application.client_secret:
        secret = secret_make()
        application.client_secret = secret_hash(secret)
    application.save()
    own = {"application": application, "logout_url": values["logout_url"]}
    OidcClient.objects.update_or_create(service=service, defaults=own)
    return secret


def _save_cas(service: Service, values: Values) -> str:
    own = {"addresses": values["addresses"], "single_logout": values["single_logout"]}
    CasClient.objects.update_or_create(service=service, defaults=own)
    return ""


def _save_saml(service: Service, values: Values) -> str:
    described: Described | None = values.get("metadata")
    if described is not None:
        own = {"entity_id": described.entity_id, "metadata": described.text}
        SamlProvider.objects.update_or_create(service=service, defaults=own)
    return ""


def _tokens_drop(service: Service) -> None:
    for model in (Grant, RefreshToken, AccessToken):
        model.objects.filter(application__client__service=service).delete()


def _within(service: Service) -> str:
    """Whose journal keeps it: the académie's, or the installation's."""
    return service.organisation.mail_domain if service.organisation else ""
