"""CSV files read by a mapping: any columns, any length, one record a person."""

import datetime as dt
import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecritoire.directory.feed.mapping import Mapping, MappingInvalid, read_mapped, ready_mapping, ready_mappings
from ecritoire.directory.feed.record import Absence, Posting, Removal, StaffRecord, Term
from ecritoire.directory.feed.staff import CATEGORIES, COLUMNS
from ecritoire.directory.feed.table import Fault, Unreadable
from ecritoire.directory.models import Leave, Person
from ecritoire.directory.uai import check_letter

UAI = "0980001" + check_letter("0980001")
CONTRACTS = ready_mapping("renoirh-contrats")
HEADER = ";".join(CONTRACTS["columns"][name] for name in CONTRACTS["columns"] if name != "employee_number")
ZOE = "Z1;Mme;Dupont;Lefèvre;Zoé;01/02/1980;CONTRACTUEL;zoe@maison.test;;C1;01/09/2026;31/12/2999;ACTIVITE;;"


def read(*lines, mapping=CONTRACTS, header=HEADER, encoding="utf-8"):
    return list(read_mapped(io.BytesIO("\r\n".join([header, *lines, ""]).encode(encoding)), mapping))


def test_it_works():
    [zoe] = read(ZOE)
    assert zoe == StaffRecord(
        external_id="Z1",
        family_name="Dupont",
        given_name="Zoé",
        line=2,
        employee_number="Z1",
        title="mme",
        birth_name="Lefèvre",
        birth_date=dt.date(1980, 2, 1),
        category="contract",
        private_email="zoe@maison.test",
        terms=(Term("C1", dt.date(2026, 9, 1)),),
    )


def test_the_present_file_has_a_mapping_too():
    mapping = ready_mapping("personnels")
    assert {CATEGORIES[name] for name in CATEGORIES} == set(mapping["values"]["category"].values())
    line = f"X1;mme;Dupont;Zoé;1980-02-01;enseignant;{UAI};Professeure;01/09/2026;;zoe@maison.test"
    [zoe] = read(line, mapping=mapping, header=";".join(COLUMNS))
    assert zoe.postings == (Posting(UAI, "Professeure", "", dt.date(2026, 9, 1)),)


@pytest.mark.parametrize("name", ready_mappings())
def test_ready_mappings_lead_to_values_the_directory_has(name):
    mapping = Mapping.parse(ready_mapping(name))
    assert set(mapping.values.get("category", {}).values()) <= set(Person.Category)
    assert set(mapping.values.get("leave_kind", {}).values()) <= {"", *Leave.Kind}


def test_the_lines_of_a_person_are_gathered_wherever_they_stand():
    second = ZOE.replace("C1;01/09/2026;31/12/2999;ACTIVITE;;", "C2;01/09/2027;31/08/2028;CONGE PARENTAL;01/10/2027;")
    other = ZOE.replace("Z1", "Y1").replace("Zoé", "Yves").replace("Mme", "M.")
    zoe, yves = read(ZOE, other, second)
    assert [term.number for term in zoe.terms] == ["C1", "C2"]
    assert zoe.absences == (Absence("parental", dt.date(2027, 10, 1)),)
    assert yves.external_id == "Y1"


def test_somebody_with_a_line_at_fault_is_left_out():
    *faults, yves = read(ZOE, ZOE.replace("C1;01/09/2026", "C2;99/99/2026"), ZOE.replace("Z1", "Y1"))
    assert [(fault.line, fault.column, fault.value) for fault in faults] == [(3, "DEBUT_CONTRAT", "99/99/2026")]
    assert yves.external_id == "Y1"


@pytest.mark.parametrize(
    ("before", "after", "column"),
    [
        ("Z1", "", "MATRICULE"),
        ("Zoé", "", "PRENOM"),
        ("Dupont", "D3", "NOM_USAGE"),
        ("Mme", "Dr", "CIVILITE"),
        ("01/02/1980", "1980-02-01", "DATE_NAISSANCE"),
        ("CONTRACTUEL", "STAGIAIRE", "STATUT"),
        ("zoe@maison.test", "zoe", "COURRIEL_PERSO"),
        ("01/09/2026;31/12/2999", "01/09/2026;01/08/2026", "FIN_CONTRAT"),
        ("01/09/2026;31/12/2999", ";", "DEBUT_CONTRAT"),
        ("ACTIVITE", "SOMMEIL", "POSITION"),
        (";;C1", ";C1", ""),
    ],
)
def test_faults_name_line_and_column(before, after, column):
    [fault] = read(ZOE.replace(before, after))
    assert (fault.line, fault.column) == (2, column)


