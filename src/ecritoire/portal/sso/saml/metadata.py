"""Metadata that a service's administrator uploads: read without network, without entities, and only if we can serve it."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ecritoire.portal.sso.addresses import address_check

MD, DS = "{urn:oasis:names:tc:SAML:2.0:metadata}", "{http://www.w3.org/2000/09/xmldsig#}"
POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
MAX_BYTES = 200_000


@dataclass(frozen=True)
class Described:
    entity_id: str
    text: str
    consumers: list[str]
    signs_requests: bool


def metadata_read(content: bytes) -> Described:
    """Raises ValidationError naming what is wrong."""
    if len(content) > MAX_BYTES:
        raise ValidationError(_("Ce fichier dépasse 200 ko : ce ne sont pas les métadonnées d'un seul service."))
    try:
        root = fromstring(content, forbid_dtd=True)
        text = content.decode()
    except (ParseError, DefusedXmlException, UnicodeDecodeError, ValueError) as error:
        raise ValidationError(_("Ce n'est pas un fichier XML lisible (UTF-8, sans DTD).")) from error
    descriptor = root.find(f"{MD}SPSSODescriptor")
    entity_id = root.get("entityID", "")
    if root.tag != f"{MD}EntityDescriptor" or descriptor is None or not entity_id:
        raise ValidationError(_("Ce ne sont pas les métadonnées d'un fournisseur de services SAML 2.0."))
    return Described(entity_id, text, _consumers(descriptor), _signs(descriptor))


def _consumers(descriptor: Element) -> list[str]:
    found = descriptor.findall(f"{MD}AssertionConsumerService")
    addresses = [one.get("Location", "") for one in found if one.get("Binding") == POST]
    if not addresses:
        raise ValidationError(_("Aucune adresse de réception (AssertionConsumerService) en HTTP-POST."))
    for one in [*found, *descriptor.findall(f"{MD}SingleLogoutService")]:
        address_check(one.get("Location", ""))
        if one.get("ResponseLocation"):
            address_check(one.get("ResponseLocation", ""))
    return addresses


def _signs(descriptor: Element) -> bool:
    signs = descriptor.get("AuthnRequestsSigned", "false").lower() in {"true", "1"}
    keys = [key for key in descriptor.findall(f"{MD}KeyDescriptor") if key.get("use", "signing") == "signing"]
    if signs and not any(key.find(f".//{DS}X509Certificate") is not None for key in keys):
        raise ValidationError(_("Le service dit signer ses demandes, mais n'en donne pas le certificat."))
    return signs
