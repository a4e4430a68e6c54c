"""The health of feeds: late, stopped, waiting for somebody; each académie its own."""

import datetime as dt

import pytest
from django.utils import timezone

from ecritoire.accounts.dashboards.feeds import feeds_health
from ecritoire.common.roles import Role
from ecritoire.directory.models import DoubtfulMatch, FeedRun, FeedSource, Organisation, SourceRecord
from ecritoire.directory.services import organisation_ensure

pytestmark = pytest.mark.django_db
State = FeedRun.State
PAGE = "/compte/tableaux/flux/"


@pytest.fixture
def source(db):
    return FeedSource.objects.create(organisation=organisation_ensure(), name="RenoiRH", slug="renoirh", kind="csv")


@pytest.fixture
def read(source):
    """A reading of so many days ago."""

    def make(days, state=State.APPLIED, **values):
        run = FeedRun.objects.create(
            source=source, file_name="rh.csv", state=state, acting_login="x", people={"created": 3}, **values
        )
        FeedRun.objects.filter(pk=run.pk).update(created_at=timezone.now() - dt.timedelta(days=days))
        return run

    return make


def health():
    return next(row for row in feeds_health(organisation_ensure().pk) if row.source.slug == "renoirh")


def test_it_works(read):
    for days in (3, 2, 1, 0):
        read(days, rows=10)
    row = health()
    assert row.status == "good"
    assert [counts for _run, counts in row.volumes()] == [[3, 0, 0]] * 4


def test_never_read(source):
    assert health().status == "silent"


def test_late_by_its_own_rhythm(read):
    for days in (33, 32, 31, 30):
        read(days)
    assert health().status == "late"


def test_a_monthly_source_is_not_late_after_a_month(read):
    for days in (90, 60, 30):
        read(days)
    assert health().status == "good"


def test_a_simulation_says_nothing(read):
    read(1)
    read(0, State.DRY_RUN)
    assert health().status == "good"


def test_stopped_by_a_brake(read, sign_in, make_account):
    read(1)
    read(0, State.WAITING, brakes=[{"kind": "departures", "count": 9, "known": 30, "limit": 5}])
    assert health().status == "stopped"
    page = sign_in(make_account("Sam", "Support", Role.SUPPORT)).get(PAGE).content.decode()
    assert "frein a arrêté la lecture" in page


def test_doubtful_matches_wait(source, read):
    read(0)
    record = SourceRecord.objects.create(source=source, external_id="1")
    DoubtfulMatch.objects.create(record=record)
    assert health().doubts == 1


def test_another_academie_s_are_not_shown(source):
    FeedSource.objects.update(organisation=Organisation.objects.create(name="Ailleurs", mail_domain="ailleurs.test"))
    assert feeds_health(organisation_ensure().pk) == []


def test_the_page_costs_a_bounded_number_of_queries(read, sign_in, make_account, django_assert_max_num_queries):
    for days in range(8):
        read(days)
    browser = sign_in(make_account("Sam", "Support", Role.SUPPORT))
    with django_assert_max_num_queries(12):
        assert "RenoiRH" in browser.get(PAGE).content.decode()
    text = b"".join(browser.get("/compte/tableaux/flux.csv").streaming_content).decode()
    assert text.count("rh.csv") == 8


def test_local_contacts_have_no_part_in_it(sign_in, make_account):
    assert sign_in(make_account("Carl", "Contact", Role.LOCAL_CONTACT)).get(PAGE).status_code == 403
