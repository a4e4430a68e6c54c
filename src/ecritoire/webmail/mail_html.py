"""HTML mail made harmless: a message may look as it likes, but neither run, send, load nor overlay anything.

Three passes: an allow-list keeps text, tables, images and the message's own ``<style>``; the styles are moved onto the
elements (nothing is fetched: no link or import survives the first pass); a second allow-list then judges every
attribute that results. What is shown is always the output of the last pass. Deliberately knows nothing of JMAP.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

import css_inline
import nh3

from .mail_allowed import ATTRIBUTES, DROPPED_WITH_CONTENT, LINK_SCHEMES, SELECTABLE, TAGS
from .mail_css import clean_style
from .mail_limits import is_hostile, may_inline, text_only
from .mail_links import warn_about_disguised_links

CidResolver = Callable[[str], str | None]

SCHEMES = LINK_SCHEMES | {"cid", "data"}
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
DATA_IMAGE = re.compile(r"data:image/(?:png|gif|jpe?g|webp|bmp)[;,]", re.IGNORECASE)
IMAGE_TAG = re.compile(r"""<img(?:\s+[\w-]+(?:="[^"]*")?)*\s*/?>""")
INVISIBLE = re.compile(
    r"""\s(?:width|height)="\s*0*[01]\s*(?:px)?\s*"|[\s;":](?:max-)?(?:width|height)\s*:\s*0*[01](?:px)?\s*[;"!]|display\s*:\s*none""",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class SanitizedHtml:
    """A fragment for the message frame; how many remote images were held back, and how many invisible ones removed."""

    html: str
    blocked_remote: int
    trackers: int = 0


def sanitize(
    html: str, *, cid_url: CidResolver, allow_remote: bool, mail_to_url: Callable[[str], str] | None = None
) -> SanitizedHtml:
    """Sanitise a message's HTML. Never raises: what cannot be parsed in bounded time is shown as plain text.

    ``cid_url`` maps a Content-ID to the address of that part, or None; ``mail_to_url`` maps a ``mailto:`` address to
    the page that writes to it.
    """
    if is_hostile(html):
        return SanitizedHtml(text_only(html), 0)
    first = FIRST_PASS.clean(html)
    inlined = _inline_styles(first)
    seen, trackers = _without_trackers(inlined)
    judge = _AttributeJudge(cid_url, allow_remote, mail_to_url)
    cleaned = judge.cleaner().clean(seen)
    return SanitizedHtml(warn_about_disguised_links(cleaned), judge.blocked, trackers)


def _inline_styles(html: str) -> str:
    if "<style" not in html or not may_inline(html):
        return html
    try:
        return str(INLINER.inline(html))
    except (css_inline.InlineError, ValueError):
        return html


def _without_trackers(html: str) -> tuple[str, int]:
    """Invisible remote images only tell the sender that the message was opened: they are never loaded."""
    trackers = 0

    def judge(match: re.Match[str]) -> str:
        nonlocal trackers
        tag = match[0]
        if INVISIBLE.search(tag) and re.search(r'\ssrc="\s*(?:https?:)?//', tag, re.IGNORECASE):
            trackers += 1
            return ""
        return tag

    return IMAGE_TAG.sub(judge, html), trackers


class _AttributeJudge:
    """Decides on each attribute of one message, counting the remote images held back."""

    def __init__(self, cid_url: CidResolver, allow_remote: bool, mail_to_url: Callable[[str], str] | None) -> None:
        self.cid_url = cid_url
        self.allow_remote = allow_remote
        self.mail_to_url = mail_to_url
        self.blocked = 0

    def cleaner(self) -> nh3.Cleaner:
        return nh3.Cleaner(
            tags=TAGS,
            clean_content_tags=DROPPED_WITH_CONTENT,
            attributes=ATTRIBUTES,
            attribute_filter=self.judge,
            url_schemes=SCHEMES,
            link_rel="noopener noreferrer",
            set_tag_attribute_values={"a": {"target": "_blank"}},
        )

    def judge(self, tag: str, name: str, value: str) -> str | None:
        if name == "style":
            return clean_style(value, self.image) or None
        if name in {"src", "background"}:
            return self.image(value)
        return self.link(value) if name == "href" else value

    def link(self, value: str) -> str | None:
        url = _without_controls(value)
        scheme = SCHEME.match(url)
        if scheme is None or scheme[1].lower() not in LINK_SCHEMES:
            return None
        if self.mail_to_url and scheme[1].lower() == "mailto":
            return self.mail_to_url(unquote(url.partition(":")[2].partition("?")[0]))
        return url

    def image(self, value: str) -> str | None:
        url = _without_controls(value)
        if url[:4].lower() == "cid:":
            return self.cid_url(unquote(url[4:]))
        if DATA_IMAGE.match(url):
            return url
        remote = re.match(r"(?:https?:)?//(.+)", url, re.IGNORECASE | re.DOTALL)
        if remote is None:
            return None
        if self.allow_remote:
            return f"https://{remote[1]}"
        self.blocked += 1
        return None


def _without_controls(url: str) -> str:
    """As a browser reads it: control characters are ignored around and, for tab and newline, inside a URL."""
    return re.sub(r"[\x00-\x1f\x7f]", "", url).strip()


INLINER = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False, keep_link_tags=False)
FIRST_PASS = nh3.Cleaner(
    tags=TAGS | {"style"},
    clean_content_tags=DROPPED_WITH_CONTENT - {"style"},
    attributes={**ATTRIBUTES, "*": SELECTABLE},
    url_schemes=SCHEMES,
    link_rel=None,
)
