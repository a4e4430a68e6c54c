"""The spreadsheet and the monthly report have the figures of the tables."""

from __future__ import annotations

import io
import subprocess

import pytest
from odf.opendocument import load
from odf.table import Table as Sheet
from odf.table import TableCell, TableRow

from ecritoire.directory.models import Organisation
from ecritoire.directory.services import organisation_ensure
from ecritoire.support.statistics.ods import ods_of
from ecritoire.support.statistics.report import report_pdf
from ecritoire.support.statistics.report_text import written
from ecritoire.support.statistics.tables import Column, Table

COLUMNS = (
    Column("type", "Type", "text"),
    Column("count", "Demandes", "count"),
    Column("share", "Part", "share"),
    Column("wait", "Médiane", "hours"),
    Column("change", "Écart", "difference"),
)
ROWS = (
    {"type": "Lien <malveillant> & cie", "count": 12_345, "share": 86.4, "wait": 30.5, "change": 12},
    {"type": "=SOMME(A1)", "count": 7, "share": None, "wait": None, "change": -3},
)
TABLE = Table("types", "Types : incidents", COLUMNS, ROWS, "Une note.")


def text_of(pdf: bytes) -> str:
    run = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(run.stdout.decode().split())


def about(pdf: bytes) -> str:
    return subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def cells(data: bytes) -> list[list[TableCell]]:
    (sheet,) = load(io.BytesIO(data)).getElementsByType(Sheet)
    return [row.getElementsByType(TableCell) for row in sheet.getElementsByType(TableRow)]


@pytest.fixture
def academie(db) -> Organisation:
    return organisation_ensure()


def test_it_works(academie) -> None:
    pdf = report_pdf(organisation=academie, title="Assistance : mars 2026", tables=[TABLE])
    text = text_of(pdf)
    assert academie.name in text
    for row in ROWS:
        for column in COLUMNS:
            assert " ".join(written(column.kind, row[column.key]).split()) in text
    assert "86,4 %" in text
    assert "12 345" in text
    assert f"Author:          {academie.name}" in about(pdf)
    assert b"/Lang (fr-FR)" in pdf


def test_the_head_is_on_each_page(academie) -> None:
    long = Table("long", "Long", COLUMNS, ROWS * 60)
    pdf = report_pdf(organisation=academie, title="Mars", tables=[long])
    pages = int(about(pdf).split("Pages:")[1].split()[0])
    assert pages > 1
    assert text_of(pdf).count("Demandes") == pages
    assert f"Page {pages}" in text_of(pdf)


def test_nothing_in_the_month(academie) -> None:
    empty = Table("empty", "Vide", COLUMNS, ())
    assert "Rien sur cette période." in text_of(report_pdf(organisation=academie, title="Mars", tables=[empty]))


def test_a_spreadsheet_has_numbers() -> None:
    head, first, second = cells(ods_of([TABLE]))
    assert [str(cell) for cell in head] == [column.label for column in COLUMNS]
    assert [cell.getAttribute("valuetype") for cell in first] == ["string", "float", "percentage", "time", "float"]
    assert float(first[1].getAttribute("value")) == 12_345
    assert float(first[2].getAttribute("value")) == 0.864
    assert first[3].getAttribute("timevalue") == "PT30H30M00S"
    assert float(second[4].getAttribute("value")) == -3
    assert second[2].getAttribute("valuetype") is None


def test_a_formula_stays_text() -> None:
    cell = cells(ods_of([TABLE]))[2][0]
    assert (cell.getAttribute("valuetype"), cell.getAttribute("formula"), str(cell)) == ("string", None, "=SOMME(A1)")
