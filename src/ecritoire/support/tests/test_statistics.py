"""Figures of the help desk beside an oracle in plain Python."""

from __future__ import annotations

import datetime as dt
import math
import random
from collections import Counter
from typing import Any

import pytest
from django.utils import timezone

from ecritoire.directory.models import Organisation
from ecritoire.directory.services import organisation_ensure
from ecritoire.support.models import Ticket
from ecritoire.support.statistics.figures import Figures
from ecritoire.support.statistics.scope import Period, Scope, opened

pytestmark = pytest.mark.django_db
MARCH = Period(dt.date(2026, 3, 1), dt.date(2026, 3, 31))  # has the day of 23 hours
KINDS = ("takeover", "forgotten", "locked")
OPEN = {"answer_minutes": "first_answered_at", "resolution_minutes": "resolved_at"}


def make(rank: int, created: dt.datetime, **values) -> Ticket:
    values = {"organisation": organisation_ensure(), "kind": "locked", **values}
    ticket = Ticket.objects.create(number=f"2026-{rank:06}", subject="Aide", text="Aide", **values)
    Ticket.objects.filter(pk=ticket.pk).update(created_at=created)
    ticket.created_at = created
    return ticket


@pytest.fixture
def tickets(db):
    chance = random.Random(5)
    start = dt.datetime(2026, 1, 20, tzinfo=dt.UTC)  # differences in one local zone would ignore its change of hour
    made = []
    for rank in range(120):
        created = start + dt.timedelta(minutes=chance.randrange(80 * 24 * 60))
        answered = created + dt.timedelta(minutes=chance.randrange(1, 5000)) if chance.random() < 0.7 else None
        resolved = answered + dt.timedelta(minutes=chance.randrange(9000)) if answered else None
        values: dict[str, Any] = {"kind": chance.choice(KINDS), "first_answered_at": answered, "resolved_at": resolved}
        values |= {name: chance.randrange(3000) for name, end in OPEN.items() if values[end]}
        made.append(make(rank, created, **values))
    return made


@pytest.fixture
def march(db):
    return Scope(organisation_ensure(), MARCH)


def within(tickets: list[Ticket], period: Period) -> list[Ticket]:
    return [t for t in tickets if period.first <= timezone.localtime(t.created_at).date() <= period.last]


def rank_of(values: list[Any], share: float) -> Any:
    return sorted(values)[math.ceil(share * len(values)) - 1]


def test_it_works(tickets, march, django_assert_num_queries) -> None:
    now, then = (Counter(t.kind for t in within(tickets, p)) for p in (MARCH, MARCH.previous()))
    figures = Figures(march)
    with django_assert_num_queries(2):
        assert figures.counts.by["kind"] == now
        assert figures.kinds_before == then


def test_each_figure_is_the_rows_listed(tickets, march) -> None:
    for kind, count in Figures(march).counts.by["kind"].items():
        assert opened(Scope(march.organisation, MARCH, kind=kind)).count() == count


@pytest.mark.parametrize(("step", "end"), [("answer", "first_answered_at"), ("resolution", "resolved_at")])
def test_delays(tickets, march, step, end, django_assert_num_queries) -> None:
    rows = [t for t in within(tickets, MARCH) if getattr(t, end)]
    waits = [getattr(t, end) - t.created_at for t in rows]
    minutes = [dt.timedelta(minutes=getattr(t, f"{step}_minutes")) for t in rows]
    with django_assert_num_queries(1):
        delay = Figures(march).delays[step]
    assert (delay.count, delay.median, delay.ninth) == (len(rows), rank_of(waits, 0.5), rank_of(waits, 0.9))
    assert (delay.timed, delay.open_median, delay.open_ninth) == (
        len(rows),
        rank_of(minutes, 0.5),
        rank_of(minutes, 0.9),
    )


def test_nothing_in_the_period(march) -> None:
    figures = Figures(march)
    assert not figures.counts.by["kind"]
    delay = figures.delays["answer"]
    assert (delay.count, delay.median, delay.open_ninth, figures.counts.due) == (0, None, None, {})


def test_the_day_of_23_hours_is_one_day(march) -> None:
    zone, day = timezone.get_current_timezone(), Period(dt.date(2026, 3, 29), dt.date(2026, 3, 29))
    moments = [(29, 0, 0), (29, 23, 59), (28, 23, 59), (30, 0, 0)]
    made = [make(rank, dt.datetime(2026, 3, *at, tzinfo=zone)) for rank, at in enumerate(moments)]
    assert set(opened(Scope(march.organisation, day))) == set(made[:2])
    start, end = (moment.astimezone(dt.UTC) for moment in day.bounds)
    assert end - start == dt.timedelta(hours=23)


def test_another_academie_is_not_counted(march) -> None:
    other = Organisation.objects.create(name="Autre", mail_domain="autre.test")
    make(1, dt.datetime(2026, 3, 10, tzinfo=dt.UTC), organisation=other)
    assert Figures(march).counts.total == 0
