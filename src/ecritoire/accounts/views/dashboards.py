"""The dashboards: an overview to hang on a wall, and a page behind each of its figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from ecritoire.accounts.dashboards import activation, ends, life
from ecritoire.accounts.dashboards import pending as waiting
from ecritoire.accounts.dashboards.activation import REFERENCE, Share
from ecritoire.accounts.dashboards.scope import Scope, scope_of
from ecritoire.accounts.forms.dashboards import EndsForm, PeriodForm
from ecritoire.accounts.lifecycle import Event, State
from ecritoire.accounts.models import Account
from ecritoire.accounts.selectors.contributors import Filters, decidable_by, narrowed
from ecritoire.common.charts import Bar, Column, Point, bar_chart, column_chart, line_chart
from ecritoire.common.csv_export import csv_response
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.common.services import audit_record
from ecritoire.directory.models import Person
from ecritoire.directory.selectors import with_rows

PAGE = 50
watching = action_required(Action.STATISTICS_VIEW, Action.SCHOOL_VIEW)
taking_away = action_required(Action.PERSON_EXPORT, Action.SCHOOL_VIEW)
OUTCOMES: dict[str, Callable[[], str]] = {
    "done": lambda: _("activés dans les trois mois"),
    "late": lambda: _("activés plus tard"),
    "waiting": lambda: _("à activer"),
    "gone": lambda: _("partis ou suspendus sans activer"),
}


@watching
def overview(request: AccountRequest) -> HttpResponse:
    """Everything at a glance. Twelve queries at most beyond the page's own."""
    scope = scope_of(request.user)
    months = activation.by_month(scope, activation.last_months())
    context = {
        "scope": scope,
        "states": _state_figures(life.states(scope)),
        "total": activation.total(scope),
        "reference": REFERENCE,
        "months": months,
        "months_chart": trend_chart(months, _("Part des arrivants activés dans les trois mois, par mois d'arrivée")),
        "ages": waiting.ages(scope),
        "windows": ends.windows(scope),
        "weeks": ends.by_week(scope),
        "weeks_chart": ends_chart(ends.by_week(scope)),
        **_flows(scope),
    }
    if request.user.may(Action.CONTRIBUTOR_DECIDE):
        context["to_decide"] = narrowed(decidable_by(request.user), Filters(state="waiting")).count()
    return render(request, "accounts/dashboards/overview.html", context)


