"""Who is in a functional mailbox: the functions at its school, day by day."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError
from django.utils import timezone

from ecritoire.directory.models import (
    Access,
    Assignment,
    EmailAddress,
    FunctionalMailbox,
    FunctionalRule,
    Leave,
    Structure,
)
from ecritoire.directory.selectors_functional import memberships_of, orphans
from ecritoire.directory.services import (
    FunctionalRefused,
    functional_change,
    functional_close,
    functional_create,
    functional_ensure,
    functional_guest_add,
    functional_guest_remove,
    functional_members_follow,
    functional_roll,
    functional_rule_add,
    functional_structures_end,
    organisation_ensure,
    rights_recompute,
)
from ecritoire.directory.signals import functional_members_changed

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 25)
BEFORE = dt.date(2026, 9, 1)


@pytest.fixture
def school():
    return school_make("0991201X", "Collège des Ormes")


def school_make(uai, name, kind=Structure.Kind.MIDDLE):
    return Structure.objects.create(
        organisation=organisation_ensure(),
        uai=uai,
        name=name,
        kind=kind,
        city="Valmont",
        search_name=f"{name} {uai}".lower(),
    )


@pytest.fixture
def mailbox(school):
    functional_ensure()
    return FunctionalMailbox.objects.get(structure=school)


def work(person, school, function="Principale", code="", starts_on=BEFORE, ends_on=None):
    made = Assignment.objects.create(
        person=person, structure=school, function=function, function_code=code, starts_on=starts_on, ends_on=ends_on
    )
    rights_recompute(person_ids=[person.pk])
    return made


def inside(mailbox):
    return {
        m.person.given_name: m.access for m in mailbox.members.filter(left_on__isnull=True).select_related("person")
    }


def test_it_works(mailbox, school, make_person):
    work(make_person("Hélène", "Roy"), school, "Principale")
    work(make_person("Sam", "Secret"), school, "Secrétaire de direction")
    work(make_person("Paul", "Prof"), school, "Professeur de français")
    assert inside(mailbox) == {"Hélène": "owner", "Sam": "delegate"}
    assert mailbox.address == "ce.0991201x@ac-valmont.test"
    assert mailbox.name == "Collège des Ormes"


def test_a_code_of_the_feed_counts_like_a_name(mailbox, school, make_person):
    work(make_person("Léo"), school, "Chef", code="DIR")
    work(make_person("Ada"), school, "Adjointe", code="ADM")
    work(make_person("Eve"), school, "Enseignante", code="ENS")
    assert inside(mailbox) == {"Léo": "owner", "Ada": "delegate"}


def test_schools_have_theirs_once_and_services_none(school, django_assert_num_queries):
    school_make("0991202Y", "Rectorat", Structure.Kind.SERVICE)
    assert len(functional_ensure()) == 1
    assert functional_ensure() == []
    assert FunctionalMailbox.objects.count() == 1


def test_eleven_hundred_schools_cost_as_many_queries_as_one(django_assert_max_num_queries):
    organisation = organisation_ensure()
    functional_ensure()
    Structure.objects.bulk_create(
        Structure(organisation=organisation, uai=f"09{n:05d}A", name=f"École {n}", kind="primary", city="V")
        for n in range(1100)
    )
    with django_assert_max_num_queries(15):
        assert len(functional_ensure()) == 1100
    assert EmailAddress.objects.filter(functional__isnull=False).count() == 1100


def test_whoever_moves_leaves_one_and_joins_the_other_the_same_day(mailbox, school, make_person):
    other = school_make("0991203Z", "Collège du Lac")
    functional_ensure()
    person = make_person("Hélène", "Roy")
    former = work(person, school)
    told: list[int] = []

    def listen(mailbox_ids, **kwargs):
        told.extend(mailbox_ids)

    functional_members_changed.connect(listen)
    today = timezone.localdate()
    former.ends_on = today - dt.timedelta(days=1)
    former.save()
    work(person, other, "Principale", starts_on=today)
    assert [row.mailbox.structure for row in memberships_of(person.pk)] == [other]
    assert set(told) == {mailbox.pk, FunctionalMailbox.objects.get(structure=other).pk}
    assert mailbox.members.get().left_on == today


def test_days_come_by_themselves(mailbox, school, make_person):
    work(make_person("Hélène"), school, ends_on=dt.date(2026, 12, 31))
    work(make_person("Yves"), school, "Principal", starts_on=dt.date(2027, 1, 1))
    for day, expected in ((dt.date(2026, 12, 31), {"Hélène"}), (dt.date(2027, 1, 1), {"Yves"})):
        functional_roll(today=day)
        assert set(inside(mailbox)) == expected
    assert functional_members_follow(today=dt.date(2027, 1, 1)) == []


def test_the_reason_that_gives_most_counts(mailbox, school, make_person):
    person = make_person("Hélène")
    work(person, school, "Gestionnaire")
    work(person, school, "Principale par intérim")
    assert inside(mailbox) == {"Hélène": "owner"}


def test_a_guest_comes_and_goes_with_the_dates(mailbox, make_person, admin):
    person = make_person("Iris")
    values = {"mailbox": mailbox, "person": person, "access": Access.READER, "acting_user": admin}
    guest = functional_guest_add(starts_on=TODAY, ends_on=TODAY, **values)
    functional_members_follow(today=TODAY)
    assert inside(mailbox) == {"Iris": "reader"}
    functional_members_follow(today=TODAY + dt.timedelta(days=1))
    assert inside(mailbox) == {}
    functional_guest_remove(guest=guest, acting_user=admin)
    with pytest.raises(FunctionalRefused):
        functional_guest_add(starts_on=TODAY, ends_on=BEFORE, **values)


def test_a_guest_without_a_right_to_a_mailbox_is_out(mailbox, make_person, admin):
    gone = make_person("Iris", right_until=BEFORE)
    functional_guest_add(
        mailbox=mailbox, person=gone, access=Access.READER, starts_on=BEFORE, ends_on=None, acting_user=admin
    )
    assert inside(mailbox) == {}


def test_leave_withdraws_where_the_mailbox_says_so(mailbox, school, make_person, admin):
    person = make_person("Hélène")
    work(person, school)
    Leave.objects.create(person=person, starts_on=BEFORE)
    functional_members_follow()
    assert inside(mailbox) == {"Hélène": "owner"}
    functional_change(mailbox=mailbox, acting_user=admin, withdraw_on_leave=True)
    assert inside(mailbox) == {}


def test_the_dead_are_in_no_mailbox(mailbox, school, make_person):
    work(make_person("Hélène", deceased_on=BEFORE), school)
    assert inside(mailbox) == {}


def test_rules_of_one_mailbox_and_of_all(mailbox, school, make_person, admin):
    work(make_person("Cora"), school, "CPE")
    organisation = school.organisation
    rule = {"organisation": organisation, "function_code": "", "access": Access.ASSISTANT, "acting_user": admin}
    functional_rule_add(mailbox=mailbox, label="cpe", **rule)
    assert inside(mailbox) == {"Cora": "assistant"}
    functional_rule_add(mailbox=None, label="CPE", **(rule | {"access": Access.DELEGATE}))
    assert inside(mailbox) == {"Cora": "delegate"}
    functional_change(mailbox=mailbox, acting_user=admin, follows_defaults=False)
    assert inside(mailbox) == {"Cora": "assistant"}
    with pytest.raises(FunctionalRefused):
        functional_rule_add(mailbox=mailbox, label="", **rule)


def test_an_address_is_given_once_to_people_and_mailboxes_alike(make_person, admin):
    person = make_person("Exa", "Mens")
    values = {"organisation": person.organisation, "kind": "exam", "structure": None, "acting_user": admin}
    with pytest.raises(FunctionalRefused) as refused:
        functional_create(local_part="Exa.Mens", name="Examens", **values)
    assert refused.value.field == "local_part"
    with pytest.raises(FunctionalRefused):
        functional_create(local_part="exa mens!", name="Examens", **values)
    made = functional_create(local_part="exa.mens2", name="Examens", **values)
    assert made.store_id == f"f-examens2-{made.pk}"
    other = make_person("Exa", "Mens")
    assert other.addresses.get().address == f"exa.mens3@{person.organisation.mail_domain}"
    with pytest.raises(IntegrityError):
        EmailAddress.objects.create(address="x@ac-valmont.test")


def test_nobody_of_another_academie_is_let_in(mailbox, make_person, admin):
    from ecritoire.directory.models import Organisation

    away = Organisation.objects.create(name="Ailleurs", mail_domain="ac-ailleurs.test")
    stranger = make_person("Zed")
    stranger.organisation = away
    stranger.save()
    with pytest.raises(FunctionalRefused):
        functional_guest_add(
            mailbox=mailbox, person=stranger, access=Access.READER, starts_on=BEFORE, ends_on=None, acting_user=admin
        )


def test_a_closed_school_s_mailbox_ends_after_a_delay(mailbox, school, make_person, admin):
    work(make_person("Hélène"), school)
    day = timezone.localdate()
    assert functional_structures_end(structure_ids=[school.pk], on=day) == 1
    assert inside(mailbox) == {"Hélène": "owner"}
    functional_roll(today=day + dt.timedelta(days=30))
    assert inside(mailbox) == {"Hélène": "owner"}
    functional_roll(today=day + dt.timedelta(days=31))
    mailbox.refresh_from_db()
    assert (mailbox.state, inside(mailbox)) == ("closed", {})
    assert functional_ensure() == []


def test_closing_by_hand_keeps_words_that_smtp_can_say(mailbox, admin):
    functional_close(mailbox=mailbox, on=BEFORE, words="Écrivez à l’école\r\nvoisine œ", acting_user=admin)
    assert (mailbox.state, mailbox.closed_words) == ("closed", "Ecrivez a l'ecole voisine oe")


def test_orphans(mailbox, school, make_person):
    assert list(orphans(FunctionalMailbox.objects.all())) == [mailbox]
    work(make_person("Hélène"), school)
    assert not orphans(FunctionalMailbox.objects.all())


def test_default_rules_are_made_once():
    organisation_ensure()
    functional_ensure()
    before = FunctionalRule.objects.count()
    FunctionalRule.objects.filter(label="Proviseur").delete()
    functional_ensure()
    assert FunctionalRule.objects.count() == before - 1
