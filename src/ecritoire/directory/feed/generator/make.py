"""A set written to a folder: AAF complete or delta, the HR file that goes with it, and the list of what is wrong in them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path

from .names import family_name
from .people import Agent, Population, School, schools
from .planting import (
    AGENT_FAULTS,
    CONTRACT_FAULTS,
    FILE_FAULTS,
    REQUEST_FAULTS,
    SCHOOL_FAULTS,
    Planted,
    plant_agent,
    plant_contract,
    plant_file,
    plant_school,
)
from .writing import AafFile, ContractFile, agent_attributes, contract_rows, school_attributes

SCOPE, CONTRACTS, PLANTED = "VALMONT", "rh-contrats.csv", "planted.json"
ARRIVING, LEAVING, RENAMED = 0.25, 0.15, 0.30
"""Of a delta: how many are new; of the others, how many leave, and how many change their name."""
STRANGERS = 900_000_000
"""Ranks of those who are in a set for what is wrong with them only."""
ONE_MORE_EVERY = 10_000
CHANGES = 1
Progress = Callable[[Iterable[int]], Iterable[int]]


@dataclass
class Made:
    """What was written."""

    folder: Path
    people: int = 0
    structures: int = 0
    planted: list[Planted] = field(default_factory=list)


def generate(
    *,
    out: Path,
    staff: int,
    structures: int = 0,
    seed: int = 1,
    faults: Collection[str] = (),
    delta: float | None = None,
    encoding: str = "iso-8859-15",
    progress: Progress = iter,
) -> Made:
    """An académie of ``staff`` people in ``structures`` schools (one for thirty, unless told), in constant memory.

    ``delta`` makes what changes, in percent of the people of the complete set of the same size and seed.
    """
    out.mkdir(parents=True, exist_ok=True)
    return _Maker(out, staff, structures or max(3, staff // 32), seed, list(faults), delta, encoding).make(progress)


class _Maker:
    def __init__(
        self, out: Path, staff: int, structures: int, seed: int, faults: list[str], delta: float | None, encoding: str
    ) -> None:
        self._schools = schools(count=structures, seed=seed)
        self._population = Population(seed=seed, structures=self._schools)
        self._staff, self._faults, self._delta, self._encoding = staff, faults, delta, encoding
        self._made = Made(out)
        self._day = "20260901" if delta is None else "20260902"
        self._strangers = STRANGERS

    def make(self, progress: Progress) -> Made:
        self._write_schools()
        with ExitStack() as files:
            people = files.enter_context(
                AafFile(self._path("PersEducNat"), content="PersEducNat", encoding=self._encoding)
            )
            contracts = files.enter_context(ContractFile(self._made.folder / CONTRACTS, encoding=self._encoding))
            waiting = self._waiting()
            step = max(1, self._staff // (len(waiting) + 1))
            for rank in progress(range(self._staff)):
                self._write(rank, people, contracts)
                if waiting and rank % step == step - 1:
                    self._plant(waiting.pop(), people, contracts)
            for kind in waiting:
                self._plant(kind, people, contracts)
            for rank in self._arrivals():
                self._arrive(self._population.agent(rank), people, contracts)
        self._plant_files()
        if self._faults:
            listed = [asdict(planted) for planted in self._made.planted]
            (self._made.folder / PLANTED).write_text(json.dumps(listed, indent=1) + "\n")
        return self._made

    def _path(self, content: str, part: int = 0) -> Path:
        mode = "Complet" if self._delta is None else "Delta"
        return self._made.folder / f"ENT_{SCOPE}_{mode}_{self._day}_{content}_{part:04d}.xml"

    def _write_schools(self) -> None:
        """All of them, in a delta too: they are few, and whoever reads it needs their keys."""
        with AafFile(self._path("EtabEducNat"), content="EtabEducNat", encoding=self._encoding) as file:
            for school in self._schools:
                file.add(school.key, school_attributes(school))
            for rank, kind in enumerate(kind for kind in self._faults if kind in SCHOOL_FAULTS):
                stranger = School(f"9{rank:08d}", self._schools[0].uai, "COLLEGE", "Collège de personne", "Valmont", 1)
                self._made.planted.append(plant_school(file, stranger, kind))
        self._made.structures = len(self._schools)

    def _write(self, rank: int, people: AafFile, contracts: ContractFile) -> None:
        if self._delta is None:
            self._arrive(self._population.agent(rank), people, contracts)
            return
        chance = self._population.chance(rank, CHANGES)
        if chance.random() >= self._delta / 100 * (1 - ARRIVING):
            return
        agent, drawn = self._population.agent(rank), chance.random()
        self._made.people += 1
        if drawn < LEAVING:
            people.delete(agent.key)
            return
        if drawn < LEAVING + RENAMED:
            agent.family_name = family_name(chance)
        else:
            agent.functions = [self._population.function(chance)]
        people.modify(agent.key, agent_attributes(agent))
        if agent.contracts:
            self._write_contracts(agent, contracts)

    def _arrivals(self) -> Iterator[int]:
        if self._delta is not None:
            yield from range(self._staff, self._staff + round(self._staff * self._delta / 100 * ARRIVING))

    def _arrive(self, agent: Agent, people: AafFile, contracts: ContractFile) -> None:
        people.add(agent.key, agent_attributes(agent))
        self._made.people += 1
        if agent.contracts or agent.leaves:
            self._write_contracts(agent, contracts)

    def _write_contracts(self, agent: Agent, contracts: ContractFile) -> None:
        for row in contract_rows(agent):
            contracts.row(row)

    def _waiting(self) -> list[str]:
        """The faults to plant among people: one of each kind, and one more for every ten thousand of them."""
        kinds = [kind for kind in self._faults if kind in AGENT_FAULTS | REQUEST_FAULTS | CONTRACT_FAULTS]
        return kinds * (1 + self._staff // ONE_MORE_EVERY)

    def _stranger(self) -> Agent:
        self._strangers += 1
        agent = self._population.agent(self._strangers)
        agent.contracts = [("C1", dt.date(self._population.year, 9, 1), dt.date(self._population.year + 1, 8, 31))]
        agent.status, agent.leaves = "CONTRACTUEL", []
        return agent

    def _plant(self, kind: str, people: AafFile, contracts: ContractFile) -> None:
        stranger = self._stranger()
        if kind in CONTRACT_FAULTS:
            self._made.planted.append(plant_contract(contracts, stranger, kind))
        else:
            self._made.planted.append(plant_agent(people, stranger, kind))

    def _plant_files(self) -> None:
        for part, kind in enumerate((kind for kind in self._faults if kind in FILE_FAULTS), 1):
            path = self._path("PersEducNat", part)
            self._made.planted.append(plant_file(path, self._stranger(), kind, self._encoding))
