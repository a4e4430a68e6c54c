"""HR files: whole or not at all, each fault by line and column."""

import contextlib
import io

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from ecritoire.accounts.models import Account
from ecritoire.common.models import AuditEvent
from ecritoire.directory.feed import staff, table
from ecritoire.directory.feed.generate import generate
from ecritoire.directory.models import Assignment, EmailAddress, FeedRun, Person
from ecritoire.directory.services import feed_apply, structures_apply

HEADER = ";".join(staff.COLUMNS)
SCHOOL = "0990001A"
GOOD = f"X1;mme;Dupont;Zoé;01/02/1980;enseignant;{SCHOOL};Professeure;01/09/2026;;zoe@maison.test"
COLUMN_OF = {
    "uai": "uai", "date": "date_naissance", "order": "date_fin", "name": "nom", "category": "categorie",
    "duplicate": "matricule", "identity": "matricule", "email": "courriel_prive",
}  # fmt: skip


@pytest.fixture
def school(db):
    from ecritoire.directory.uai import check_letter

    code = "0990001" + check_letter("0990001")
    content = f"uai;nom;type;ville\n{code};Collège Un;college;Valmont\n".encode()
    structures_apply(content=content, file_name="s.csv", dry_run=False, acting_user=None)
    return code


def apply(content, dry_run=False):
    return feed_apply(content=content, file_name="rh.csv", dry_run=dry_run, acting_user=None)


def file_of(*lines, school, encoding="utf-8"):
    return "\n".join([HEADER, *lines, ""]).replace(SCHOOL, school).encode(encoding)


def test_it_works(school):
    report = apply(file_of(GOOD, school=school))
    assert report.ok
    assert report.counts == {"people_created": 1, "assignments_created": 1}
    person = Person.objects.get(employee_number="X1")
    assert person.addresses.get().address == "zoe.dupont@ac-valmont.test"
    assert Account.objects.get().state == "provisioned"
    assert AuditEvent.objects.filter(action="feed.apply").count() == 2


def test_a_dry_run_changes_nothing(school):
    report = apply(file_of(GOOD, school=school), dry_run=True)
    assert report.sample["people_created"] == ["Zoé Dupont (X1)"]
    assert not Person.objects.exists()


def test_unchanged_it_writes_nothing(school, django_assert_max_num_queries):
    content = file_of(GOOD, school=school)
    apply(content)
    runs = FeedRun.objects.count()
    report = apply(content)
    assert report.counts == {"unchanged": 1}
    assert FeedRun.objects.count() == runs


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso-8859-15"])
def test_encodings_are_told_apart(school, encoding):
    apply(file_of(GOOD.replace("Dupont", "Lefèvre"), school=school, encoding=encoding))
    assert Person.objects.get().family_name == "Lefèvre"


def test_commas_and_iso_dates_are_fine_too(school):
    line = GOOD.replace(";", ",").replace("01/09/2026", "2026-09-01")
    content = file_of(line, school=school).decode().replace(HEADER, HEADER.replace(";", ",")).encode()
    assert apply(content).ok


