from __future__ import annotations

from importlib import import_module

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider.views import JwksInfoView, RevokeTokenView, UserInfoView

from . import console, views
from .cas import views as cas
from .oidc import sign_out
from .oidc import views as oidc
from .throttle import View, mistakes_limited, no_nul
from .upstream import views as upstream

app_name = "sso"


def saml(name: str) -> View:
    """pysaml2 takes two seconds to import: paid when the pages start (see ``wsgi``), not by every command."""

    @csrf_exempt
    def view(request: HttpRequest) -> HttpResponse:
        response: HttpResponse = getattr(import_module("ecritoire.portal.sso.saml.views"), name)(request)
        return response

    return view


urlpatterns = [
    path("accord/<int:pk>/", views.consent, name="consent"),
    path("services/", views.connected, name="connected"),
    path("services/<int:pk>/retrait/", views.withdraw, name="withdraw"),
    path("oidc/.well-known/openid-configuration", oidc.discovery, name="oidc-discovery"),
    path("oidc/cles.json", JwksInfoView.as_view(), name="oidc-jwks"),
    path("oidc/autorisation", no_nul(oidc.Authorize.as_view()), name="oidc-authorize"),
    path("oidc/jeton", mistakes_limited(no_nul(oidc.Token.as_view())), name="oidc-token"),
    path("oidc/personne", UserInfoView.as_view(), name="oidc-userinfo"),
    path("oidc/revocation", mistakes_limited(no_nul(RevokeTokenView.as_view())), name="oidc-revoke"),
    path("oidc/deconnexion", no_nul(sign_out.end_session), name="oidc-logout"),
    path("cas/login", cas.login, name="cas-login"),
    path("cas/logout", cas.logout, name="cas-logout"),
    path("cas/serviceValidate", cas.validate, {"with_attributes": False}, name="cas-validate"),
    path("cas/proxyValidate", cas.validate, {"with_attributes": False}),
    path("cas/p3/serviceValidate", cas.validate, {"with_attributes": True}, name="cas-validate-3"),
    path("cas/p3/proxyValidate", cas.validate, {"with_attributes": True}),
    path("cas/proxy", cas.proxy),
    path("saml/metadata", saml("metadata"), name="saml-metadata"),
    path("saml/sso", saml("sso"), name="saml-sso"),
    path("saml/suite", saml("go_on"), name="saml-continue"),
    path("saml/slo", saml("slo"), name="saml-slo"),
    path("amont/", upstream.start, name="upstream"),
    path("amont/retour", upstream.back, name="upstream-back"),
    path("console/", console.index, name="console"),
    path("console/nouveau/<str:protocol>/", console.create, name="console-create"),
    path("console/<int:pk>/", console.detail, name="console-detail"),
    path("console/<int:pk>/modification/", console.edit, name="console-edit"),
    path("console/<int:pk>/secret/", console.secret_rotate, name="console-secret"),
    path("console/<int:pk>/etat/", console.toggle, name="console-toggle"),
]
