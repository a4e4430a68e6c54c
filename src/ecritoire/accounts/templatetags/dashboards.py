"""The dashboards' tabs, as somebody may open them."""

from __future__ import annotations

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ecritoire.common.roles import Action

register = template.Library()


@register.simple_tag(takes_context=True)
def dashboard_tabs(context: template.Context) -> SafeString:
    request: HttpRequest = context["request"]
    tabs = [
        ("accounts:dashboards", _("Vue d'ensemble")),
        ("accounts:statistics-activation", _("Activation")),
        ("accounts:pending", _("À activer")),
        ("accounts:ends", _("Fins d'accès")),
        ("accounts:states", _("États et mouvements")),
    ]
    if request.user.may(Action.STATISTICS_VIEW):  # type: ignore[union-attr]
        tabs.append(("accounts:feeds", _("Flux RH")))
    rows = ((reverse(name), label) for name, label in tabs)
    marked = ((url, SafeString(' aria-current="page"') if url == request.path else "", label) for url, label in rows)
    return format_html_join("\n", '<li><a href="{}"{}>{}</a></li>', marked)
