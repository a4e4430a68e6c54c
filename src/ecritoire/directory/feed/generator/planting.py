"""Faults planted on purpose: each is a record too many, so that what is right stays as right as without it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ecritoire.directory.uai import LETTERS

from .people import Agent, School
from .writing import (
    CONTRACT_COLUMNS,
    END,
    FIRST_ATTRIBUTE,
    AafFile,
    Attributes,
    ContractFile,
    agent_attributes,
    contract_rows,
    school_attributes,
)


@dataclass(frozen=True)
class Planted:
    """Where a check must find a fault: ``attribute`` is empty where the whole line or file is at fault."""

    kind: str
    file: str
    line: int
    attribute: str


AGENT_FAULTS: dict[str, tuple[str, str]] = {
    "name": ("sn", ""),
    "given_name": ("givenName", "R2D2"),
    "birth_name": ("ENTPersonNomPatro", "n° 12"),
    "birth_date": ("ENTPersonDateNaissance", "31/02/1980"),
    "title": ("personalTitle", "Dr"),
    "function": ("ENTPersonFonctions", "1000 ENS ENSEIGNEMENT"),
    "structure": ("ENTPersonFonctions", "999999999$ENS$ENSEIGNEMENT$L0202$LETTRES MODERNES"),
}
"""An attribute with a value it cannot have."""
REQUEST_FAULTS = {
    "id": "a record without identifier",
    "duplicate": "an identifier that is there twice",
    "operation": "a request of an unknown kind",
    "category": "a pupil among the staff",
}
SCHOOL_FAULTS = {"uai": "ENTStructureUAI", "school_name": "ENTStructureNomCourant"}
FILE_FAULTS = {
    "truncated": "a file that stops in the middle",
    "doctype": "a file of another kind",
    "encoding": "a byte that is no character",
    "file_name": "a file with a name of no set",
}
CONTRACT_FAULTS: dict[str, tuple[str, str]] = {
    "csv_name": ("NOM_USAGE", ""),
    "csv_status": ("STATUT", "STAGIAIRE X"),
    "csv_email": ("COURRIEL_PERSO", "pas une adresse"),
    "csv_date": ("DEBUT_CONTRAT", "31/02/2027"),
    "csv_order": ("FIN_CONTRAT", "01/01/1990"),
    "csv_cells": ("", ""),
    "csv_identity": ("external_id", ""),
    "csv_contract": ("contract_number", ""),
}
FAULTS = (*AGENT_FAULTS, *REQUEST_FAULTS, *SCHOOL_FAULTS, *FILE_FAULTS, *CONTRACT_FAULTS)


def plant_agent(file: AafFile, agent: Agent, kind: str) -> Planted:
    """A record of ``agent`` that is wrong in the way of ``kind``."""
    line, attributes = file.line, agent_attributes(agent)
    if kind in AGENT_FAULTS:
        name, value = AGENT_FAULTS[kind]
        rank = [attribute for attribute, _values in attributes].index(name)
        file.add(agent.key, _with(attributes, name, value))
        return Planted(kind, file.path.name, line + FIRST_ATTRIBUTE + rank, name)
    if kind == "duplicate":
        file.add(agent.key, attributes)
        line = file.line
        file.add(agent.key, attributes)
    elif kind == "operation":
        file.add(agent.key, attributes, operation="upsertRequest")
    elif kind == "category":
        file.add(agent.key, attributes, category="Eleve")
    else:
        file.add("", attributes)
    attribute = {"operation": "", "category": "operationalAttributes"}.get(kind, "id")
    return Planted(kind, file.path.name, line, attribute)


def plant_school(file: AafFile, school: School, kind: str) -> Planted:
    wrong = school.uai[:7] + LETTERS[(LETTERS.index(school.uai[7]) + 1) % len(LETTERS)]
    attributes, name = school_attributes(school), SCHOOL_FAULTS[kind]
    rank = [attribute for attribute, _values in attributes].index(name)
    line = file.line + FIRST_ATTRIBUTE + rank
    file.add(school.key, _with(attributes, name, wrong if kind == "uai" else ""))
    return Planted(kind, file.path.name, line, name)


def plant_file(path: Path, agent: Agent, kind: str, encoding: str) -> Planted:
    """A whole file beside the good ones."""
    if kind == "file_name":
        path = path.with_name("export-aaf.xml")
    with AafFile(path, content="PersEducNat", encoding=encoding) as file:
        file.add(agent.key, agent_attributes(agent))
        last = file.line
    content, line = path.read_bytes(), 0
    if kind == "truncated":
        content, line = content.removesuffix(END.encode(encoding)), last
    elif kind == "doctype":
        content, line = content.replace(b"ficAlimMENESR SYSTEM", b"html SYSTEM"), 1
    elif kind == "encoding":
        line = 1 + content.count(b"\n", 0, content.index(b"<value>M"))
        content = content.replace(b"<value>M", b"<value>\xe9\x92M", 1)
    path.write_bytes(content)
    return Planted(kind, path.name, line, "")


def plant_contract(file: ContractFile, agent: Agent, kind: str) -> Planted:
    """A line, or a pair of lines of which the second is wrong."""
    column, value = CONTRACT_FAULTS[kind]
    cells, line = contract_rows(agent)[0], file.line
    columns = CONTRACT_COLUMNS
    if kind == "csv_cells":
        file.row(cells[:-1])
    elif kind in {"csv_identity", "csv_contract"}:
        file.row(cells)
        line = file.line
        place, other = ("PRENOM", "Toutautre") if kind == "csv_identity" else ("FIN_CONTRAT", "31/12/2030")
        cells[columns.index(place)] = other
        file.row(cells)
    else:
        cells[columns.index(column)] = value
        file.row(cells)
    return Planted(kind, file.path.name, line, column)


def _with(attributes: Attributes, name: str, value: str) -> Attributes:
    return [(other, ([value] if value else []) if other == name else values) for other, values in attributes]
