"""Links that say one place and lead to another."""

from __future__ import annotations

import re
from functools import cache
from html import escape, unescape
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from publicsuffixlist import PublicSuffixList

LINK = re.compile(r'(<a(?:\s+[\w-]+(?:="[^"]*")?)*\s*>)(.*?)</a>', re.DOTALL)
HREF = re.compile(r'\shref="([^"]*)"')
TAG = re.compile(r"<[^>]*>")
LOOKS_LIKE_ADDRESS = re.compile(r"(?:https?://)?((?:[\w-]+\.)+[^\W\d_]{2,})(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False)


def registrable_domain(host: str) -> str | None:
    """``www.education.gouv.fr`` -> ``education.gouv.fr``; None when the suffix is no public one (a file name…)."""
    try:
        ascii_host = host.strip(".").encode("idna").decode().lower()
    except UnicodeError:
        return None
    domain = _suffixes().privatesuffix(ascii_host)
    return str(domain) if domain else None


def disguised_host(href: str, text: str) -> str | None:
    """The host ``href`` leads to when ``text`` looks like the address of another site, else None."""
    shown = LOOKS_LIKE_ADDRESS.fullmatch(text.strip())
    claimed = registrable_domain(shown[1]) if shown else None
    if claimed is None:
        return None
    try:
        host = urlsplit(href).hostname
    except ValueError:
        return href
    if not host or registrable_domain(host) == claimed:
        return None
    return host


def warn_about_disguised_links(html: str) -> str:
    """Write the true destination after each such link. ``html`` is the sanitiser's output, hence well formed."""
    return LINK.sub(_with_warning, html)


def _with_warning(match: re.Match[str]) -> str:
    href = HREF.search(match[1])
    text = unescape(TAG.sub("", match[2]))
    host = disguised_host(unescape(href[1]), text) if href else None
    if host is None:
        return match[0]
    warning = _("Attention, ce lien mène en réalité à %(host)s") % {"host": host}
    return f'{match[0]} <strong class="link-warning">⚠ {escape(warning)}</strong>'
