"""AAF and HR files, written line by line: whoever writes knows the line of everything."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TextIO
from xml.sax.saxutils import escape

from .people import Agent, School

PROLOG = '<?xml version="1.0" encoding="ISO-8859-15"?>\n<!DOCTYPE ficAlimMENESR SYSTEM "ficAlimMENESR.dtd">\n<ficAlimMENESR>\n'
END = "</ficAlimMENESR>\n"
CONTRACT_COLUMNS = (
    *("MATRICULE", "CIVILITE", "NOM_USAGE", "NOM_FAMILLE", "PRENOM", "DATE_NAISSANCE", "STATUT", "COURRIEL_PERSO"),
    *("DATE_DECES", "NUM_CONTRAT", "DEBUT_CONTRAT", "FIN_CONTRAT", "POSITION", "DEBUT_POSITION", "FIN_POSITION"),
)
Attributes = list[tuple[str, list[str]]]


def school_attributes(school: School) -> Attributes:
    return [
        ("ENTStructureJointure", [school.key]),
        ("ENTStructureUAI", [school.uai]),
        ("ENTStructureNomCourant", [f"{school.name}-ac-VALMONT"]),
        ("ENTStructureTypeStruct", [school.kind]),
        ("l", [school.city]),
    ]


def agent_attributes(agent: Agent) -> Attributes:
    return [
        ("ENTPersonJointure", [agent.key]),
        ("ENTPersonDateNaissance", [french(agent.birth_date)]),
        ("ENTPersonNomPatro", [agent.birth_name]),
        ("sn", [agent.family_name]),
        ("givenName", [agent.given_name]),
        ("ENTPersonAutresPrenoms", []),
        ("personalTitle", [agent.title]),
        ("mail", []),
        ("ENTPersonStructRattach", [agent.functions[0][0]] if agent.functions else []),
        ("ENTPersonFonctions", ["$".join(function) for function in agent.functions]),
        ("PersEducNatPresenceDevantEleves", ["O" if agent.teaches else "N"]),
    ]


def french(date: dt.date | None) -> str:
    return f"{date.day:02d}/{date.month:02d}/{date.year:04d}" if date else ""


class AafFile:
    """One file of a set; ``line`` is the one the next request starts on."""

    def __init__(self, path: Path, *, content: str, encoding: str) -> None:
        self.path = path
        self._content = content
        self._kind = "categorieStructure" if content == "EtabEducNat" else "categoriePersonne"
        self._file: TextIO = path.open("w", encoding=encoding, newline="\n")
        self._file.write(PROLOG)
        self.line = 1 + PROLOG.count("\n")

    def __enter__(self) -> AafFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.write(END)
        self._file.close()

    def add(self, key: str, attributes: Attributes, *, category: str = "", operation: str = "addRequest") -> None:
        self._write(operation, key, category, "attributes", [_attr(name, values) for name, values in attributes])

    def modify(self, key: str, attributes: Attributes) -> None:
        changes = [_attr(name, values, "modification", ' operation="replace"') for name, values in attributes]
        self._write("modifyRequest", key, "", "modifications", changes)

    def delete(self, key: str) -> None:
        self._write("deleteRequest", key, "", "", [])

    def _write(self, operation: str, key: str, category: str, part: str, lines: list[str]) -> None:
        said = category or self._content
        head = [
            f"<{operation}>",
            f'<operationalAttributes><attr name="{self._kind}"><value>{said}</value></attr></operationalAttributes>',
            f"<identifier><id>{escape(key)}</id></identifier>",
        ]
        body = [f"<{part}>", *lines, f"</{part}>"] if part else []
        self._file.write("\n".join([*head, *body, f"</{operation}>", ""]))
        self.line += len(head) + len(body) + 1


FIRST_ATTRIBUTE = 4
"""How many lines after its own a request's first attribute stands."""


def _attr(name: str, values: list[str], tag: str = "attr", more: str = "") -> str:
    inside = "".join(f"<value>{escape(value)}</value>" for value in values) or "<value/>"
    return f'<{tag} name="{name}"{more}>{inside}</{tag}>'


def contract_rows(agent: Agent) -> list[list[str]]:
    """HR's lines on somebody: one a contract or a leave, one all the same for whoever has neither."""
    who = [agent.number, agent.title, agent.family_name, agent.birth_name, agent.given_name, french(agent.birth_date)]
    who += [agent.status, agent.private_email, french(agent.deceased_on)]
    rows = [
        [*who, number, french(start), french(end) or "31/12/2999", "ACTIVITE", "", ""]
        for number, start, end in agent.contracts
    ]
    rows += [[*who, "", "", "", kind, french(start), french(end)] for kind, start, end in agent.leaves]
    return rows or [[*who, "", "", "", "ACTIVITE", "", ""]]


class ContractFile:
    """HR's CSV; ``line`` is the one the next row stands on."""

    def __init__(self, path: Path, *, encoding: str) -> None:
        self.path = path
        self._file = path.open("w", encoding=encoding, newline="")
        self._writer = csv.writer(self._file, delimiter=";")
        self._writer.writerow(CONTRACT_COLUMNS)
        self.line = 2

    def __enter__(self) -> ContractFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def row(self, cells: Sequence[str]) -> None:
        self._writer.writerow(cells)
        self.line += 1