@pytest.mark.parametrize(
    ("change", "column", "words"),
    [
        (("Dupont", ""), "nom", "manque"),
        (("Dupont", "Dup0nt<"), "nom", "lettres"),
        (("01/02/1980", "31/02/1980"), "date_naissance", "jj/mm/aaaa"),
        (("01/02/1980", "01/02/1802"), "date_naissance", "plausible"),
        (("01/09/2026", ""), "date_debut", "manque"),
        (("01/09/2026;", "01/09/2026;01/08/2026"), "date_fin", "précède"),
        (("enseignant", "astronaute"), "categorie", "attendues"),
        ((SCHOOL, "0990001Z"), "uai", "lettre de contrôle"),
        ((SCHOOL, "0750655E"), "uai", "importez d'abord"),
        (("zoe@maison.test", "zoe"), "courriel_prive", "adresse électronique"),
        (("X1", "X 1"), "matricule", "matricule"),
        (("Professeure", ""), "fonction", "fonction"),
    ],
)
def test_a_fault_names_its_line_and_column(school, change, column, words):
    from ecritoire.directory.uai import is_valid

    if change[1] == "0750655E" and not is_valid("0750655E"):
        change = (SCHOOL, "0990002" + __import__("ecritoire.directory.uai", fromlist=["x"]).check_letter("0990002"))
    report = apply(file_of(GOOD.replace("X1", "X0"), GOOD.replace(*change), school=school))
    assert [(fault.line, fault.column) for fault in report.faults] == [(3, column)]
    assert words in report.faults[0].message
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vide"),
        (b"PK\x03\x04rest", "classeur"),
        (b"%PDF-1.4", "PDF"),
        (b"a;b\x00c", "binaire"),
        (b"nom;prenom\nX;Y\n", "Colonne manquante"),
        (HEADER.encode() + b";age\n", "Colonne inconnue"),
        (HEADER.encode() + b'\n"X1;mme\n', "Guillemets"),
        (HEADER.encode() + b"\nX1;mme\n", "cellules au lieu de"),
        (HEADER.encode() + b"\n" + b"x" * 600 + b";;;;;;;;;;\n", "caractères"),
    ],
)
@pytest.mark.django_db
def test_a_file_that_is_no_staff_file_says_why(content, words):
    assert words in apply(content).faults[0].message


def test_changes_are_told(school):
    apply(file_of(GOOD, school=school))
    report = apply(file_of(GOOD.replace("Zoé;", "Zoe;"), school=school))
    assert report.sample["people_changed"] == ["Zoé Dupont → Zoe Dupont"]
    assert Person.objects.get().addresses.get().address == "zoe.dupont@ac-valmont.test"


def test_two_assignments_are_one_person(school):
    second = GOOD.replace("Professeure", "Directrice")
    report = apply(file_of(GOOD, second, school=school))
    assert report.counts == {"people_created": 1, "assignments_created": 2}


@pytest.mark.django_db
def test_two_thousand_rows_with_planted_faults_are_refused_by_name():
    made = generate(rows=2000, seed=7, faults=True)
    structures_apply(content=made.structures, file_name="s.csv", dry_run=False, acting_user=None)
    report = apply(made.staff)
    assert [(fault.line, fault.column) for fault in report.faults] == [(n, COLUMN_OF[kind]) for n, kind in made.planted]
    assert len(made.planted) == 20
    assert not Person.objects.exists()


@pytest.mark.django_db
def test_two_thousand_good_rows_are_applied_with_few_queries(django_assert_max_num_queries):
    made = generate(rows=2000, seed=7, faults=False, encoding="iso-8859-15")
    structures_apply(content=made.structures, file_name="s.csv", dry_run=False, acting_user=None)
    with django_assert_max_num_queries(100):  # the comparison costs the same whatever the rows; accounts 14 a thousand
        assert apply(made.staff).ok
    assert Account.objects.count() == Person.objects.count() == 2000
    assert EmailAddress.objects.values("address").distinct().count() == 2000
    assert Assignment.objects.count() == 2000


def test_the_command_fails_with_each_fault(school, tmp_path):
    path = tmp_path / "rh.csv"
    path.write_bytes(file_of(GOOD.replace("Dupont", ""), school=school))
    errors = io.StringIO()
    with pytest.raises(CommandError, match="nothing was applied"):
        call_command("feed_import", str(path), stderr=errors)
    assert f"{path}:2: nom:" in errors.getvalue()


@settings(max_examples=200)
@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(content):
    with contextlib.suppress(table.Unreadable):
        rows, _faults = table.read(content, staff.COLUMNS)
        staff.parse_all(rows)


@settings(max_examples=200)
@given(st.lists(st.text(max_size=30), min_size=11, max_size=11))
def test_no_cells_break_the_parser(cells):
    row = table.Row(2, dict(zip(staff.COLUMNS, cells, strict=True)))
    parsed, faults = staff.parse(row)
    assert (parsed is None) == bool(faults)
