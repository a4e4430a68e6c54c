"""Addresses from names."""

import re
import threading

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from ecritoire.directory.addresses import local_part
from ecritoire.directory.models import EmailAddress, Person
from ecritoire.directory.services import addresses_allocate, organisation_ensure

LOCAL_PART = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


@pytest.mark.parametrize(
    ("given_name", "family_name", "expected"),
    [
        ("Zoé", "Œuvrard-Lefèvre", "zoe.oeuvrard-lefevre"),
        ("Jean-Baptiste", "de La Tour d'Aubigné", "jean-baptiste.de-la-tour-daubigne"),
        ("Łukasz", "Wójcik", "lukasz.wojcik"),
        ("François", "N’Guyen", "francois.nguyen"),
        ("Jürgen", "Groß", "jurgen.gross"),
        ("  Anne  Marie ", "Le  Goff", "anne-marie.le-goff"),
        ("王", "小明", "agent"),
    ],
)
def test_it_works(given_name, family_name, expected):
    assert local_part(given_name, family_name) == expected


@given(st.text(max_size=120), st.text(max_size=120))
def test_any_name_makes_a_valid_local_part(given_name, family_name):
    made = local_part(given_name, family_name)
    assert LOCAL_PART.fullmatch(made)
    assert ".." not in made
    assert len(made) <= 60


@pytest.mark.django_db
def test_homonyms_are_numbered(make_person):
    made = [make_person("Marie", "Dupont").addresses.get().address for _ in range(3)]
    assert made == ["marie.dupont@ac-valmont.test", "marie.dupont2@ac-valmont.test", "marie.dupont3@ac-valmont.test"]


@pytest.mark.django_db
def test_a_retired_address_goes_to_nobody_else(make_person):
    EmailAddress.objects.filter(person=make_person("Marie", "Dupont")).update(retired_at=timezone.now())
    assert make_person("Marie", "Dupont").addresses.get().address == "marie.dupont2@ac-valmont.test"


@pytest.mark.django_db
def test_the_database_keeps_every_address(make_person):
    person = make_person()
    with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
        EmailAddress.objects.filter(person=person).delete()


@pytest.mark.django_db
def test_somebody_served_keeps_their_address(make_person):
    person = make_person()
    assert addresses_allocate(people=[person]) == []


@pytest.mark.django_db
def test_a_thousand_people_cost_a_handful_of_queries(django_assert_max_num_queries):
    organisation = organisation_ensure()
    people = [
        Person(
            organisation=organisation,
            employee_number=f"N{n}",
            given_name="Jean",
            family_name=f"Nom{n % 300}",
            category="teacher",
        )
        for n in range(1000)
    ]
    Person.objects.bulk_create(people)
    with django_assert_max_num_queries(6):
        made = addresses_allocate(people=people)
    assert len({address.address for address in made}) == 1000


@pytest.mark.django_db(transaction=True)
def test_two_feeds_at_once_give_no_number_twice():
    organisation = organisation_ensure()
    values = {"organisation": organisation, "given_name": "Marie", "family_name": "Dupont", "category": "teacher"}
    people = [Person.objects.create(employee_number=f"P{n}", **values) for n in range(8)]
    failures = []

    def allocate(person):
        try:
            addresses_allocate(people=[person])
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=allocate, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert EmailAddress.objects.count() == 8
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE directory_emailaddress CASCADE")