def _state_figures(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    return [(state, str(State(state).label), count) for state, count in counts.items()]


def _flows(scope: Scope) -> dict[str, object]:
    flows = life.by_week(scope)
    columns = [Column(f"{flow.start:%d/%m}", flow.of(life.FLOWS)) for flow in flows]
    title = _("Mouvements des comptes, par semaine")
    return {
        "flows": [(flow.start, flow.of(life.FLOWS)) for flow in reversed(flows)],
        "flow_labels": [(event.value, event.label) for event in life.FLOWS],
        "flows_chart": column_chart(columns, series=life.FLOWS, title=title),
    }


def trend_chart(shares: Sequence[Share], title: str) -> str:
    points = [
        Point(
            share.label[:3] + share.label[-3:], share.percent if share.total else None, _percent(share), share.settled
        )
        for share in shares
    ]
    return line_chart(points, title=title, mark=REFERENCE)


def ends_chart(weeks: Sequence[ends.Week]) -> str:
    columns = [Column(f"{week.monday:%d/%m}", [week.rights, week.closings]) for week in weeks]
    title = _("Fins de droits et fermetures, par semaine à venir")
    return column_chart(columns, series=["warn", "deactivate"], title=title)


def _percent(share: Share) -> str:
    return f"{number_format(round(share.percent, 1), 1)} %"


@watching
def activation_page(request: AccountRequest) -> HttpResponse:
    """The share of newcomers who activated within three months, by month, category and school. Six queries, four more to
    compare."""
    scope, form = scope_of(request.user), PeriodForm(request.GET)
    period, other = form.period(), form.other()
    months = activation.by_month(scope, period)
    tables = [
        (_("Par mois d'arrivée"), _("Mois"), "month", months, trend_chart(months, _("Par mois d'arrivée"))),
        *(
            (title, column, name, shares, _bars(title, shares))
            for title, column, name, shares in (
                (_("Par catégorie"), _("Catégorie"), "category", activation.by_category(scope, period)),
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
        "everybody": activation.total(scope, period, settled_only=False),
        "reference": REFERENCE,
        "tables": tables,
        "comparison": _comparison(scope, form) if other else None,
        "other": other,
    }
    return render(request, "accounts/dashboards/activation.html", context)


def _bars(title: str, shares: Sequence[Share]) -> str:
    bars = [Bar(share.label, share.percent, _percent(share), _kind(share)) for share in shares]
    return bar_chart(bars, title=title, mark=REFERENCE)


def _kind(share: Share) -> str:
    if not share.settled:
        return "pale"
    return "good" if share.meets else "bad"


def _comparison(scope: Scope, form: PeriodForm) -> list[tuple[str, Share, Share, float]]:
    """By category and in all: the share of each period and the points between them."""
    period, other = form.period(), form.other() or form.period()
    now = {share.key: share for share in activation.by_category(scope, period)}
    then = {share.key: share for share in activation.by_category(scope, other)}
    none = Share("", "")
    rows = [(key, now.get(key, none), then.get(key, none)) for key in sorted({*now, *then})]
    labelled = [(str(Person.Category(key).label), a, b) for key, a, b in rows]
    everybody = [activation.total(scope, each, settled_only=False) for each in (period, other)]
    return [(label, a, b, a.percent - b.percent) for label, a, b in [*labelled, (_("Ensemble"), *everybody)]]


@watching
def activation_people(request: AccountRequest) -> HttpResponse:
    """The people behind one figure. Ten queries at most."""
    scope, form = scope_of(request.user), PeriodForm(request.GET)
    rows, words = _behind(request, scope, form)
    page = Paginator(rows.select_related("person").order_by("created_at", "pk"), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "words": words, "people": people_of(page), "may_export": _may_export(request)}
    return render(request, "accounts/dashboards/people.html", context)


def _behind(request: AccountRequest, scope: Scope, form: PeriodForm) -> tuple[QuerySet[Account], list[str]]:
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


def people_of(rows: Iterable[Account]) -> dict[int, Person]:
    """With their address and school, in three queries for a whole page."""
    ids = [row.person_id for row in rows]
    return {person.pk: person for person in with_rows(Person.objects.filter(pk__in=ids))}


def _may_export(request: AccountRequest) -> bool:
    return request.user.may(Action.PERSON_EXPORT) or request.user.may(Action.SCHOOL_VIEW)


@taking_away
def activation_people_csv(request: AccountRequest) -> StreamingHttpResponse:
    rows, words = _behind(request, scope_of(request.user), PeriodForm(request.GET))
    return people_csv(request, rows, "arrivants.csv", " · ".join(words))


def people_csv(request: AccountRequest, rows: QuerySet[Account], name: str, what: str) -> StreamingHttpResponse:
    """People leave the service: audited."""
    audit_record(acting_user=request.user, action="dashboard.export", target=f"{rows.count()} personnes", what=what)
    return csv_response(name, _people_lines(rows.select_related("person").order_by("created_at", "pk")))


def _people_lines(rows: QuerySet[Account]) -> Iterator[list[object]]:
    yield ["nom", "prenom", "identifiant", "categorie", "uai", "etablissement", "etat", "ouvert_le", "active_le"]
    batch: list[Account] = []
    for row in rows.iterator(chunk_size=1000):
        batch.append(row)
        if len(batch) == 1000:  # noqa: PLR2004 - a batch
            yield from _people_batch(batch)
            batch = []
    yield from _people_batch(batch)


def _people_batch(batch: list[Account]) -> Iterator[list[object]]:
    people = people_of(batch)
    for row in batch:
        post = next(iter(people[row.person_id].assignments.all()), None)
        place = [post.structure.uai, post.structure.name] if post else ["", ""]
        who = [row.person.family_name, row.person.given_name, row.login, row.person.get_category_display()]
        yield [*who, *place, row.get_state_display(), _day(row.created_at), _day(row.activated_at)]


def _day(moment: object) -> str:
    return date_format(timezone.localtime(moment), "Y-m-d") if moment else ""  # type: ignore[arg-type]


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


@watching
def ends_page(request: AccountRequest) -> HttpResponse:
    """Whose access ends soon. A bounded number of queries: the columns answer for a whole page."""
    scope = scope_of(request.user)
    form = EndsForm(request.GET, scope=scope)
    rows = ends.ends(scope, form.filters())
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    accounts = list(page)
    weeks = ends.by_week(scope)
    context = {
        "form": form,
        "page": page,
        "people": people_of(accounts),
        "columns": [(label, facts(accounts)) for label, facts in ends.columns()],
        "windows": ends.windows(scope),
        "weeks": weeks,
        "weeks_chart": ends_chart(weeks),
        "may_export": _may_export(request),
    }
    return render(request, "accounts/dashboards/ends.html", context)


@taking_away
def ends_csv(request: AccountRequest) -> StreamingHttpResponse:
    scope = scope_of(request.user)
    rows = ends.ends(scope, EndsForm(request.GET, scope=scope).filters())
    asked = {name: value for name, value in request.GET.items() if value and name != "page"}
    audit_record(acting_user=request.user, action="dashboard.export", target=f"{rows.count()} fins", filters=asked)
    return csv_response("fins.csv", _ends_lines(rows))


def _ends_lines(rows: QuerySet[Account]) -> Iterator[list[object]]:
    columns = ends.columns()
    yield [
        *["nom", "prenom", "identifiant", "categorie", "uai", "etablissement", "etat", "fin_des_droits", "fermeture"],
        *(str(label) for label, _facts in columns),
    ]
    for batch in _batches(rows):
        people, facts = people_of(batch), [fact(batch) for _label, fact in columns]
        for row in batch:
            post = next(iter(people[row.person_id].assignments.all()), None)
            place = [post.structure.uai, post.structure.name] if post else ["", ""]
            who = [row.person.family_name, row.person.given_name, row.login, row.person.get_category_display()]
            days = [row.person.right_until or "", row.closes_on or ""]
            yield [*who, *place, row.get_state_display(), *days, *(fact.get(row.pk, "") for fact in facts)]


def _batches(rows: QuerySet[Account]) -> Iterator[list[Account]]:
    batch: list[Account] = []
    for row in rows.iterator(chunk_size=500):
        batch.append(row)
        if len(batch) == 500:  # noqa: PLR2004 - a batch
            yield batch
            batch = []
    if batch:
        yield batch


@watching
def states_page(request: AccountRequest) -> HttpResponse:
    """Accounts by state, their flows by day and week, and each school's. Five queries beyond the page's own."""
    scope = scope_of(request.user)
    page = Paginator(life.by_school(scope), PAGE).get_page(request.GET.get("page"))
    days = life.by_day(scope)
    context = {
        "states": _state_figures(life.states(scope)),
        "page": page,
        "state_labels": State.choices,
        "days": [(flow.start, list(flow.counts.values())) for flow in reversed(days)],
        "event_labels": Event.choices,
        **_flows(scope),
    }
    return render(request, "accounts/dashboards/states.html", context)


@watching
def states_csv(request: AccountRequest) -> StreamingHttpResponse:
    return csv_response("etats.csv", _states_lines(scope_of(request.user)))


def _states_lines(scope: Scope) -> Iterator[list[object]]:
    yield ["uai", "etablissement", *State.values, "total"]
    for row in life.by_school(scope):
        yield [row.uai, row.name, *(row.counts.get(state, 0) for state in State.values), row.total]
    counts = life.states(scope)
    yield ["", _("Ensemble, chacun une fois"), *counts.values(), sum(counts.values())]


@watching
def flows_csv(request: AccountRequest) -> StreamingHttpResponse:
    """A quarter, day by day."""
    flows = life.by_day(scope_of(request.user), days=92)
    lines = [[flow.start.isoformat(), *flow.counts.values()] for flow in flows]
    return csv_response("mouvements.csv", [["jour", *Event.values], *lines])
