"""The dashboard's figures."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from ecritoire.accounts import statistics
from ecritoire.accounts.statistics import REFERENCE, Share
from ecritoire.common.charts import Bar, bar_chart
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action


@action_required(Action.STATISTICS_VIEW)
def activation(request: AccountRequest) -> HttpResponse:
    """The share of newcomers who activated their account within three months. Four queries."""
    own = request.user.organisation_id
    parts = [
        (_("Par mois d'arrivée"), _("Mois"), statistics.activation_by_cohort(own)),
        (_("Par catégorie"), _("Catégorie"), statistics.activation_by_category(own)),
        (_("Par établissement, les plus en retard d'abord"), _("Établissement"), statistics.activation_by_school(own)),
    ]
    tables = [
        {"title": title, "column": column, "shares": shares, "chart": _chart(title, shares)}
        for title, column, shares in parts
    ]
    context = {"tables": tables, "total": statistics.activation_total(own), "reference": REFERENCE}
    return render(request, "accounts/statistics.html", context)


def _chart(title: str, shares: Sequence[Share]) -> str:
    bars = [
        Bar(share.label, share.percent, f"{number_format(round(share.percent, 1), 1)} %", _kind(share))
        for share in shares
    ]
    return bar_chart(bars, title=title, mark=REFERENCE)


def _kind(share: Share) -> str:
    if not share.settled:
        return "pale"
    return "good" if share.meets else "bad"
