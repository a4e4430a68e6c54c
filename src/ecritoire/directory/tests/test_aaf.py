"""AAF sets: read as a stream, each fault in its place, what is not ours left alone."""

import datetime as dt
import tracemalloc
from typing import Any

import pytest

from ecritoire.directory.feed.aaf import ANYTHING, AafSet, read_aaf
from ecritoire.directory.feed.record import Posting, Removal, StaffRecord, StructureRecord
from ecritoire.directory.feed.table import Fault, Unreadable
from ecritoire.directory.models import Structure
from ecritoire.directory.uai import check_letter

UAI = "0980001" + check_letter("0980001")
OTHER = "0980002" + check_letter("0980002")
PROLOG = '<?xml version="1.0" encoding="ISO-8859-15"?>\n<!DOCTYPE ficAlimMENESR SYSTEM "ficAlimMENESR.dtd">\n<ficAlimMENESR>\n'
SCHOOL = {"ENTStructureUAI": UAI, "ENTStructureNomCourant": "COLLEGE JEAN MOULIN-ac-VALMONT", "l": "Valmont"}
ANAIS = {
    "ENTPersonDateNaissance": "01/02/1980",
    "ENTPersonNomPatro": "Lefèvre",
    "sn": "Dupont",
    "givenName": "Anaïs",
    "personalTitle": "Mme",
    "ENTPersonStructRattach": "12",
    "ENTPersonFonctions": "12$ENS$ENSEIGNEMENT$L0202$LETTRES MODERNES",
}


def request(identifier, attributes, category="PersEducNat", operation="addRequest"):
    kind = "categorieStructure" if category == "EtabEducNat" else "categoriePersonne"
    modifying = operation == "modifyRequest"
    lines = [
        f"<{operation}>",
        f'<operationalAttributes><attr name="{kind}"><value>{category}</value></attr></operationalAttributes>',
        f"<identifier><id>{identifier}</id></identifier>",
    ]
    if operation != "deleteRequest":
        lines.append("<modifications>" if modifying else "<attributes>")
        for said, value in attributes.items():
            name, _, how = said.partition(" ")
            values = "".join(f"<value>{v}</value>" for v in ([value] if isinstance(value, str) else value))
            tag, more = ("modification", f' operation="{how or "replace"}"') if modifying else ("attr", "")
            lines.append(f'<{tag} name="{name}"{more}>{values}</{tag}>')
        lines.append("</modifications>" if modifying else "</attributes>")
    return "\n".join([*lines, f"</{operation}>"])


@pytest.fixture
def folder(tmp_path):
    """Writes files of a set: the school, unless told otherwise, and the people."""

    def write(*people, schools=None, mode="Complet", encoding="iso-8859-15", scope=UAI, prolog=PROLOG):
        structures = [request("12", SCHOOL, "EtabEducNat")] if schools is None else schools
        for content, requests in (("EtabEducNat", structures), ("PersEducNat", people)):
            text = "\n".join([prolog.rstrip(), *requests, "</ficAlimMENESR>\n"])
            path = tmp_path / f"ENT_{scope}_{mode}_20260901_{content}_0000.xml"
            path.write_bytes(text.encode(encoding))
        return tmp_path

    return write


def people(directory, **options) -> list[Any]:
    return [entry for entry in AafSet(directory, **options).entries() if isinstance(entry, StaffRecord | Removal)]


def faults(directory, **options):
    return [entry for entry in AafSet(directory, keep_on=True, **options).entries() if isinstance(entry, Fault)]


