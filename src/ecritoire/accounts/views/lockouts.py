"""Lockouts: how many, why, week by week."""

from __future__ import annotations

import csv

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from ecritoire.accounts.lockout_reports import BASE, STEP, bars_of, lockouts_by_week, total_of
from ecritoire.accounts.models import Lockout
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action


@action_required(Action.STATISTICS_VIEW)
def lockouts(request: AccountRequest) -> HttpResponse:
    weeks = lockouts_by_week(organisation=request.organisation)
    context = {
        "weeks": weeks,
        "total": total_of(weeks),
        "causes": Lockout.Cause.choices,
        "bars": bars_of(weeks),
        "labels": [(rank * STEP + STEP // 2, week.monday) for rank, week in enumerate(weeks)],
        "width": STEP * len(weeks),
        "base": BASE,
    }
    return render(request, "accounts/lockouts.html", context)


@action_required(Action.STATISTICS_VIEW)
def lockouts_csv(request: AccountRequest) -> HttpResponse:
    """The same figures for a spreadsheet: semicolons and a byte-order mark, as French ones expect."""
    response = HttpResponse(
        "\ufeff",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="blocages.csv"'},
    )
    writer = csv.writer(response, delimiter=";")
    writer.writerow([_("Semaine du"), *(str(label) for _value, label in Lockout.Cause.choices), _("Total")])
    for week in lockouts_by_week(organisation=request.organisation):
        writer.writerow([week.monday.isoformat(), *week.counts.values(), week.total])
    return response
