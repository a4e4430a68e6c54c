"""What an agent does on a page, as a browser sends it."""

from __future__ import annotations

from typing import Any

from django.test import Client

from ecritoire.support.models import Ticket


def classify(browser: Client, ticket: Ticket, *, page: Any = None, **chosen: Any) -> Any:
    """« Classer et confier », from the page as it is now or as it was."""
    path = f"/assistance/file/{ticket.number}/"
    form = (page or browser.get(path)).context["classify"]
    sent = {field.html_name: field.value() or "" for field in form}
    sent |= {field.html_initial_name: field.value() or "" for field in form if field.field.show_hidden_initial}
    sent |= {f"classify-{name}": value for name, value in chosen.items()}
    return browser.post(path, {"do": "classify", **sent})
