"""Articles are written in Markdown (CommonMark, with tables). No HTML passes; links go to articles, to pages of the service or out.

``article:<slug>`` leads to an article, ``page:<namespace:name>`` to a page of the service; ``{{ name }}`` is a true value of
this installation (``values``). ``image:<name>`` is a picture delivered with the software: pictures from elsewhere are not shown,
since asking for them would tell who reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ecritoire.directory.models import Organisation
from ecritoire.directory.organisations import own_organisation

PLACEHOLDER = re.compile(r"\{\{ *([a-z_]+) *\}\}")
LINK = re.compile(r"\]\((article|page|image):([^)\s]+)\)")
IMAGES = Path(__file__).parent / "static" / "knowledge" / "images"
IMAGE = re.compile(r"[a-z0-9-]+\.(?:svg|webp)")
TOP_HEADING = 2  # the page's own title is the only h1
TIGHT = re.compile(r"(?<=«) | (?=[»:;?!])")  # French keeps these signs beside their word


def values(organisation: Organisation | None = None) -> dict[str, str]:
    """What a text may say to an académie's readers of this installation."""
    config, here = settings.CONFIG, organisation or own_organisation()
    listen = config.listen
    return {
        "academie": here.name,
        "domaine": here.mail_domain,
        "portail": here.base_url,
        "serveur": here.portal_host,
        "port_imap": str(listen.imaps),
        "port_pop": str(listen.pop3s),
        "port_envoi": str(listen.submissions),
        "taille_message": f"{config.mail.message_megabytes} Mo",
        "quota": f"{config.mail.quota_megabytes // 1024} Go",
        "jours_mot_de_passe_temporaire": str(config.accounts.temporary_password_days),
        "minutes_inactivite": str(config.accounts.session_idle_minutes),
        "heures_session": str(config.accounts.session_absolute_hours),
        "jours_application_dormante": str(config.accounts.application_dormant_days),
    }


def render(text: str, organisation: Organisation | None = None) -> SafeString:
    """Safe HTML. What cannot be resolved stays visible as it was written: ``faults_in`` tells a writer before that."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(_fill(text, organisation))
    _settle(tokens)
    html: str = parser.renderer.render(tokens, parser.options, {})
    return mark_safe(html)  # noqa: S308 - html is off: all text is escaped


def plain(text: str) -> str:
    """The words alone, for the search."""
    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(_fill(text))
    return " ".join(child.content for token in tokens for child in token.children or [] if child.content)


def faults_in(text: str, *, slugs: Iterable[str]) -> list[str]:
    """What a writer must mend: unknown values, articles and pages."""
    known, faults = values(), []
    faults += [_("Valeur inconnue : %(name)s.") % {"name": n} for n in PLACEHOLDER.findall(text) if n not in known]
    articles = set(slugs)
    for kind, target in LINK.findall(text):
        if kind == "article" and target not in articles:
            faults.append(_("Article inconnu : %(name)s.") % {"name": target})
        if kind == "image" and _picture(target) is None:
            faults.append(_("Image inconnue : %(name)s.") % {"name": target})
        if kind == "page" and page_url(target) is None:
            faults.append(_("Page inconnue : %(name)s.") % {"name": target})
    return faults


def page_url(name: str) -> str | None:
    """The address of a page of the service that takes no argument."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def _fill(text: str, organisation: Organisation | None = None) -> str:
    known = values(organisation)
    return PLACEHOLDER.sub(lambda match: known.get(match[1], match[0]), text)


def _settle(tokens: Iterable[Token]) -> None:
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{max(int(token.tag[1]), TOP_HEADING)}"
        elif token.type == "text":
            token.content = TIGHT.sub("\N{NO-BREAK SPACE}", token.content)
        elif token.type == "image":
            _show(token)
        elif token.type == "link_open":
            token.attrSet("href", _target(str(token.attrGet("href"))))
        _settle(token.children or [])


def _show(token: Token) -> None:
    """A picture of ours; of any other only what it is called."""
    address = _picture(str(token.attrGet("src")).removeprefix("image:"))
    if address:
        token.attrSet("src", address)
        token.attrSet("loading", "lazy")
    else:
        token.type, token.content = "text", token.content


def _picture(name: str) -> str | None:
    """Its address; None when there is none of that name."""
    return static(f"knowledge/images/{name}") if IMAGE.fullmatch(name) and (IMAGES / name).is_file() else None


def _target(href: str) -> str:
    kind, _colon, rest = href.partition(":")
    if kind == "image":
        return _picture(rest) or href
    if kind == "article":
        return reverse("knowledge:article", args=[rest])
    if kind == "page":
        return page_url(rest) or href
    return href
