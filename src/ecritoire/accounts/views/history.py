"""One's own sign-ins: filtered, paged, exported."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from ecritoire.accounts.forms import HistoryForm
from ecritoire.accounts.models import Account, SignInEvent
from ecritoire.accounts.places import country_name
from ecritoire.accounts.selectors import accounts_in_reach, lockout_list
from ecritoire.accounts.selectors.alerts import sign_ins_filtered
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action

PAGE = 30
LOCKOUTS = 10
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def _chosen(request: AccountRequest, account: Account) -> tuple[HistoryForm, QuerySet[SignInEvent]]:
    """An unknown filter counts as none, and says so under its field."""
    form = HistoryForm.of(request.GET)
    rows = sign_ins_filtered(account=account, protocol=form.chosen("protocol"), result=form.chosen("result"))
    return form, rows


@never_cache
@login_required
def history(request: AccountRequest) -> HttpResponse:
    form, rows = _chosen(request, request.user)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    lockouts = lockout_list(account=request.user)[:LOCKOUTS] if page.number == 1 else []
    context = {"page": page, "form": form, "query": request.GET.urlencode(), "lockouts": lockouts}
    return render(request, "accounts/history.html", context)


@action_required(Action.PERSON_VIEW)
def history_of(request: AccountRequest, pk: int) -> HttpResponse:
    """Somebody else's, for support."""
    account = get_object_or_404(accounts_in_reach(request.user).select_related("person"), pk=pk)
    form, rows = _chosen(request, account)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/history_of.html", {"page": page, "form": form, "owner": account})


class Echo:
    def write(self, value: str) -> str:
        return value


def _plain(cell: object) -> str:
    """A spreadsheet runs what begins like a formula; a user agent is anybody's text."""
    text = str(cell)
    return f"'{text}" if text.startswith(FORMULAS) else text


@never_cache
@login_required
def history_csv(request: AccountRequest) -> StreamingHttpResponse:
    """All the person's sign-ins, streamed: theirs by right (GDPR, article 15)."""
    _form, rows = _chosen(request, request.user)
    writer = csv.writer(Echo(), delimiter=";")
    head = [_("Date"), _("Par"), _("Résultat"), _("Adresse"), _("Pays"), _("Appareil"), _("Application")]

    def lines() -> Iterator[str]:
        yield "\ufeff" + writer.writerow(head)
        for row in rows.iterator(chunk_size=1000):
            at = f"{timezone.localtime(row.at):%Y-%m-%d %H:%M:%S}"
            cells = [
                at,
                row.get_protocol_display(),
                row.get_result_display(),
                row.address or "",
                country_name(row.country),
            ]
            yield writer.writerow([_plain(cell) for cell in (*cells, row.device, row.application)])

    headers = {"Content-Disposition": 'attachment; filename="connexions.csv"'}
    return StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8", headers=headers)
