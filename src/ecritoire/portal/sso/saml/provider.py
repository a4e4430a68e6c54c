"""pysaml2, told who we are and which one service it talks to."""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.config import IdPConfig
from saml2.metadata import entity_descriptor
from saml2.saml import NAME_FORMAT_URI, NAMEID_FORMAT_EMAILADDRESS, NAMEID_FORMAT_PERSISTENT, NAMEID_FORMAT_TRANSIENT
from saml2.server import Server
from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256

from ecritoire.portal.models import SamlProvider

XMLSEC = "/usr/bin/xmlsec1"
ASSERTION_MINUTES = 5
NAME_IDS = [NAMEID_FORMAT_PERSISTENT, NAMEID_FORMAT_TRANSIENT, NAMEID_FORMAT_EMAILADDRESS]
logging.getLogger("saml2").setLevel(logging.CRITICAL)  # it logs whole requests; what went wrong is in our answer


def at(name: str) -> str:
    return settings.CONFIG.base_url + reverse(f"sso:{name}")


def server_for(provider: SamlProvider, *, signed: bool) -> Server:
    """An identity provider that knows ``provider`` alone; ``signed`` refuses its unsigned messages."""
    return Server(config=_config(provider.metadata, signed))


def own_metadata() -> str:
    return str(entity_descriptor(_config("", False)))


@lru_cache(maxsize=64)
def _config(metadata: str, signed: bool) -> IdPConfig:
    secrets = Path(settings.CONFIG.data_dir) / "secrets"
    ends = {
        "single_sign_on_service": [(at("saml-sso"), BINDING_HTTP_REDIRECT), (at("saml-sso"), BINDING_HTTP_POST)],
        "single_logout_service": [(at("saml-slo"), BINDING_HTTP_REDIRECT), (at("saml-slo"), BINDING_HTTP_POST)],
    }
    policy = {
        "lifetime": {"minutes": ASSERTION_MINUTES},
        "attribute_restrictions": None,
        "name_form": NAME_FORMAT_URI,
        "fail_on_missing_requested": False,
    }
    values: dict[str, Any] = {
        "entityid": at("saml-metadata"),
        "xmlsec_binary": XMLSEC,
        "key_file": str(secrets / "saml-signing-key"),
        "cert_file": str(secrets / "saml-signing-certificate"),
        "delete_tmpfiles": True,
        "service": {
            "idp": {
                "name": settings.SITE_NAME,
                "endpoints": ends,
                "name_id_format": NAME_IDS,
                "signing_algorithm": SIG_RSA_SHA256,
                "digest_algorithm": DIGEST_SHA256,
                "sign_assertion": True,
                "sign_response": True,
                "want_authn_requests_signed": signed,
                "policy": {"default": policy},
            }
        },
    }
    if metadata:
        values["metadata"] = {"inline": [metadata]}
    return IdPConfig().load(values)
