from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """What every page shows: the service's name and theme."""
    return {
        "site_name": settings.SITE_NAME,
        "site_theme": settings.SITE_THEME,
        "mail_domain": settings.MAIL_DOMAIN,
        "is_demo": settings.DEMO,
        "upstream_name": settings.CONFIG.upstream.name if settings.CONFIG.upstream.issuer else "",
    }