def test_lines_that_disagree_on_who_it_is():
    [fault] = read(ZOE, ZOE.replace("Zoé", "Chloé"))
    assert (fault.line, fault.value) == (3, "Z1")
    assert "ligne 2" in fault.message


def test_one_contract_with_two_ends():
    [fault] = read(ZOE, ZOE.replace("31/12/2999", "31/08/2027"))
    assert (fault.line, fault.column, fault.value) == (3, "contract_number", "C1")


def test_a_removal():
    mapping = CONTRACTS | {
        "columns": CONTRACTS["columns"] | {"operation": "ACTION"},
        "values": CONTRACTS["values"] | {"operation": {"M": "keep", "S": "remove"}},
    }
    assert read(ZOE + ";S", mapping=mapping, header=HEADER + ";ACTION") == [Removal("Z1")]


def test_fixed_values_and_functions_with_a_code():
    mapping = {
        "columns": {"external_id": "n", "family_name": "nom", "given_name": "p", "uai": "etab", "function": "f"},
        "fixed": {"category": "teacher"},
        "values": {"function": {"Professeur": "ENS"}},
        "separator": "\t",
    }
    lines = [f"1\tDupont\tZoé\t{UAI}\tprofesseur", f"2\tDurand\tAnne\t{UAI}\tConcierge"]
    zoe, anne = read(*lines, mapping=mapping, header="N\tNom\tP\tEtab\tF")
    assert (zoe.category, zoe.postings[0].function_code) == ("teacher", "ENS")
    assert anne.postings[0].function_code == ""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso-8859-15"])
def test_encodings_are_told_apart(encoding):
    [zoe] = read(ZOE.replace("Dupont", "Cœur"), encoding=encoding)
    assert zoe.family_name == "Cœur"


def test_windows_quotes_are_read_only_where_the_mapping_says_so():
    line = ZOE.replace("Dupont", "L’Hôte")
    with pytest.raises(Unreadable, match="ni en UTF-8"):
        read(line, encoding="windows-1252")
    [zoe] = read(line, encoding="windows-1252", mapping=CONTRACTS | {"encoding": "windows-1252"})
    assert zoe.family_name == "L’Hôte"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "vide"),
        (b"PK\x03\x04rest", "xlsx"),
        (b"MATRICULE;NOM_USAGE\n", "Colonne manquante"),
        (HEADER.encode() + b";MATRICULE\n", "deux fois"),
        (HEADER.encode() + b'\n"Z1"x;\n', "Guillemets"),
    ],
)
def test_what_is_no_such_file_is_refused(content, said):
    with pytest.raises(Unreadable, match=said):
        list(read_mapped(io.BytesIO(content), CONTRACTS))


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"columns": {}}, "columns.external_id"),
        ({"colonnes": {}}, "colonnes"),
        ({"columns": CONTRACTS["columns"] | {"pointure": "P"}}, "columns.pointure"),
        ({"columns": {**CONTRACTS["columns"], "function": "F"}}, "columns.function"),
        ({"columns": CONTRACTS["columns"] | {"title": ""}}, "columns.title"),
        ({"fixed": {"category": "teacher"}}, "fixed.category"),
        ({"values": {"category": {"X": "boss"}}}, "values.category.X"),
        ({"values": {"uai": {}}}, "values.uai"),
        ({"values": []}, "values"),
        ({"dates": "%d"}, "dates"),
        ({"dates": ["jj/mm/aaaa"]}, "dates.0"),
        ({"separator": "::"}, "separator"),
        ({"encoding": "klingon"}, "encoding"),
    ],
)
def test_a_wrong_mapping_says_where(change, place):
    with pytest.raises(MappingInvalid) as refusal:
        Mapping.parse(CONTRACTS | change)
    assert place in [where for where, _message in refusal.value.faults]
    with pytest.raises(Unreadable, match="correspondance"):
        read(ZOE, mapping=CONTRACTS | change)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 3)), unique=True, max_size=20), st.integers())
def test_the_order_of_lines_changes_nothing_but_the_order(pairs, seed):
    def lines(order):
        return [ZOE.replace("Z1", f"P{who}").replace("C1", f"N{number}") for who, number in order]

    mixed = list(pairs)
    random.Random(seed).shuffle(mixed)
    first, second = read(*lines(pairs)), read(*lines(mixed))
    assert not any(isinstance(entry, Fault) for entry in first)
    assert {e.external_id: frozenset(e.terms) for e in first} == {e.external_id: frozenset(e.terms) for e in second}
    assert [e.external_id for e in second] == list(dict.fromkeys(f"P{who}" for who, _number in mixed))
