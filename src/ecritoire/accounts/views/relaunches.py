"""Who has not activated their account, and one gesture to remind them."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from ecritoire.accounts.dashboards import pending as selectors
from ecritoire.accounts.dashboards.scope import scope_of
from ecritoire.accounts.forms.dashboards import PendingForm, RelaunchForm
from ecritoire.accounts.models import Account, Relaunch, RelaunchBatch
from ecritoire.accounts.overview import people_working_in
from ecritoire.accounts.services.letters import BATCH_LIMIT, LettersRefused
from ecritoire.accounts.services.relaunch import Relaunched, RelaunchRefused, relaunch
from ecritoire.common.charts import Column, column_chart
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action

from .dashboard_lists import PAGE, people_csv, people_of, taking_away, watching
from .letters import pdf

Channel = RelaunchBatch.Channel


def notice(request: HttpRequest) -> SafeString | None:
    """To a local IT contact: colleagues the DSI asks them to remind, as long as there are any."""
    account = request.user
    if not account.is_authenticated or not account.contact_structures:
        return None
    asked = Relaunch.objects.filter(
        batch__channel=Channel.CONTACT,
        account__state=Account.State.PROVISIONED,
        account__person__in=people_working_in(account.contact_structures),
    )
    count = asked.values("account").distinct().count()
    return render_to_string("accounts/dashboards/_notice.html", {"count": count}) if count else None


@watching
def index(request: AccountRequest) -> HttpResponse:
    """Fifteen queries at most beyond the page's own."""
    scope = scope_of(request.user)
    form = PendingForm(request.GET, scope=scope)
    page = Paginator(selectors.pending(scope, form.filters()), PAGE).get_page(request.GET.get("page"))
    schools = selectors.schools_pending(scope)
    context = {
        "form": form,
        "page": page,
        "people": people_of(page),
        "ages": selectors.ages(scope),
        "age_labels": [label for _key, label, *_rest in selectors.AGES],
        "schools": schools,
        "schools_chart": _chart(schools),
        "batches": selectors.batches(scope),
        "effects": selectors.effects(scope),
        "too_soon": selectors.too_soon(),
        "may_relaunch": request.user.may(Action.LETTER_ISSUE),
        "channels": Channel.choices,
        "limit": BATCH_LIMIT,
    }
    return render(request, "accounts/dashboards/pending.html", context)


def _chart(schools: list[selectors.SchoolPending]) -> str:
    columns = [Column(row.uai, row.counts) for row in schools]
    title = _("Comptes à activer, par établissement et ancienneté")
    return column_chart(columns, series=["good", "warn", "deactivate"], title=title)


@taking_away
def index_csv(request: AccountRequest) -> StreamingHttpResponse:
    scope = scope_of(request.user)
    rows: QuerySet[Account] = selectors.pending(scope, PendingForm(request.GET, scope=scope).filters())
    return people_csv(request, rows, "a-activer.csv", "pending")


@action_required(Action.LETTER_ISSUE)
@require_POST
def send(request: AccountRequest) -> HttpResponse:
    """Remind those ticked, or everybody the filters of the address leave."""
    back = f"{reverse('accounts:pending')}?{request.GET.urlencode()}"
    form, scope = RelaunchForm(request.POST), scope_of(request.user)
    if not form.is_valid():
        messages.error(request, _("Choisissez par quel moyen relancer."))
        return redirect(back)
    rows = selectors.pending(scope, PendingForm(request.GET, scope=scope).filters())
    if not form.cleaned_data["everybody"]:
        rows = rows.filter(pk__in=[int(pk) for pk in request.POST.getlist("account") if pk.isdecimal()])
    channel = Channel(form.cleaned_data["channel"])
    try:
        done = relaunch(accounts=list(rows), channel=channel, acting_user=request.user)
    except (RelaunchRefused, LettersRefused) as error:
        messages.error(request, str(error))
        return redirect(back)
    messages.success(request, _words(done))
    return pdf(done.letters, "relances.pdf") if done.letters else redirect(back)


def _words(done: Relaunched) -> str:
    parts = [ngettext("%(n)s personne relancée.", "%(n)s personnes relancées.", done.sent) % {"n": done.sent}]
    if done.recent:
        parts.append(_("Laissées en paix, relancées il y a peu : %(n)s.") % {"n": done.recent})
    if done.unreachable:
        parts.append(_("Hors d'atteinte par ce moyen, ou au-delà du lot : %(n)s.") % {"n": done.unreachable})
    return " ".join(parts)