def test_it_works(folder):
    school, anais = read_aaf(folder(request("7", ANAIS)))
    assert school == StructureRecord(UAI, "COLLEGE JEAN MOULIN", "middle", "Valmont", 4, "12")
    assert anais == StaffRecord(
        external_id="7",
        family_name="Dupont",
        given_name="Anaïs",
        line=4,
        title="mme",
        birth_name="Lefèvre",
        birth_date=dt.date(1980, 2, 1),
        category="teacher",
        postings=(Posting(UAI, "Enseignement – Lettres modernes", "ENS"),),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-15"])
def test_what_is_declared_is_not_believed(folder, encoding):
    [anais] = people(folder(request("7", ANAIS | {"sn": "Cœur"}), encoding=encoding))
    assert (anais.given_name, anais.family_name) == ("Anaïs", "Cœur")


def test_a_file_in_neither_encoding_is_refused_with_its_byte(folder):
    directory = folder(request("7", ANAIS))
    path = next(directory.glob("*PersEducNat*"))
    content = path.read_bytes()
    path.write_bytes(content.replace(b"Lef\xe8vre", b"Lef\xe8v\x92re"))
    with pytest.raises(Unreadable, match=str(content.index(b"Lef\xe8vre") + 5)) as refusal:
        list(read_aaf(directory))
    assert refusal.value.fault.line == 9


def test_an_administrative_agent_and_somebody_without_function(folder):
    head = ANAIS | {"ENTPersonFonctions": f"{UAI}$DIR$DIRECTION$$"}
    waiting = ANAIS | {"ENTPersonFonctions": ""}
    first, second = people(folder(request("7", head), request("8", waiting)))
    assert (first.category, first.postings) == ("administrative", (Posting(UAI, "Direction", "DIR"),))
    assert second.postings == (Posting(UAI, "Rattachement administratif"),)


def test_pupils_and_relatives_are_left_alone(folder):
    directory = folder(request("7", ANAIS))
    for content in ("Eleve", "PersRelEleve"):
        (directory / f"ENT_{UAI}_Complet_20260901_{content}_0000.xml").write_bytes(b"\xff not even XML")
    found = AafSet(directory)
    assert len(list(found.entries())) == 2
    assert [name.split("_")[4] for name in found.files.skipped] == ["Eleve", "PersRelEleve"]


def test_a_pupil_among_the_staff_is_refused_unread(folder):
    [fault] = faults(folder(request("7", ANAIS, category="Eleve")))
    assert (fault.line, fault.column, fault.value) == (4, "operationalAttributes", "Eleve")


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("sn", ""),
        ("givenName", "R2D2"),
        ("ENTPersonDateNaissance", "31/02/1980"),
        ("ENTPersonDateNaissance", "1980-02-01"),
        ("ENTPersonDateNaissance", "01/02/1780"),
        ("personalTitle", "Dr"),
        ("ENTPersonFonctions", "12$ENS"),
        ("ENTPersonFonctions", "12 ENS ENSEIGNEMENT"),
        ("ENTPersonFonctions", "99$ENS$ENSEIGNEMENT$L0202$LETTRES"),
        ("ENTPersonNomPatro", "1234"),
    ],
)
def test_a_bad_record_is_said_and_the_others_are_read(folder, attribute, value):
    directory = folder(request("7", ANAIS | {attribute: value}), request("8", ANAIS))
    [fault] = faults(directory)
    line = 9 + list(ANAIS).index(attribute) - 1
    unknown = {"99$ENS$ENSEIGNEMENT$L0202$LETTRES": "99"}
    assert (fault.line, fault.column, fault.value) == (line, attribute, unknown.get(value, value))
    assert fault.file == f"ENT_{UAI}_Complet_20260901_PersEducNat_0000.xml"
    assert [entry.external_id for entry in read_aaf(directory) if isinstance(entry, StaffRecord)] == ["8"]


def test_a_bad_uai_a_missing_identifier_and_a_duplicate(folder):
    wrong = UAI[:7] + ("A" if UAI[7] != "A" else "B")
    schools = [request("12", SCHOOL, "EtabEducNat"), request("13", SCHOOL | {"ENTStructureUAI": wrong}, "EtabEducNat")]
    found = faults(folder(request("", ANAIS), request("8", ANAIS), request("8", ANAIS), schools=schools))
    assert [(fault.column, fault.value) for fault in found] == [("ENTStructureUAI", wrong), ("id", ""), ("id", "8")]
    assert "ligne 17" in found[2].message


def test_an_unknown_operation_is_said(folder):
    found = faults(folder("<upsertRequest><identifier><id>7</id></identifier></upsertRequest>", request("8", ANAIS)))
    assert [(fault.line, fault.value) for fault in found] == [(4, "upsertRequest")]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("</ficAlimMENESR>", "", "tronqué"),
        ("<!DOCTYPE ficAlimMENESR", "<!DOCTYPE html", "DOCTYPE"),
        ('SYSTEM "ficAlimMENESR.dtd"', '[<!ENTITY a "aaaa">]', "déclarations"),
        ("<ficAlimMENESR>", "<ficAlim>", "premier élément"),
        ("Anaïs", "Ana&xi;s", "entité"),
    ],
)
def test_an_unreadable_file_stops_the_reading(folder, before, after, said):
    directory = folder(request("7", ANAIS))
    path = next(directory.glob("*PersEducNat*"))
    path.write_text(path.read_text("iso-8859-15").replace(before, after), "iso-8859-15")
    with pytest.raises(Unreadable, match=said) as refusal:
        list(read_aaf(directory))
    assert refusal.value.fault.file == path.name


