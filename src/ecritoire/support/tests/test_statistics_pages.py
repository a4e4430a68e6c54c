"""The pages of the statistics: each number is the number of requests its link lists."""

from __future__ import annotations

import datetime as dt
import random
import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from ecritoire.accounts.services import role_grant
from ecritoire.common.models import AuditEvent
from ecritoire.common.roles import Role
from ecritoire.directory.models import Organisation
from ecritoire.directory.services import organisation_ensure
from ecritoire.support.measures import measures_of
from ecritoire.support.models import Incident, Queue, Satisfaction, Ticket
from ecritoire.support.statistics.parts import listed
from ecritoire.support.statistics.scope import Period, Scope, opened
from ecritoire.support.statistics.tables import tables_of
from ecritoire.support.tests.test_statistics import make

pytestmark = pytest.mark.django_db
OCTOBER = Period(dt.date(2026, 10, 1), dt.date(2026, 10, 31))  # has the day of 25 hours
FREE = {"period": "free", "first": "2026-10-01", "last": "2026-10-31"}
QUERIES = 15
"""Of all the tables: twelve, and the transaction and its settings. Those of the page come beside."""


@pytest.fixture
def scope(db):
    return Scope(organisation_ensure(), OCTOBER)


@pytest.fixture
def tickets(barret):
    chance, here = random.Random(7), organisation_ensure()
    line = Queue.objects.create(organisation=here, name="Comptes")
    start = dt.datetime(2026, 10, 4, tzinfo=dt.UTC)
    incident = Incident.objects.create(
        organisation=here,
        title="Panne",
        severity="major",
        state="resolved",
        starts_at=start,
        resolved_at=start + dt.timedelta(minutes=95),
        declared_by="sam",
    )
    made = []
    for rank in range(150):
        created = start - dt.timedelta(days=25) + dt.timedelta(minutes=chance.randrange(50 * 24 * 60))
        answered = created + dt.timedelta(minutes=chance.randrange(1, 5000)) if chance.random() < 0.8 else None
        resolved = answered + dt.timedelta(minutes=chance.randrange(20000)) if answered else None
        ticket = make(
            rank,
            created,
            kind=chance.choice(["takeover", "forgotten", "locked"]),
            channel=chance.choice(["mail", "portal", "phone"]),
            queue=chance.choice([line, None]),
            structure=chance.choice([barret, None]),
            incident=chance.choice([incident, None]),
            state="resolved" if resolved else "new",
            first_answered_at=answered,
            resolved_at=resolved,
            answer_minutes=int((answered - created).total_seconds() // 240) if answered else None,
            reopenings=chance.choice([0, 0, 0, 1, 2, 3, 4]) if resolved else 0,
            response_due=created + dt.timedelta(hours=40),
            resolution_due=created + dt.timedelta(days=8),
        )
        if resolved and chance.random() < 0.3:
            Satisfaction.objects.create(ticket=ticket, score=chance.choice([1, 2, 3]))
        made.append(ticket)
    return made


def table(scope: Scope, key: str):
    return next(table for table in tables_of(scope) if table.key == key)


def test_it_works(client, sam, tickets, scope, django_assert_num_queries) -> None:
    client.force_login(sam)
    page = client.get(reverse("support:statistics"), FREE)
    text = page.content.decode()
    count = opened(scope).filter(kind="takeover").count()
    address = next(unescape(link) for link in re.findall(r'href="([^"]+)"', text) if "part=kind%3Atakeover" in link)
    assert f">{count}</a>" in text
    listing = client.get(address)
    assert listing.context["page"].paginator.count == count


def test_each_number_is_the_requests_listed(tickets, scope) -> None:
    for where in (
        scope,
        Scope(scope.organisation, OCTOBER, kind="locked"),
        Scope(scope.organisation, OCTOBER, against="year"),
    ):
        seen = set()
        for made in tables_of(where):
            for row in made.rows:
                for column, part in row["links"].items():
                    assert listed(where, part).count() == row[column], (made.key, column, part)
                    seen.add(made.key)
        assert seen == {
            "types",
            "delays",
            "channels",
            "lines",
            "schools",
            "times",
            "backlog",
            "reopened",
            "satisfaction",
            "incidents",
        }


def test_tables_beside_an_oracle(tickets, scope) -> None:
    here = [t for t in tickets if timezone.localtime(t.created_at).date() in _days(OCTOBER)]
    clock: dict[tuple[int, int], int] = {}
    for ticket in here:
        at = timezone.localtime(ticket.created_at)
        clock[at.hour, at.isoweekday()] = clock.get((at.hour, at.isoweekday()), 0) + 1
    rows = table(scope, "times").rows
    assert {(h, d): rows[h][f"day{d}"] for h in range(24) for d in range(1, 8) if rows[h][f"day{d}"]} == clock
    last = table(scope, "backlog").rows[-1]
    end = OCTOBER.bounds[1]
    assert last["waiting"] == sum(t.created_at < end and (not t.resolved_at or t.resolved_at >= end) for t in tickets)
    answer = table(scope, "delays").rows[0]
    assert answer["kept"] == sum(bool(t.first_answered_at and t.first_answered_at <= t.response_due) for t in here)
    assert table(scope, "incidents").rows[0]["minutes"] == 95
    assert sum(row["count"] for row in table(scope, "schools").rows) == len(here)


def _days(period: Period) -> set[dt.date]:
    return {period.first + dt.timedelta(days=n) for n in range(period.days)}


def test_the_hour_that_comes_twice(scope) -> None:
    moments = [dt.datetime(2026, 10, 25, hour, 30, tzinfo=dt.UTC) for hour in (0, 1)]
    for rank, moment in enumerate(moments):
        make(rank, moment)
    assert table(scope, "times").rows[2]["day7"] == 2
    assert table(scope, "backlog").rows[-2]["opened"] == 2


def test_the_queries_are_bounded(client, sam, tickets, scope, django_assert_num_queries) -> None:
    with django_assert_num_queries(QUERIES):
        tables_of(scope)


def test_nothing_in_the_period(client, sam, scope) -> None:
    client.force_login(sam)
    assert client.get(reverse("support:statistics"), FREE).status_code == 200
    assert table(scope, "reopened").rows[0]["share"] is None
    assert {row["waiting"] for row in table(scope, "backlog").rows} == {0}


def test_who_does_not_handle_sees_no_subject(client, sam, make_account, tickets) -> None:
    Ticket.objects.update(subject="Secret de Zoé")
    reader = make_account("Rémi", "Chargé", Role.SECURITY)
    for account, is_shown in ((sam, True), (reader, False)):
        client.force_login(account)
        page = client.get(reverse("support:statistics-tickets"), {**FREE, "part": "all:"})
        assert page.status_code == 200
        assert ("Secret de Zoé" in page.content.decode()) == is_shown


@pytest.mark.parametrize("part", ["x", "kept:x", "line:x", "at:x", "opened:x", "incident:-1", "line:99999999999999"])
def test_what_is_no_part_is_not_found(client, sam, part) -> None:
    client.force_login(sam)
    assert client.get(reverse("support:statistics-tickets"), {"part": part}).status_code == 404


def test_a_wrong_date_is_said(client, sam) -> None:
    client.force_login(sam)
    page = client.get(reverse("support:statistics"), {**FREE, "last": "2026-09-01"})
    assert page.context["form"].errors["last"] == ["La fin précède le début."]
    assert page.status_code == 200


def test_csv(client, sam, tickets, scope) -> None:
    client.force_login(sam)
    answer = client.get(reverse("support:statistics-csv", args=["channels"]), FREE)
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "Canal;Demandes;Part"
    assert sum(int(line.split(";")[1]) for line in lines[1:]) == opened(scope).count()
    assert client.get(reverse("support:statistics-csv", args=["rien"])).status_code == 404


def test_measures(client, anne, sam) -> None:
    address = reverse("support:statistics-measures")
    client.force_login(sam)
    assert client.get(address).status_code == 403
    role_grant(account=sam, role=Role.ADMINISTRATOR, structure=None, acting_user=None)
    client.post(address, {"takeover": "Filtrer les liens"})
    assert measures_of(organisation_ensure()) == {"takeover": "Filtrer les liens"}
    assert AuditEvent.objects.filter(action="desk.measures").exists()
    client.post(address, {"takeover": ""})
    assert measures_of(organisation_ensure()) == {}


def test_another_academie_is_not_counted(tickets) -> None:
    other = Organisation.objects.create(name="Autre", mail_domain="autre.test")
    for made in tables_of(Scope(other, OCTOBER)):
        assert not any(value for row in made.rows for key, value in row.items() if isinstance(value, int))
