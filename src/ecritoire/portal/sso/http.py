"""Requests to services: only to registered addresses, never redirected, TLS checked, five seconds."""

from __future__ import annotations

import ssl
from pathlib import Path

import httpx
from django.conf import settings
from django.http import HttpResponse
from oauth2_provider.http import OAuth2ResponseRedirect

SECONDS = 5


def trusting(ca_file: str = "") -> ssl.SSLContext:
    """The machine's authorities; on a local installation its own authority too."""
    context = ssl.create_default_context()
    local = Path(settings.CONFIG.data_dir) / "tls" / "ca.pem"
    if settings.CONFIG.site.profile == "local" and local.exists():
        context.load_verify_locations(local)
    if ca_file:
        context.load_verify_locations(ca_file)
    return context


def http_client(ca_file: str = "") -> httpx.Client:
    return httpx.Client(verify=trusting(ca_file), timeout=SECONDS, follow_redirects=False)


def redirect_to(address: str) -> HttpResponse:
    """Send the browser to an address that has been checked against a registration (HTTP only ever in the demonstration)."""
    response: HttpResponse = OAuth2ResponseRedirect(address, ["https", "http"])
    return response
