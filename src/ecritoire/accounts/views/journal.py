"""The audit journal: read, verified, exported."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone

from ecritoire.accounts.forms import JournalForm
from ecritoire.common.audit import audit_verify
from ecritoire.common.csv_export import csv_response
from ecritoire.common.models import AuditEvent
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.common.selectors import audit_list
from ecritoire.common.services import audit_record

PAGE = 50


@action_required(Action.AUDIT_VIEW)
def journal(request: AccountRequest) -> HttpResponse:
    form = JournalForm(request.GET)
    page = Paginator(audit_list(form.filters(), domain=_domain(request)), PAGE).get_page(request.GET.get("page"))
    context: dict[str, object] = {"page": page, "form": form}
    if "verify" in request.GET:
        context["verification"] = audit_verify()
    return render(request, "accounts/journal.html", context)


def _domain(request: AccountRequest) -> str:
    return request.organisation.mail_domain


@action_required(Action.AUDIT_VIEW)
def journal_export(request: AccountRequest) -> StreamingHttpResponse:
    """The entries as they are narrowed, of one's own académie; that they were exported is itself an entry."""
    form = JournalForm(request.GET)
    events = audit_list(form.filters(), domain=_domain(request))
    asked = {name: value for name, value in request.GET.items() if value and name != "page"}
    audit_record(acting_user=request.user, action="audit.export", target="journal", filters=asked)
    return csv_response("journal.csv", _lines(events.iterator(chunk_size=2000)))


def _lines(events: Iterator[AuditEvent]) -> Iterator[list[object]]:
    yield ["entree", "date", "qui", "acte", "sur", "detail", "empreinte"]
    for event in events:
        at, detail = timezone.localtime(event.at).isoformat(), json.dumps(event.detail, ensure_ascii=False)
        yield [event.pk, at, event.actor, event.action, event.target, detail, event.digest]
