"""Telling a service that a session has ended, over SOAP where its metadata give an address for that.

Without one there is only the browser's channel, which a session closed remotely does not have: the assertion then says when
the session ends at the latest.
"""

from __future__ import annotations

from saml2 import BINDING_SOAP
from saml2.pack import http_soap_message
from saml2.s_utils import UnsupportedBinding

from ecritoire.portal.models import SamlProvider, ServiceSession
from ecritoire.portal.sso.post import Post

from .answers import name_id
from .provider import server_for


def logout_post(session: ServiceSession) -> Post | None:
    provider = SamlProvider.objects.select_related("service").filter(service=session.service).first()
    if provider is None:
        return None
    server = server_for(provider, signed=False)
    try:
        ends = server.metadata.single_logout_service(provider.entity_id, BINDING_SOAP, "spsso")
    except UnsupportedBinding:
        ends = []
    if not ends:
        return None
    known = name_id(account=session.account, service=session.service, wanted=session.name_format, bond=session.bond)
    address = ends[0]["location"]
    _, message = server.create_logout_request(
        address, provider.entity_id, name_id=known, session_indexes=[session.handle], sign=True
    )
    sent = http_soap_message(str(message))
    return Post(address, str(sent["data"]).encode(), "text/xml; charset=utf-8")
