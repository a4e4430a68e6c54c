"""The countdown above every page of somebody whose right ends."""

from __future__ import annotations

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from ecritoire.accounts.countdown import HIDDEN, countdown
from ecritoire.accounts.models import Account

register = template.Library()


@register.simple_tag(takes_context=True)
def ending_banner(context: template.Context) -> SafeString:
    request = context.get("request")
    account = getattr(request, "user", None)
    if request is None or not isinstance(account, Account):
        return SafeString("")
    today = timezone.localdate()
    left = countdown(account, today=today)
    if left is None or request.session.get(HIDDEN) == today.isoformat():
        return SafeString("")
    match = request.resolver_match
    if match is not None and match.namespace == "ending":
        return SafeString("")  # the page says it all itself
    return render_to_string("accounts/_ending_banner.html", {"left": left}, request)
