"""Several sources feed one person: matching, precedence, unions, departures."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from ecritoire.accounts.models import Account
from ecritoire.common.models import AuditEvent
from ecritoire.directory.feed.record import Absence, Posting, Removal, StaffRecord, StructureRecord, Term
from ecritoire.directory.models import (
    Assignment,
    DoubtfulMatch,
    EmailAddress,
    FeedRun,
    FeedSource,
    Person,
    SourceRecord,
)
from ecritoire.directory.services import (
    DoubtDecided,
    RunRefused,
    doubt_decide,
    organisation_ensure,
    records_apply,
    run_abandon,
    run_apply,
)
from ecritoire.directory.signals import assignments_changed, primary_address_changed
from ecritoire.directory.uai import check_letter

ONE, TWO = (f"099000{n}" + check_letter(f"099000{n}") for n in (1, 2))
BORN = dt.date(1980, 2, 1)
SCHOOLS = [
    StructureRecord(ONE, "Collège Un", "middle", "Valmont"),
    StructureRecord(TWO, "Lycée Deux", "high", "Valmont"),
]


def make_source(name, **values):
    values = {"slug": name.lower(), "kind": "csv"} | values
    return FeedSource.objects.create(organisation=organisation_ensure(), name=name, **values)


@pytest.fixture
def rh(db):
    source = make_source("RH")
    say(source, *SCHOOLS)
    return source


@pytest.fixture
def aaf(rh):
    return make_source("AAF", kind="aaf")


def say(source, *entries, mode="delta", **options):
    values = {"dry_run": False, "acting_user": None, "file_name": "essai"} | options
    return records_apply(source=source, entries=entries, mode=mode, **values)


def someone(key="1", family="Dupont", given="Zoé", **said):
    values: dict[str, Any] = {"birth_date": BORN, "category": "teacher", "postings": (posting(),)} | said
    return StaffRecord(external_id=key, family_name=family, given_name=given, **values)


def posting(uai=ONE, function="Professeure", **values):
    return Posting(uai, function, **({"starts_on": dt.date(2020, 9, 1)} | values))


def crowd(count, **values):
    letters = "abcdefghijklmnopqrstuvwxyz"
    return [
        someone(f"c{n}", family=f"Nom{letters[n // 26]}{letters[n % 26]}", given="Ève", **values) for n in range(count)
    ]


def days_ago(days):
    return timezone.localdate() - dt.timedelta(days=days)


def test_it_works(rh, aaf):
    say(
        rh,
        someone(
            "R1", employee_number="R1", terms=(Term("K1", dt.date(2020, 9, 1), dt.date(2030, 8, 31)),), postings=()
        ),
    )
    report = say(aaf, someone("A1", family="DUPONT", given="Zoe", postings=(posting(function_code="ENS"),)))
    person = Person.objects.get()
    assert report.people == {"changed": 1}
    assert person.source_records.count() == 2
    assert person.contracts.get().source == rh
    assert person.assignments.get().source == aaf
    assert (person.right_from, person.right_until) == (dt.date(2020, 9, 1), dt.date(2030, 8, 31))
    assert Account.objects.get().person == person


def test_the_same_number_is_the_same_person(rh, aaf):
    say(rh, someone("R1", employee_number="N7", birth_date=None))
    say(aaf, someone("A1", employee_number="N7", family="Martin", birth_date=None))
    assert Person.objects.count() == 1


def test_a_name_at_birth_is_recognised_both_ways(rh, aaf):
    say(rh, someone("R1", family="Martin", birth_name="Dupont"), someone("R2", family="Blin", given="Éva"))
    say(aaf, someone("A1", family="Dupont"), someone("A2", family="Noé", given="Eva", birth_name="Blin"))
    assert Person.objects.count() == 2


def test_hyphens_and_apostrophes_do_not_make_two_people(rh, aaf):
    say(rh, someone("R1", family="d'Artagnan", given="Jean-Baptiste"))
    say(aaf, someone("A1", family="D ARTAGNAN", given="jean baptiste"), someone("A2", family="DARTAGNAN", given="Jean"))
    assert Person.objects.count() == 2


def test_another_birth_date_is_somebody_else(rh, aaf):
    say(rh, someone("R1"))
    say(aaf, someone("A1", birth_date=dt.date(1981, 2, 1)))
    assert sorted(EmailAddress.objects.filter(person__isnull=False).values_list("address", flat=True)) == [
        "zoe.dupont2@ac-valmont.test",
        "zoe.dupont@ac-valmont.test",
    ]


def test_a_source_never_names_one_person_twice(rh):
    say(rh, someone("1"), someone("2"))
    say(rh, someone("3"))
    assert Person.objects.count() == 3


def test_a_key_that_changes_at_the_source_is_the_same_person(rh):
    say(rh, someone("old"), *crowd(30), mode="complete")
    report = say(rh, someone("new"), *crowd(30), mode="complete")
    assert Person.objects.count() == 31
    assert "people_ended" not in report.counts


@pytest.mark.parametrize(("known", "said"), [(None, BORN), (BORN, None), (None, None)])
def test_a_name_without_a_birth_date_is_doubtful(rh, aaf, known, said):
    say(rh, someone("R1", birth_date=known))
    report = say(aaf, someone("A1", birth_date=said, postings=(posting(TWO),)))
    assert report.counts == {"doubtful": 1}
    assert Assignment.objects.count() == 1
    assert DoubtfulMatch.objects.get().candidates.get() == Person.objects.get()
    assert say(aaf, someone("A1", birth_date=said, postings=(posting(TWO),))).counts == {"unchanged": 1}


def test_two_candidates_are_doubtful(rh, aaf):
    say(rh, someone("1"), someone("2"))
    say(aaf, someone("A1"))
    assert DoubtfulMatch.objects.get().candidates.count() == 2


def test_two_records_for_one_candidate_are_doubtful(rh, aaf):
    say(rh, someone("1"))
    assert say(aaf, someone("A1"), someone("A2")).counts == {"doubtful": 2}


def test_numbers_that_contradict_each_other_are_doubtful(rh, aaf):
    say(rh, someone("1", employee_number="N1"))
    assert say(aaf, someone("A1", employee_number="N2")).counts == {"doubtful": 1}


def test_a_number_given_to_another_name_and_birth_is_doubtful(rh, aaf):
    say(rh, someone("1", employee_number="N1"))
    assert say(aaf, someone("A1", family="Autre", birth_date=days_ago(9999), employee_number="N1")).counts == {
        "doubtful": 1
    }


def test_a_doubt_decided_as_the_same_person(rh, aaf, admin):
    say(rh, someone("R1", birth_date=None))
    record = someone("A1", postings=(posting(TWO),))
    say(aaf, record)
    person = Person.objects.get(family_name="Dupont")
    doubt_decide(doubt=DoubtfulMatch.objects.get(), person=person, acting_user=admin)
    assert person.assignments.count() == 2
    assert Person.objects.get(pk=person.pk).birth_date == BORN
    assert AuditEvent.objects.get(action="feed.match").actor == admin.login
    assert say(aaf, record).counts == {"unchanged": 1}
    with pytest.raises(DoubtDecided):
        doubt_decide(doubt=DoubtfulMatch.objects.get(), person=None, acting_user=admin)


def test_a_doubt_decided_as_somebody_else_stays_so(rh, aaf, admin):
    say(rh, someone("R1", birth_date=None))
    say(aaf, someone("A1"))
    doubt_decide(doubt=DoubtfulMatch.objects.get(), person=None, acting_user=admin)
    assert Person.objects.filter(family_name="Dupont").count() == 2
    say(aaf, someone("A1", title="mme"))
    assert Person.objects.filter(family_name="Dupont").count() == 2
    assert not DoubtfulMatch.objects.filter(decision="pending").exists()


def test_only_a_candidate_may_be_chosen(rh, aaf, admin):
    say(rh, someone("R1", birth_date=None))
    say(aaf, someone("A1"))
    with pytest.raises(ValueError, match="no candidate"):
        doubt_decide(doubt=DoubtfulMatch.objects.get(), person=admin.person, acting_user=admin)


def test_a_doubt_falls_when_the_record_goes(rh, aaf):
    say(rh, someone("R1", birth_date=None))
    say(aaf, someone("A1"))
    say(aaf, Removal("A1"))
    assert DoubtfulMatch.objects.get().decision == "void"


def test_precedence_is_by_attribute_and_silence_says_nothing(rh, aaf):
    aaf.precedence = {"names": 1, "category": 9}
    aaf.save()
    say(rh, someone("R1", category="administrative", private_email="zoe@maison.test"))
    say(aaf, someone("A1", family="DUPONT", category="teacher", title="mme"))
    person = Person.objects.get()
    assert (person.family_name, person.category, person.title) == ("DUPONT", "administrative", "mme")
    assert person.private_email == "zoe@maison.test"
    say(rh, someone("R1", category="", private_email=""))
    person.refresh_from_db()
    assert (person.category, person.private_email) == ("teacher", "zoe@maison.test")


def test_one_posting_said_by_two_ends_with_the_last_who_says_it(rh, aaf):
    say(rh, someone("R1"))
    say(aaf, someone("A1"))
    assert Assignment.objects.count() == 1
    say(rh, Removal("R1"), confirmed=True)
    assert Assignment.objects.get().ends_on is None
    say(aaf, Removal("A1"), confirmed=True)
    assert Assignment.objects.get().ends_on == days_ago(1)


def test_a_posting_without_a_first_day_keeps_the_day_it_was_seen(rh):
    say(rh, someone(postings=(posting(starts_on=None),)))
    Assignment.objects.update(starts_on=days_ago(40))
    said = SourceRecord.objects.get()
    said.said["postings"][0]["starts_on"] = days_ago(40).isoformat()
    said.save()
    say(rh, someone(title="mme", postings=(posting(starts_on=None), posting(TWO, starts_on=None))))
    assert set(Assignment.objects.values_list("structure__uai", "starts_on", "ends_on")) == {
        (ONE, days_ago(40), None),
        (TWO, days_ago(0), None),
    }


def test_a_posting_no_longer_said_ends_or_never_was(rh):
    later = posting(TWO, starts_on=days_ago(-20))
    say(rh, someone(postings=(posting(), later)))
    report = say(rh, someone(postings=(posting(function="Directrice"),)))
    assert report.counts == {"assignments_created": 1, "assignments_ended": 2}
    assert set(Assignment.objects.values_list("function", "ends_on")) == {
        ("Professeure", days_ago(1)),
        ("Directrice", None),
    }


def test_what_somebody_entered_here_is_not_a_feeds_to_end(rh):
    say(rh, someone())
    person = Person.objects.get()
    place = Assignment.objects.get().structure
    Assignment.objects.create(person=person, structure=place, function="Tuteur", starts_on=days_ago(3))
    say(rh, someone(title="mme"))
    assert Assignment.objects.get(function="Tuteur").ends_on is None


def test_leaves_and_contracts_follow(rh):
    term = Term("K1", dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    say(rh, someone(terms=(term,), absences=(Absence("sick", dt.date(2026, 3, 1), None),)))
    longer = Term("K1", dt.date(2026, 1, 1), dt.date(2027, 12, 31))
    report = say(rh, someone(terms=(longer,), absences=(Absence("sick", dt.date(2026, 3, 1), dt.date(2026, 3, 9)),)))
    assert report.counts == {"contracts_changed": 1, "leaves_changed": 1}
    assert Person.objects.get().right_until == dt.date(2027, 12, 31)


def test_a_death_said_and_taken_back(rh):
    say(rh, someone(deceased_on=days_ago(1)))
    assert Person.objects.get().deceased_on == days_ago(1)
    assert say(rh, someone()).counts == {"deaths": 1}
    assert Person.objects.get().deceased_on is None


def test_a_new_name_gives_a_new_address_and_keeps_the_old_as_alias(rh):
    heard = []

    def hear(person, old, new, **kwargs):
        heard.append((old.address, new.address))

    primary_address_changed.connect(hear)
    say(rh, someone())
    report = say(rh, someone(family="Martin", birth_name="Dupont"), confirmed=True)
    primary_address_changed.disconnect(hear)
    assert heard == [("zoe.dupont@ac-valmont.test", "zoe.martin@ac-valmont.test")]
    assert report.counts == {"people_changed": 1, "addresses_changed": 1}
    old, new = EmailAddress.objects.filter(person__isnull=False).order_by("address")
    assert (old.is_primary, old.kept_until) == (False, timezone.localdate() + dt.timedelta(days=365))
    assert (new.address, new.is_primary) == ("zoe.martin@ac-valmont.test", True)
    say(rh, someone(), confirmed=True)
    assert Person.objects.get().addresses.get(is_primary=True).address == "zoe.dupont@ac-valmont.test"


@pytest.mark.parametrize("family", ["DUPONT", "Dupònt", "D'upont"])
def test_a_spelling_that_an_address_does_not_show_changes_none(rh, family):
    say(rh, someone())
    assert "addresses_changed" not in say(rh, someone(family=family)).counts
    assert EmailAddress.objects.filter(person__isnull=False).count() == 1


def test_somebody_who_returns_has_their_own_address_back(rh):
    say(rh, someone("1"), someone("2", birth_date=days_ago(9000)))
    say(rh, Removal("2"), confirmed=True)
    EmailAddress.objects.filter(address__startswith="zoe.dupont2").update(retired_at=timezone.now())
    say(rh, someone("3", birth_date=days_ago(8000)))
    say(rh, someone("2", birth_date=days_ago(9000), title="mme"))
    current = EmailAddress.objects.filter(person__isnull=False, retired_at__isnull=True, is_primary=True).order_by(
        "person_id"
    )
    assert [row.address.partition("@")[0] for row in current] == ["zoe.dupont", "zoe.dupont2", "zoe.dupont3"]


def test_departures_beyond_the_limit_wait_for_a_person(rh, admin):
    say(rh, *crowd(30), mode="complete")
    report = say(rh, *crowd(28), mode="complete")
    run = FeedRun.objects.get(pk=report.run_id)
    assert (report.state, run.state) == ("waiting", "waiting")
    assert run.brakes == [{"kind": "departures", "count": 2, "known": 30, "limit": 5}]
    assert not Assignment.objects.exclude(ends_on=None).exists()
    assert run.changes.filter(kind="people_ended").count() == 2
    assert run_apply(run=run, acting_user=admin).state == "waiting"
    report = run_apply(run=run, acting_user=admin, confirmed=True)
    assert (report.state, report.people["ended"]) == ("applied", 2)
    assert Assignment.objects.filter(ends_on=days_ago(1)).count() == 2
    with pytest.raises(RunRefused):
        run_apply(run=run, acting_user=admin, confirmed=True)


def test_departures_within_the_limit_do_not_wait(rh):
    say(rh, *crowd(30), mode="complete")
    assert say(rh, *crowd(29), mode="complete").state == "applied"


def test_a_file_without_anybodys_work_is_a_departure_too(rh):
    say(rh, *crowd(30))
    assert say(rh, *crowd(30, postings=())).brakes[0]["count"] == 30


def test_address_changes_beyond_the_limit_wait_for_a_person(rh):
    say(rh, *crowd(30))
    renamed = [someone(record.external_id, "Renom", record.given_name) for record in crowd(2)]
    report = say(rh, *renamed)
    assert [brake["kind"] for brake in report.brakes] == ["address_changes"]
    assert not EmailAddress.objects.filter(address__startswith="eve.renom").exists()


def test_a_waiting_run_may_be_given_up(rh, admin):
    say(rh, *crowd(30), mode="complete")
    run = FeedRun.objects.get(pk=say(rh, *crowd(3), mode="complete").run_id)
    run_abandon(run=run, acting_user=admin)
    with pytest.raises(RunRefused):
        run_apply(run=run, acting_user=admin, confirmed=True)


def test_a_newer_file_takes_the_place_of_one_that_waits(rh):
    say(rh, *crowd(30), mode="complete")
    run = FeedRun.objects.get(pk=say(rh, *crowd(3), mode="complete").run_id)
    say(rh, *crowd(31), mode="complete")
    with pytest.raises(RunRefused):
        run_apply(run=run, acting_user=None, confirmed=True)


def test_a_simulation_is_applied_as_it_was_shown(rh):
    report = say(rh, *crowd(3), dry_run=True)
    run = FeedRun.objects.get(pk=report.run_id)
    assert not Person.objects.exists()
    assert list(run.changes.filter(kind="people_created").values_list("person", flat=True)) == [None] * 3
    assert run_apply(run=run, acting_user=None).people == {"created": 3}
    assert run.changes.filter(kind="people_created", person__isnull=False).count() == 3


def test_one_record_at_fault_stops_all_unless_the_source_tolerates_some(rh):
    wrong = someone("x", postings=(posting("0990009Z"),))
    assert say(rh, *crowd(30), wrong).state == "refused"
    assert not Person.objects.exists()
    rh.faults_limit = 5
    rh.save()
    report = say(rh, *crowd(30), wrong, mode="complete")
    assert (report.state, report.faults_total, report.people["created"]) == ("applied", 1, 30)
    assert say(rh, *crowd(29), wrong, mode="complete").people.get("ended") is None


def test_a_number_may_not_be_two_peoples(rh):
    say(rh, someone("1", employee_number="N1"), someone("2", employee_number="N2", family="Blin"))
    report = say(rh, someone("2", employee_number="N1", family="Blin"))
    assert [(fault.column, fault.value) for fault in report.faults] == [("employee_number", "N1")]
    report = say(rh, someone("3", employee_number="N3"), someone("4", employee_number="N3"))
    assert [(fault.column, fault.value) for fault in report.faults] == [("employee_number", "N3")]


def test_a_persons_several_lines_are_joined_when_they_agree(rh):
    assert say(rh, someone(postings=(posting(),)), someone(postings=(posting(TWO),))).people == {"created": 1}
    assert Assignment.objects.count() == 2
    again = say(rh, someone(postings=(posting(TWO),)), someone(postings=(posting(),)))
    assert again.people == {"unchanged": 1}
    assert say(rh, someone(), someone(family="Autre")).faults[0].column == "external_id"


def test_unchanged_it_writes_no_row(rh):
    records = crowd(40)
    say(rh, *records, mode="complete")
    before = rows_written()
    assert say(rh, *records, mode="complete").state == ""
    assert {name for name, count in rows_written().items() if count != before[name]} <= {
        "directory_stagedentry",  # the scratch table
        "directory_feedsource",  # when it was heard last
    }


def rows_written():
    query = "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
    with connection.cursor() as cursor:
        cursor.execute(query)
        return dict(cursor.fetchall())


def test_whose_assignments_changed_is_told(rh):
    heard = []

    def hear(person_ids, **kwargs):
        heard.extend(person_ids)

    assignments_changed.connect(hear)
    say(rh, someone("1"), someone("2"))
    say(rh, someone("1", postings=(posting(TWO),)), someone("2", title="mme"))
    assignments_changed.disconnect(hear)
    first, second = Person.objects.order_by("pk")
    assert heard == [first.pk, second.pk, first.pk]


def test_another_academies_people_are_out_of_reach(rh):
    from ecritoire.directory.models import Organisation

    say(rh, someone("1", employee_number="N1"))
    other = Organisation.objects.create(name="Autre", mail_domain="ac-autre.test")
    source = FeedSource.objects.create(organisation=other, name="RH", slug="rh-autre", kind="csv")
    code = "0980001" + check_letter("0980001")
    say(
        source,
        StructureRecord(code, "Collège", "middle"),
        someone("1", employee_number="N1", postings=(posting(code),)),
    )
    assert set(Person.objects.values_list("organisation", "addresses__address")) == {
        (rh.organisation_id, "zoe.dupont@ac-valmont.test"),
        (other.pk, "zoe.dupont@ac-autre.test"),
    }
    assert say(source, someone("2", postings=(posting(ONE),))).faults[0].column == "uai"


def test_a_long_key_still_makes_a_number(rh):
    say(rh, someone("é" * 200), someone("x" * 28, family="Blin"))
    assert all(len(person.employee_number) <= 32 and ":" in person.employee_number for person in Person.objects.all())


def test_new_people_have_the_right_their_periods_give(rh):
    today = days_ago(0)
    both = (posting(starts_on=days_ago(400), ends_on=days_ago(30)), posting(TWO, starts_on=days_ago(20), ends_on=today))
    say(rh, someone("1", postings=both), someone("2", family="Blin", postings=both, terms=(Term("K", today),)))
    rights = Person.objects.order_by("pk").values_list("right_from", "right_until")
    assert list(rights) == [(days_ago(400), today), (today, None)]
