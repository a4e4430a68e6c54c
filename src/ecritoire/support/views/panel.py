"""The help desk's part of a person's page in the directory."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from ecritoire.accounts.selectors import account_of
from ecritoire.common.roles import Action
from ecritoire.directory.models import Person
from ecritoire.support.selectors import tickets_of

SHOWN = 5


def person_panel(request: HttpRequest, person: Person) -> SafeString:
    account = account_of(person)
    handles, relays = (request.user.may(action) for action in (Action.TICKET_HANDLE, Action.TICKET_RELAY))  # type: ignore[union-attr]
    if account is None or not (handles or relays):
        return SafeString("")
    context = {"account": account, "tickets": tickets_of(account)[:SHOWN], "handles": handles}
    return render_to_string("support/_person_panel.html", context, request)