def test_names_of_files_and_mixed_sets(folder):
    directory = folder(request("7", ANAIS))
    (directory / "export.xml").write_text("")
    assert [fault.value for fault in faults(directory)] == ["export.xml"]
    folder(request("7", ANAIS), mode="Delta")
    with pytest.raises(Unreadable, match="mêle"):
        AafSet(directory)


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(Unreadable, match="Aucun fichier"):
        AafSet(tmp_path)


def test_a_delta_says_what_changed(folder):
    class Before:
        def structure(self, key):
            return StructureRecord(UAI, "Collège", "middle", external_id="12") if key == "12" else None

        def staff(self, external_id):
            return StaffRecord(
                external_id,
                "Dupont",
                "Anaïs",
                birth_date=dt.date(1980, 2, 1),
                postings=(Posting(UAI, "Direction", "DIR"),),
            )

    more = "12$ENS$ENSEIGNEMENT$L0202$LETTRES"
    directory = folder(
        request("7", {"sn": "Durand"}, operation="modifyRequest"),
        request("8", {"ENTPersonFonctions add": more}, operation="modifyRequest"),
        request("9", {"ENTPersonFonctions delete": "12$DIR$DIRECTION$$"}, operation="modifyRequest"),
        request("10", {}, operation="deleteRequest"),
        schools=[],
        mode="Delta",
    )
    renamed, added, taken, gone = people(directory, known=Before())
    assert (renamed.family_name, renamed.given_name, renamed.birth_date) == ("Durand", "Anaïs", dt.date(1980, 2, 1))
    assert [posting.function_code for posting in added.postings] == ["DIR", "ENS"]
    assert taken.postings == ()
    assert gone == Removal("10", gone.line)


def test_a_partial_change_of_somebody_unknown_is_refused(folder):
    directory = folder(request("7", {"sn": "Durand"}, operation="modifyRequest"), mode="Delta")
    assert [(fault.column, fault.value) for fault in faults(directory)] == [("modifications", "7")]
    assert not faults(directory, known=ANYTHING)


def test_two_schools_of_one_person_are_one_record(folder):
    folder(request("7", ANAIS), request("8", ANAIS))
    there = SCHOOL | {"ENTStructureUAI": OTHER}
    functions = {"ENTPersonStructRattach": "13", "ENTPersonFonctions": "13$ENS$ENSEIGNEMENT$L0202$LETTRES MODERNES"}
    schools = [request("13", there, "EtabEducNat")]
    directory = folder(request("8", ANAIS | functions), schools=schools, scope=OTHER)
    found = {record.external_id: record for record in people(directory)}
    assert list(found) == ["7", "8"]
    assert [posting.uai for posting in found["8"].postings] == [UAI, OTHER]


@pytest.mark.parametrize(
    ("said", "name", "kind"),
    [
        ("LYCEE PROFESSIONNEL", "", "vocational"),
        ("LYCEE", "", "high"),
        ("COLLEGE", "", "middle"),
        ("1ORD", "", "primary"),
        ("", "ECOLE MATERNELLE LES LILAS", "primary"),
        ("RECTORAT", "", "service"),
        ("INSPECTION", "IEN DES ECOLES", "service"),
    ],
)
def test_kinds(said, name, kind):
    from ecritoire.directory.feed.aaf.structures import kind_of

    assert kind_of(said, name) == kind == Structure.Kind(kind)


def test_memory_does_not_grow_with_the_people(folder):
    def peak(count):
        directory = folder(*(request(str(rank), ANAIS) for rank in range(count)))
        tracemalloc.start()
        read = sum(1 for _entry in read_aaf(directory))
        high = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert read == count + 1
        return high

    assert peak(4000) < 1.3 * peak(500)
