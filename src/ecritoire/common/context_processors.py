from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """What every page shows: the académie's name and looks, and whom its people call."""
    organisation: Any = getattr(request, "organisation", None)
    return {
        "organisation": organisation,
        "site_name": organisation.name if organisation else settings.SITE_NAME,
        "site_theme": organisation.theme if organisation else settings.SITE_THEME,
        "mail_domain": organisation.mail_domain if organisation else settings.MAIL_DOMAIN,
        "is_demo": settings.DEMO,
        "upstream_name": settings.CONFIG.upstream.name if settings.CONFIG.upstream.issuer else "",
    }
