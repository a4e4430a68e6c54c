"""A CSV file as rows of text, whatever its encoding and separator."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SIZE_LIMIT = 20_000_000
CELL_LIMIT = 500
NOT_CSV = {
    b"PK\x03\x04": gettext_lazy("un classeur (xlsx, ods)"),
    b"%PDF": gettext_lazy("un PDF"),
    b"\xd0\xcf\x11\xe0": gettext_lazy("un classeur (xls)"),
}


@dataclass(frozen=True)
class Fault:
    """What is wrong, where: ``line`` counts from 1 with the header; ``column`` is a header or attribute name, or empty;
    ``file`` is said where a feed is several files."""

    line: int
    column: str
    value: str
    message: str
    file: str = ""


@dataclass(frozen=True)
class Row:
    line: int
    cells: dict[str, str]


class Unreadable(Exception):
    """The file as a whole cannot be used; ``fault`` says why."""

    def __init__(self, message: str, line: int = 1, value: str = "", file: str = "") -> None:
        super().__init__(message)
        self.fault = Fault(line, "", value, message, file)


def decode(content: bytes) -> str:
    """UTF-8 when it is valid UTF-8 (with or without a mark), ISO-8859-15 otherwise. Raises Unreadable."""
    if not content.strip():
        raise Unreadable(_("Le fichier est vide."))
    if len(content) > SIZE_LIMIT:
        raise Unreadable(_("Le fichier dépasse %(limit)s Mo : découpez-le.") % {"limit": SIZE_LIMIT // 1_000_000})
    kind = next((name for mark, name in NOT_CSV.items() if content.startswith(mark)), None)
    if kind or b"\0" in content:
        raise Unreadable(_("Ce fichier est %(kind)s : exportez-le en CSV.") % {"kind": kind or _("binaire")})
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("iso-8859-15")


def read(content: bytes, columns: Sequence[str]) -> tuple[list[Row], list[Fault]]:
    """The rows under exactly ``columns`` (in any order), and the lines that do not fit. Raises Unreadable."""
    text = decode(content)
    header = text.lstrip("\r\n").partition("\n")[0]
    separator = ";" if header.count(";") >= header.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        names = [name.strip().lower() for name in next(reader)]
        _check_header(names, columns)
        return _rows(reader, names)
    except csv.Error as error:
        raise Unreadable(
            _("Guillemets ou séparateurs incorrects (%(error)s).") % {"error": error}, reader.line_num
        ) from error


def _check_header(names: list[str], columns: Sequence[str]) -> None:
    missing = [column for column in columns if column not in names]
    if missing:
        raise Unreadable(
            _("Colonne manquante : %(names)s. Attendues : %(expected)s.")
            % {"names": ", ".join(missing), "expected": ";".join(columns)},
            1,
            ";".join(names)[:200],
        )
    unknown = [name or _("(sans nom)") for name in names if name not in columns]
    if unknown:
        raise Unreadable(
            _("Colonne inconnue : %(names)s. Attendues : %(expected)s.")
            % {"names": ", ".join(unknown), "expected": ";".join(columns)},
            1,
            ";".join(names)[:200],
        )
    if len(set(names)) < len(names):
        raise Unreadable(_("Une colonne figure deux fois dans l'en-tête."), 1, ";".join(names)[:200])


def _rows(reader: object, names: list[str]) -> tuple[list[Row], list[Fault]]:
    rows, faults = [], []
    for cells in reader:  # type: ignore[attr-defined]
        line = reader.line_num  # type: ignore[attr-defined]
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(names):
            faults.append(
                Fault(
                    line,
                    "",
                    "",
                    _("%(found)s cellules au lieu de %(expected)s.") % {"found": len(cells), "expected": len(names)},
                )
            )
            continue
        long = next((name for name, cell in zip(names, cells, strict=True) if len(cell) > CELL_LIMIT), None)
        if long:
            faults.append(Fault(line, long, "", _("Plus de %(limit)s caractères.") % {"limit": CELL_LIMIT}))
            continue
        rows.append(Row(line, {name: cell.strip() for name, cell in zip(names, cells, strict=True)}))
    return rows, faults
