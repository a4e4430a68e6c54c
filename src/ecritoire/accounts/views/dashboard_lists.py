"""What the dashboards share: who may look, the charts, and the people behind a figure, listed or taken away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from ecritoire.accounts.dashboards import ends
from ecritoire.accounts.dashboards.activation import REFERENCE, Share
from ecritoire.accounts.models import Account
from ecritoire.common.charts import Column, Point, column_chart, line_chart
from ecritoire.common.csv_export import csv_response
from ecritoire.common.permissions import action_required
from ecritoire.common.requests import AccountRequest
from ecritoire.common.roles import Action
from ecritoire.common.services import audit_record
from ecritoire.directory.models import Person
from ecritoire.directory.selectors import with_rows

PAGE, BATCH = 50, 1000
watching = action_required(Action.STATISTICS_VIEW, Action.SCHOOL_VIEW)
taking_away = action_required(Action.PERSON_EXPORT, Action.SCHOOL_VIEW)


def trend_chart(shares: Sequence[Share], title: str) -> str:
    points = [
        Point(_short(share.key), share.percent if share.total else None, percent_words(share), share.settled)
        for share in shares
    ]
    return line_chart(points, title=title, mark=REFERENCE)


def _short(month: str) -> str:
    return date_format(dt.date.fromisoformat(f"{month}-01"), "N y")


def ends_chart(weeks: Sequence[ends.Week]) -> str:
    columns = [Column(f"{week.monday:%d/%m}", [week.rights, week.closings]) for week in weeks]
    title = _("Fins de droits et fermetures, par semaine à venir")
    return column_chart(columns, series=["warn", "deactivate"], title=title)


def percent_words(share: Share) -> str:
    return f"{number_format(round(share.percent, 1), 1)} %"


def people_of(rows: Iterable[Account]) -> dict[int, Person]:
    """With their address and school, in three queries for a whole page."""
    ids = [row.person_id for row in rows]
    return {person.pk: person for person in with_rows(Person.objects.filter(pk__in=ids))}


def may_export(request: AccountRequest) -> bool:
    return request.user.may(Action.PERSON_EXPORT) or request.user.may(Action.SCHOOL_VIEW)


def people_csv(request: AccountRequest, rows: QuerySet[Account], name: str, what: str) -> StreamingHttpResponse:
    """People leave the service: audited."""
    audit_record(acting_user=request.user, action="dashboard.export", target=f"{rows.count()} personnes", what=what)
    return csv_response(name, _people_lines(rows.select_related("person").order_by("created_at", "pk")))


def _people_lines(rows: QuerySet[Account]) -> Iterator[list[object]]:
    yield ["nom", "prenom", "identifiant", "categorie", "uai", "etablissement", "etat", "ouvert_le", "active_le"]
    for batch in batches_of(rows):
        people = people_of(batch)
        for row in batch:
            days = [_day(row.created_at), _day(row.activated_at)]
            yield [*identity_of(row), *place_of(people[row.person_id]), row.get_state_display(), *days]


def batches_of(rows: QuerySet[Account]) -> Iterator[list[Account]]:
    """A long list, a thousand at a time."""
    batch: list[Account] = []
    for row in rows.iterator(chunk_size=BATCH):
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch


def identity_of(row: Account) -> list[object]:
    return [row.person.family_name, row.person.given_name, row.login, row.person.get_category_display()]


def place_of(person: Person) -> list[object]:
    """UAI and name of the structure somebody works in, of the last when there are several."""
    post = next(iter(person.assignments.all()), None)
    return [post.structure.uai, post.structure.name] if post else ["", ""]


def _day(moment: dt.datetime | None) -> str:
    return timezone.localtime(moment).date().isoformat() if moment else ""
