"""How the two systems tell the story: AAF and HR files on working days, complete sets on Mondays, some days wrong."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ecritoire.directory.feed.generator.people import Agent
from ecritoire.directory.feed.generator.writing import (
    END,
    AafFile,
    ContractFile,
    agent_attributes,
    contract_rows,
    school_attributes,
)

from .story import DAY, DAYS, Someone, Story

MONDAY, SATURDAY = 0, 5
TRUNCATED, FAULTY, BRAKED, MISSPELT = 77, 112, 133, 161
"""Days, counted from the first, on which AAF is wrong; the next day's set is complete and right. None is at a weekend."""
HR_FAULTY = 90
ENCODING = "iso-8859-15"
Said = dict[str, Agent]
"""What a system says of everybody it knows, by its own key, in the order of its file."""


@dataclass
class Feed:
    """``outcome``: what must become of it (applied, refused, waiting). ``said`` is what holds from then on."""

    source: str
    mode: str
    path: Path
    outcome: str
    said: Said


@dataclass
class Day:
    date: dt.date
    happened: list[tuple[Someone, str]] = field(default_factory=list)
    feeds: list[Feed] = field(default_factory=list)


class Telling:
    """Writes each day's files below ``folder`` and yields the day; what was not applied is told again the next day."""

    def __init__(self, story: Story, folder: Path) -> None:
        self._story, self._folder = story, folder
        self._aaf: Said = {}
        self._hr: Said = {}
        self._aaf_owes = self._hr_owes = True

    def days(self) -> Iterator[Day]:
        for rank in range(DAYS):
            day = Day(self._story.first + rank * DAY)
            day.happened = self._story.today(day.date)
            if day.date.weekday() < SATURDAY:
                day.feeds = [*self._tell_aaf(day.date, rank), *self._tell_hr(day.date, rank)]
            yield day

    def _tell_aaf(self, date: dt.date, rank: int) -> Iterator[Feed]:
        said = {one.agent.key: copy.deepcopy(one.agent) for one in self._story.people if one.in_aaf}
        folder = self._folder / f"{date:%Y%m%d}-aaf"
        if rank in {TRUNCATED, FAULTY, BRAKED}:
            self._aaf_owes = True
            yield self._wrong_aaf(folder, date, rank, said)
        elif rank == MISSPELT:
            self._aaf_owes = True
            yield self._complete_aaf(folder, date, _misspelt(said))
        elif self._aaf_owes or date.weekday() == MONDAY:
            self._aaf_owes = False
            yield self._complete_aaf(folder, date, said)
        elif said != self._aaf:
            yield self._delta_aaf(folder, date, said)

    def _complete_aaf(self, folder: Path, date: dt.date, said: Said) -> Feed:
        self._aaf = said
        self._write(folder, date, said.values())
        return Feed("aaf", "complete", folder, "applied", said)

    def _delta_aaf(self, folder: Path, date: dt.date, said: Said) -> Feed:
        folder.mkdir(parents=True)
        with AafFile(_path(folder, "Delta", date, "PersEducNat"), content="PersEducNat", encoding=ENCODING) as file:
            for key in self._aaf.keys() - said.keys():
                file.delete(key)
            for key, agent in said.items():
                if key not in self._aaf:
                    file.add(key, agent_attributes(agent))
                elif agent != self._aaf[key]:
                    file.modify(key, agent_attributes(agent))
        self._write_schools(folder, date, "Delta")
        self._aaf = said
        return Feed("aaf", "delta", folder, "applied", said)

    def _wrong_aaf(self, folder: Path, date: dt.date, rank: int, said: Said) -> Feed:
        agents = list(said.values())
        self._write(folder, date, agents[: len(agents) * 6 // 10] if rank == BRAKED else agents)
        path = _path(folder, "Complet", date, "PersEducNat")
        content = path.read_bytes()
        if rank == TRUNCATED:
            path.write_bytes(content.removesuffix(END.encode()))
        elif rank == FAULTY:
            path.write_bytes(content.replace(b"<id>1000005</id>", b"<id></id>"))
        return Feed("aaf", "complete", folder, "waiting" if rank == BRAKED else "refused", self._aaf)

    def _write(self, folder: Path, date: dt.date, agents: Iterable[Agent]) -> None:
        folder.mkdir(parents=True)
        self._write_schools(folder, date, "Complet")
        with AafFile(_path(folder, "Complet", date, "PersEducNat"), content="PersEducNat", encoding=ENCODING) as file:
            for agent in agents:
                file.add(agent.key, agent_attributes(agent))

    def _write_schools(self, folder: Path, date: dt.date, mode: str) -> None:
        with AafFile(_path(folder, mode, date, "EtabEducNat"), content="EtabEducNat", encoding=ENCODING) as file:
            for school in self._story.schools:
                file.add(school.key, school_attributes(school))

    def _tell_hr(self, date: dt.date, rank: int) -> Iterator[Feed]:
        said = {one.agent.number: copy.deepcopy(one.agent) for one in self._story.people if one.in_hr}
        path = self._folder / f"{date:%Y%m%d}-hr.csv"
        if rank == HR_FAULTY:
            self._hr_owes = True
            self._write_contracts(path, said.values())
            path.write_bytes(path.read_bytes().replace(b"CONTRACTUEL", b"CONTRACTEUL", 1))
            yield Feed("hr", "complete", path, "refused", self._hr)
        elif self._hr_owes or date.weekday() == MONDAY or self._hr.keys() - said.keys():
            self._hr_owes, self._hr = False, said
            self._write_contracts(path, said.values())
            yield Feed("hr", "complete", path, "applied", said)
        elif said != self._hr:
            self._write_contracts(path, (agent for key, agent in said.items() if agent != self._hr.get(key)))
            self._hr = said
            yield Feed("hr", "delta", path, "applied", said)

    def _write_contracts(self, path: Path, agents: Iterable[Agent]) -> None:
        with ContractFile(path, encoding=ENCODING) as file:
            for agent in agents:
                for row in contract_rows(agent):
                    file.row(row)


def _misspelt(said: Said) -> Said:
    """Three people's names are wrong for a day, as after a clumsy correction."""
    wrong = copy.deepcopy(said)
    for agent in list(wrong.values())[3:6]:
        agent.family_name = f"{agent.family_name}x"
    return wrong


def _path(folder: Path, mode: str, date: dt.date, content: str) -> Path:
    return folder / f"ENT_VALMONT_{mode}_{date:%Y%m%d}_{content}_0000.xml"
