"""How many newcomers activate their account in time, and who they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from ecritoire.accounts.dashboards import activation
from ecritoire.accounts.dashboards.activation import REFERENCE, Share
from ecritoire.accounts.dashboards.scope import Scope, scope_of
from ecritoire.accounts.forms.dashboards import PeriodForm
from ecritoire.common.charts import Bar, bar_chart
from ecritoire.common.csv_export import csv_response
from ecritoire.common.requests import AccountRequest
from ecritoire.directory.models import Person

from .dashboard_lists import PAGE, may_export, people_csv, people_of, percent_words, taking_away, trend_chart, watching

OUTCOMES: dict[str, Callable[[], str]] = {
    "done": lambda: _("activés dans les trois mois"),
    "late": lambda: _("activés plus tard"),
    "waiting": lambda: _("à activer"),
    "gone": lambda: _("partis ou suspendus sans activer"),
}


@watching
def activation_page(request: AccountRequest) -> HttpResponse:
    """The share of newcomers who activated within three months, by month, category and school. Six queries, four more to
    compare."""
    scope, form = scope_of(request.user), PeriodForm(request.GET)
    period, other = form.period(), form.other()
    months, categories = activation.by_month(scope, period), activation.by_category(scope, period)
    everybody = activation.total(scope, period, settled_only=False)
    tables = [
        (_("Par mois d'arrivée"), _("Mois"), "month", months, trend_chart(months, _("Par mois d'arrivée"))),
        *(
            (title, column, name, shares, _bars(title, shares))
            for title, column, name, shares in (
                (_("Par catégorie"), _("Catégorie"), "category", categories),
                (
                    _("Par établissement, les plus en retard d'abord"),
                    _("Établissement"),
                    "school",
                    activation.by_school(scope, period),
                ),
            )
        ),
    ]
    context = {
        "form": form,
        "period": period,
        "total": activation.total(scope, period),
        "everybody": everybody,
        "reference": REFERENCE,
        "tables": tables,
        "comparison": _comparison(scope, other, categories, everybody) if other else None,
        "other": other,
    }
    return render(request, "accounts/dashboards/activation.html", context)


def _bars(title: str, shares: Sequence[Share]) -> str:
    bars = [Bar(share.label, share.percent, percent_words(share), _kind(share)) for share in shares]
    return bar_chart(bars, title=title, mark=REFERENCE)


def _kind(share: Share) -> str:
    if not share.settled:
        return "pale"
    return "good" if share.meets else "bad"


def _comparison(
    scope: Scope, other: activation.Period, categories: Sequence[Share], everybody: Share
) -> list[tuple[str, Share, Share, float]]:
    """By category and in all: the share of the period, that of the other, and the points between them."""
    now = {share.key: share for share in categories}
    then = {share.key: share for share in activation.by_category(scope, other)}
    none = Share("", "")
    rows = [(str(Person.Category(key).label), now.get(key, none), then.get(key, none)) for key in sorted({*now, *then})]
    rows.append((_("Ensemble"), everybody, activation.total(scope, other, settled_only=False)))
    return [(label, a, b, a.percent - b.percent) for label, a, b in rows]


@watching
def activation_people(request: AccountRequest) -> HttpResponse:
    """The people behind one figure. Ten queries at most."""
    scope, form = scope_of(request.user), PeriodForm(request.GET)
    rows, words = _behind(request, scope, form)
    page = Paginator(rows.select_related("person").order_by("created_at", "pk"), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "words": words, "people": people_of(page), "may_export": may_export(request)}
    return render(request, "accounts/dashboards/people.html", context)


def _behind(request: AccountRequest, scope: Scope, form: PeriodForm) -> tuple[Any, list[str]]:
    """The newcomers a figure counts, and the words that say which figure."""
    rows, words = activation.newcomers(scope, form.period()), [_("Arrivés : %(period)s") % {"period": form.period()}]
    if request.GET.get("settled"):
        rows = rows.filter(due__lte=timezone.now())
        words.append(_("dont les trois mois sont écoulés"))
    category, uai, outcome = (request.GET.get(name, "") for name in ("category", "school", "outcome"))
    if category in Person.Category.values:
        rows = rows.filter(person__category=category)
        words.append(str(Person.Category(category).label))
    if uai:
        school = scope.schools().filter(uai=uai).first()
        rows = rows.filter(person__assignments__structure=school).distinct() if school else rows.none()
        words.append(school.name if school else uai)
    if outcome in OUTCOMES:
        rows = activation.with_outcome(rows, outcome)
        words.append(OUTCOMES[outcome]())
    return rows, words


@taking_away
def activation_people_csv(request: AccountRequest) -> StreamingHttpResponse:
    rows, words = _behind(request, scope_of(request.user), PeriodForm(request.GET))
    return people_csv(request, rows, "arrivants.csv", " · ".join(words))


@watching
def activation_csv(request: AccountRequest) -> StreamingHttpResponse:
    """The figures of the page, each school's among them."""
    scope, form = scope_of(request.user), PeriodForm(request.GET)
    return csv_response("activation.csv", _activation_lines(scope, form.period()))


def _activation_lines(scope: Scope, period: activation.Period) -> Iterator[list[object]]:
    yield [
        "par",
        "cle",
        "libelle",
        "arrives",
        "dans_les_trois_mois",
        "plus_tard",
        "a_activer",
        "partis",
        "part",
        "etat",
    ]
    parts = (
        ("mois", activation.by_month(scope, period)),
        ("categorie", activation.by_category(scope, period)),
        ("etablissement", activation.by_school(scope, period, limit=None)),
        ("ensemble", [activation.total(scope, period, settled_only=False)]),
    )
    for name, shares in parts:
        for share in shares:
            counts = [share.total, share.done, share.late, share.waiting, share.gone, round(share.percent, 1)]
            yield [name, share.key, share.label, *counts, "" if share.settled else "provisoire"]
