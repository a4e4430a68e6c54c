"""What each protocol says to a service when a session ends."""

from __future__ import annotations

import logging
from http import HTTPStatus
from importlib import import_module

from ecritoire.portal.models import Service, ServiceSession

from .http import http_client
from .post import Post

log = logging.getLogger(__name__)
ROOMS = {Service.Protocol.OIDC: "oidc", Service.Protocol.CAS: "cas", Service.Protocol.SAML: "saml"}


def logout_post(session: ServiceSession) -> Post | None:
    """What the service's protocol has us say. pysaml2 is slow to import: only loaded when it is needed."""
    room = ROOMS.get(Service.Protocol(session.service.protocol))
    if room is None:
        return None
    post: Post | None = import_module(f"ecritoire.portal.sso.{room}.logout").logout_post(session)
    return post


def logout_send(*, session: ServiceSession) -> bool:
    """Tell the service; False when it has no address for that. Raises httpx.HTTPError when it should be tried again."""
    post = logout_post(session)
    if post is None:
        return False
    with http_client() as client:
        answer = client.post(post.url, content=post.content, headers={"Content-Type": post.content_type})
    if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        answer.raise_for_status()
    if answer.status_code >= HTTPStatus.BAD_REQUEST:
        log.warning("service %s refused a logout: %s", session.service.name, answer.status_code)
    return True
