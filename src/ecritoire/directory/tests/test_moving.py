"""Records given to another person: two people who were one, one who was two. Nothing half done."""

import datetime as dt

import pytest
from django.urls import reverse

from ecritoire.common.models import AuditEvent
from ecritoire.directory.feed.record import Term
from ecritoire.directory.models import Person, SourceRecord
from ecritoire.directory.services import MoveRefused, records_move

from .test_feed_sources import ONE, TWO, aaf, posting, rh, say, someone  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db


def record_of(source, key):
    return SourceRecord.objects.select_related("source").get(source=source, external_id=key)


@pytest.fixture
def split(rh, aaf):  # noqa: F811
    """HR and AAF know Zoé by two numbers and two spellings: two people."""
    say(rh, someone("h1", employee_number="H1", terms=(Term("C1", dt.date(2026, 1, 1), None),), postings=()))
    say(aaf, someone("a1", family="Dupond", employee_number="A1", postings=(posting(TWO, "Documentaliste"),)))
    one, two = Person.objects.get(employee_number="H1"), Person.objects.get(employee_number="A1")
    return one, two


def test_two_people_are_one(split, admin, aaf):  # noqa: F811
    keep, other = split
    found = records_move(person=other, records=[record_of(aaf, "a1")], to=keep, acting_user=admin)
    assert found == keep
    assert {row.structure.uai for row in keep.assignments.all()} == {TWO}
    assert keep.contracts.get().number == "C1"
    other.refresh_from_db()
    assert not other.has_right
    assert not other.source_records.exists()
    (address,) = other.addresses.all()
    assert address.retired_at is None, "their mailbox ends as every mailbox does"
    event = AuditEvent.objects.get(action="feed.move")
    assert event.actor == admin.login


def test_the_next_file_finds_nothing_changed(split, admin, aaf):  # noqa: F811
    keep, other = split
    records_move(person=other, records=[record_of(aaf, "a1")], to=keep, acting_user=admin)
    report = say(aaf, someone("a1", family="Dupond", employee_number="A1", postings=(posting(TWO, "Documentaliste"),)))
    assert report.people["unchanged"] == 1
    assert Person.objects.filter(pk__in=[keep.pk, other.pk]).count() == 2


def test_one_person_was_two(rh, aaf, admin):  # noqa: F811
    say(rh, someone("h1", employee_number="H1"))
    say(aaf, someone("a1", postings=(posting(TWO, "Documentaliste"),)))
    person = Person.objects.get(employee_number="H1")
    assert person.source_records.count() == 2
    other = records_move(person=person, records=[record_of(aaf, "a1")], to=None, acting_user=admin)
    assert other != person
    assert [row.structure.uai for row in other.assignments.all()] == [TWO]
    assert {str(row) for row in other.addresses.all()}.isdisjoint(str(row) for row in person.addresses.all())
    person.refresh_from_db()
    assert person.employee_number == "H1"
    assert person.has_right


def test_everything_given_leaves_the_number(split, admin, rh):  # noqa: F811
    one, two = split
    found = records_move(person=one, records=[record_of(rh, "h1")], to=two, acting_user=admin)
    assert found.contracts.get().number == "C1"
    one.refresh_from_db()
    assert one.employee_number == f"parti:{one.pk}"


def test_refused_whole(rh, aaf, admin):  # noqa: F811
    """Both sources give the same number: it cannot be two people's."""
    say(rh, someone("h1", employee_number="H1"))
    say(aaf, someone("a1", employee_number="H1", postings=(posting(TWO, "Documentaliste"),)))
    person = Person.objects.get(employee_number="H1")
    with pytest.raises(MoveRefused, match="matricule"):
        records_move(person=person, records=[record_of(aaf, "a1")], to=None, acting_user=admin)
    assert {row.structure.uai for row in person.assignments.filter(ends_on=None)} == {ONE, TWO}
    assert person.source_records.filter(gone_on=None).count() == 2
    assert not AuditEvent.objects.filter(action="feed.move")


def test_only_ones_own(split, admin, rh):  # noqa: F811
    one, two = split
    with pytest.raises(ValueError, match="not all"):
        records_move(person=two, records=[record_of(rh, "h1")], to=one, acting_user=admin)


def test_on_the_pages(split, admin, sign_in, aaf):  # noqa: F811
    keep, other = split
    page = sign_in(admin)
    address = reverse("directory:records", args=[other.pk])
    assert address in page.get(reverse("directory:person", args=[other.pk])).content.decode()
    record = record_of(aaf, "a1")
    assert "a1" in page.get(address).content.decode()
    asked = {"records": [record.pk], "whose": "known", "number": "H1"}
    shown = page.post(address, asked)
    assert str(keep) in shown.content.decode()
    assert not keep.assignments.exists(), "shown before it is done"
    done = page.post(address, asked | {"confirmed": "1"})
    assert done.url == reverse("directory:person", args=[keep.pk])
    assert keep.assignments.exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"records": []}, "Choisissez au moins une fiche"),
        ({"number": "inconnu"}, "Personne n&#x27;a ce matricule"),
        ({"number": "A1"}, "déjà les siennes"),
        ({"number": ""}, "matricule"),
    ],
)
def test_what_is_missing_is_said(split, admin, sign_in, aaf, changed, words):  # noqa: F811
    _keep, other = split
    asked = {"records": [record_of(aaf, "a1").pk], "whose": "known", "number": "H1", "confirmed": "1"} | changed
    answer = sign_in(admin).post(reverse("directory:records", args=[other.pk]), asked)
    assert words in answer.content.decode()
    assert other.source_records.count() == 1


def test_another_academie_is_out_of_reach(split, admin, sign_in, rivemont, make_person):
    _keep, other = split
    foreign = make_person(organisation=rivemont).employee_number
    asked = {"records": [other.source_records.get().pk], "whose": "known", "number": foreign, "confirmed": "1"}
    assert "ce matricule" in sign_in(admin).post(reverse("directory:records", args=[other.pk]), asked).content.decode()
