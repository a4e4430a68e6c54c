"""Whatever is said in whatever order: addresses are unique and kept, what is said last holds, twice is as once."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecritoire.directory.addresses import local_part
from ecritoire.directory.feed.record import Posting, Removal, StaffRecord, Term
from ecritoire.directory.models import Assignment, Contract, EmailAddress, FeedSource, Person, SourceRecord
from ecritoire.directory.services import organisation_ensure
from ecritoire.directory.services.engine.staging import record_of, said_of
from ecritoire.directory.tests.test_feed_sources import ONE, SCHOOLS, TWO, make_source, say

NAMES = st.sampled_from(["Dupont", "DUPONT", "Dupônt", "Martin", "d'Artagnan", "D Artagnan", "Dupont-Martin"])
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1))
BIRTHS = st.sampled_from([None, dt.date(1980, 1, 1), dt.date(1990, 2, 2)])
POSTINGS = st.builds(Posting, st.sampled_from([ONE, TWO]), st.sampled_from(["Prof", "CPE"]), starts_on=st.none() | DAYS)
TERMS = st.builds(Term, st.sampled_from(["K1", "K2"]), DAYS)
RECORDS = st.builds(
    StaffRecord,
    external_id=st.sampled_from("abcde"),
    family_name=NAMES,
    given_name=st.sampled_from(["Zoé", "Zoe", "Marie"]),
    birth_name=st.sampled_from(["", "Dupont"]),
    birth_date=BIRTHS,
    category=st.sampled_from(["", "teacher", "contract"]),
    postings=st.lists(POSTINGS, max_size=2, unique_by=lambda p: (p.uai, p.function)).map(tuple),
    terms=st.lists(TERMS, max_size=2, unique_by=lambda t: t.number).map(tuple),
)
FILES = st.lists(
    st.tuples(
        st.sampled_from(["RH", "AAF"]),
        st.lists(RECORDS | st.builds(Removal, st.sampled_from("abcde")), max_size=5, unique_by=lambda e: e.external_id),
        st.sampled_from(["complete", "delta"]),
    ),
    min_size=1,
    max_size=5,
)
MANY = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def sources(db):
    rh, aaf = make_source("RH"), make_source("AAF", kind="aaf")
    say(rh, *SCHOOLS)
    return {"RH": rh, "AAF": aaf}


@MANY
@given(files=FILES)
def test_it_works(sources, files):
    """What holds after any files: run one after the other on the same directory, as the days go."""
    for name, entries, mode in files:
        addresses = dict(EmailAddress.objects.values_list("address", "person"))
        assert say(sources[name], *entries, mode=mode, confirmed=True).ok
        assert_addresses(addresses)
        assert_records(sources[name], entries, mode)
        assert_work()
        assert say(sources[name], *entries, mode=mode, confirmed=True).state == ""


def assert_addresses(before):
    """None is lost, none changes hands, nobody has two primary ones; the primary one is of today's name."""
    after = dict(EmailAddress.objects.values_list("address", "person"))
    assert before.items() <= after.items()
    for person in Person.objects.prefetch_related("addresses"):
        primary = [row.address for row in person.addresses.all() if row.is_primary]
        assert len(primary) <= 1
        for address in primary:
            assert address.partition("@")[0].rstrip("0123456789") == local_part(person.given_name, person.family_name)


def assert_records(source, entries, mode):
    """A source names those it said, and in a complete file nobody else."""
    present = set(SourceRecord.objects.filter(source=source, gone_on=None).values_list("external_id", flat=True))
    said = {entry.external_id for entry in entries if isinstance(entry, StaffRecord)}
    assert said <= present
    assert mode == "delta" or said == present


def assert_work():
    """What is open is what some source says."""
    wanted, terms = set(), set()
    for record in SourceRecord.objects.filter(gone_on=None, person__isnull=False):
        for item in record.said.get("postings", ()):
            wanted.add((record.person_id, item["uai"], item["function"], item["starts_on"]))
        terms |= {(record.person_id, item["number"]) for item in record.said.get("terms", ())}
    rows = Assignment.objects.filter(ends_on=None).values_list("person", "structure__uai", "function", "starts_on")
    assert {(*row[:3], row[3].isoformat()) for row in rows} == wanted
    assert set(Contract.objects.filter(ends_on=None).values_list("person", "number")) == terms


@given(RECORDS)
def test_a_record_is_kept_as_it_was_said(record):
    assert record_of(record.external_id, said_of(record)) == record


@MANY
@given(order=st.permutations(["names", "category"]), ranks=st.tuples(st.integers(1, 9), st.integers(1, 9)))
def test_the_lower_rank_prevails_whoever_speaks_last(sources, order, ranks):
    rh, aaf = sources["RH"], sources["AAF"]
    for source, rank in zip((rh, aaf), ranks, strict=True):
        FeedSource.objects.filter(pk=source.pk).update(precedence={"category": rank})
    born = dt.date(1970, 1, 1) + dt.timedelta(days=Person.objects.count())
    key = f"k{Person.objects.count()}"
    said = {rh: "contract", aaf: "teacher"}
    for source in [rh, aaf] if order[0] == "names" else [aaf, rh]:
        say(source, StaffRecord(key, "Rang", "Élu", birth_date=born, category=said[source]))
    assert Person.objects.get(birth_date=born).category == ("contract" if ranks[0] <= ranks[1] else "teacher")
    assert organisation_ensure() == rh.organisation
