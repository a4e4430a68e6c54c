"""Small tags every template has: icons, navigation."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django import template
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from ecritoire.common.backlinks import backlinks_for
from ecritoire.common.banners import banners_for
from ecritoire.common.models import BaseModel
from ecritoire.common.navigation import Entry, Pressing, Section, entries_for, pressing_for
from ecritoire.common.notices import notices_for

register = template.Library()


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """An icon of the sprite, hidden from assistive technology: the text beside it says the same."""
    sprite = static("common/icons.svg")
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>', sprite, name
    )


@register.simple_tag(takes_context=True)
def entries(context: template.Context, section: Section) -> tuple[Entry, ...]:
    request: HttpRequest = context["request"]
    return entries_for(request, section)


@register.simple_tag(takes_context=True)
def menu(context: template.Context, section: Section, css: str = "") -> SafeString:
    """The list items of a menu that leads to the entries of ``section``."""
    request: HttpRequest = context["request"]
    return _menu(entries_for(request, section), css, get_language() or "")


@cache
def _menu(found: tuple[Entry, ...], css: str, language: str) -> SafeString:
    """Every page has it, and it is the same for all who may do the same: written once for each language."""
    rows = ((css, entry.url, icon(entry.icon), entry.label) for entry in found)
    return format_html_join("\n", '<li class="{}"><a href="{}">{}{}</a></li>', rows)


@register.simple_tag(takes_context=True)
def notices(context: template.Context) -> SafeString:
    """What the rooms want this person to know, on the home page."""
    request: HttpRequest = context["request"]
    return format_html_join("", "{}", ((notice,) for notice in notices_for(request)))


@register.simple_tag(takes_context=True)
def backlinks(context: template.Context, row: BaseModel) -> SafeString:
    """From what a row was made, where this reader may see it."""
    request: HttpRequest = context["request"]
    return format_html_join("", "{}", ((text,) for text in backlinks_for(request, row)))


@register.simple_tag(takes_context=True)
def banners(context: template.Context) -> SafeString:
    """Incidents and maintenances. A page rendered outside a request, as some errors are, has none."""
    request: HttpRequest | None = context.get("request")
    return format_html_join("", "{}", ((text,) for text in banners_for(request))) if request else SafeString("")


@register.simple_tag(takes_context=True)
def pressing(context: template.Context) -> list[Pressing]:
    request: HttpRequest = context["request"]
    return pressing_for(request)


BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


@register.filter
def of(values: Mapping[Any, Any], key: object) -> Any:
    """The value under ``key``, or None: templates cannot index by a variable."""
    return values.get(key)


@register.filter
def device(user_agent: str) -> str:
    """A browser and its system in words: « Firefox, Windows »."""
    names = [next((name for mark, name in known if mark in user_agent), "") for known in (BROWSERS, SYSTEMS)]
    return ", ".join(name for name in names if name) or user_agent[:40] or "–"
