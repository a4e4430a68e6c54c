"""What happens: to whom, and when. Drawn from the seed; knows nothing of feeds, accounts or addresses."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from ecritoire.directory.feed.generator.names import family_name
from ecritoire.directory.feed.generator.people import Agent, Population, School, schools

DAYS = 365
DAY = dt.timedelta(days=1)
SEPTEMBER, LATER = 0.12, 0.08
"""The share of those who arrive during September, and after it; the others are there on the first day."""
Change = Callable[["Someone"], None]


@dataclass
class Someone:
    """``agent`` is what may be said of them today; the two systems say it from when ``in_aaf`` and ``in_hr`` are true."""

    rank: int
    agent: Agent
    arrives_on: dt.date
    in_aaf: bool = False
    in_hr: bool = False
    story: list[str] = field(default_factory=list)


class Story:
    """The people of a year that starts on ``first``, and their changes by day."""

    def __init__(self, *, staff: int, seed: int = 1, first: dt.date = dt.date(2026, 9, 1)) -> None:
        self.first, self.last = first, first + (DAYS - 1) * DAY
        self.schools: list[School] = schools(count=max(4, staff // 25), seed=seed)
        self._population = Population(seed=seed, structures=self.schools, year=first.year)
        self._changes: dict[dt.date, list[tuple[Someone, str, Change]]] = defaultdict(list)
        self.people = [self._someone(rank, staff) for rank in range(staff)]

    def today(self, day: dt.date) -> list[tuple[Someone, str]]:
        """Live that day: what happened to whom."""
        happened = self._changes.pop(day, [])
        for someone, title, change in happened:
            change(someone)
            someone.story.append(f"{day}: {title}")
        return [(someone, title) for someone, title, _change in happened]

    def _at(self, day: dt.date, someone: Someone, title: str, change: Change) -> None:
        if self.first <= day <= self.last:
            self._changes[day].append((someone, title, change))

    def _someone(self, rank: int, staff: int) -> Someone:
        chance, agent = self._population.chance(rank, 7), self._population.agent(rank)
        agent.contracts, agent.leaves, agent.status = [], [], _permanent(agent)
        # Nobody shares names and birth date with somebody else: whom doubts are about is not this story's matter.
        agent.birth_date = dt.date(1965, 1, 1) + (rank * 11 % 14_000) * DAY
        arrival = self.first
        if rank >= staff * (1 - LATER):
            arrival += chance.randint(31, 300) * DAY
        elif rank >= staff * (1 - LATER - SEPTEMBER):
            arrival += chance.randint(1, 30) * DAY
        someone = Someone(rank, agent, arrival)
        if chance.random() < 0.4:  # noqa: PLR2004 - more than there are: they have the adventures
            self._contract_agent(someone, chance)
        else:
            self._at(arrival, someone, "arrives", _enter_aaf)
            self._permanent_life(someone, chance)
        self._any_life(someone, chance)
        return someone

    # -- people on contracts -------------------------------------------------------------------------------------------

    def _contract_agent(self, someone: Someone, chance: random.Random) -> None:
        start, agent = someone.arrives_on, someone.agent
        agent.status = "CONTRACTUEL"
        end = start + chance.randint(40, 240) * DAY
        announced = start - chance.choice([0, 0, 3, 20, 45, 60]) * DAY
        known = max(announced, self.first)
        self._at(known, someone, f"contract until {end}", _engaged("1", start, end))
        if known < start and chance.random() < 0.2:  # noqa: PLR2004
            self._at(known + (start - known) / 2, someone, "contract cancelled", _cancelled)
            return
        self._at(start, someone, "arrives", _enter_aaf)
        fate = chance.choice(FATES)
        fate(self, someone, chance, end)

    def _leaves(self, someone: Someone, chance: random.Random, end: dt.date) -> None:
        self._at(end + chance.randint(-3, 20) * DAY, someone, "leaves the AAF", _leave_aaf)

    def _renewed_in_time(self, someone: Someone, chance: random.Random, end: dt.date) -> None:
        new = _engaged("2", end + DAY, end + chance.randint(30, 300) * DAY)
        self._at(end - chance.randint(0, 20) * DAY, someone, "renewed in time", new)

    def _renewed_after_a_gap(self, someone: Someone, chance: random.Random, end: dt.date) -> None:
        """A summer, or a little more: both sides of what counts as one period."""
        start = end + chance.choice([10, 31, 32, 33, 60]) * DAY
        new = _engaged("2", start, start + chance.randint(30, 300) * DAY)
        self._at(end - chance.randint(0, 9) * DAY, someone, f"renewed from {start}", new)

    def _renewed_late(self, someone: Someone, chance: random.Random, end: dt.date) -> None:
        """While the account ends, once it is closed, once it is purged."""
        late = chance.choice([1, 2, 5, 12, 14, 15, 16, 17, 25, 40, 44, 45, 46, 47, 60, 100])
        new = _engaged("2", end + chance.choice([1, late]) * DAY, end + (late + chance.randint(30, 200)) * DAY)
        self._at(end + late * DAY, someone, f"renewed {late} days late", new)

    def _overlapping(self, someone: Someone, chance: random.Random, end: dt.date) -> None:
        new = _engaged("2", end - 15 * DAY, end + chance.randint(20, 90) * DAY)
        self._at(end - 20 * DAY, someone, "second contract, overlapping", new)

    def _shortened(self, someone: Someone, chance: random.Random, end: dt.date) -> None:
        early = end - 20 * DAY

        def change(one: Someone) -> None:
            number, start, _end = one.agent.contracts[0]
            one.agent.contracts[0] = (number, start, max(start, early))

        self._at(early - chance.randint(0, 5) * DAY, someone, f"contract shortened to {early}", change)

    def _titularised(self, someone: Someone, chance: random.Random, end: dt.date) -> None:
        def change(one: Someone) -> None:
            one.agent.status = _permanent(one.agent)
            one.agent.contracts.append((f"{one.agent.number}-T", end + DAY, None))

        self._at(end - chance.randint(0, 10) * DAY, someone, "becomes permanent", change)

    # -- people on permanent posts -------------------------------------------------------------------------------------

    def _permanent_life(self, someone: Someone, chance: random.Random) -> None:
        drawn, day = chance.random(), self._some_day(someone, chance)
        if drawn < 0.14:  # noqa: PLR2004
            self._at(day, someone, "leaves", _leave_aaf)
            if drawn < 0.08:  # noqa: PLR2004
                self._at(
                    day + chance.choice([1, 5, 30, 31, 60, 91, 92, 120, 150]) * DAY, someone, "comes back", _enter_aaf
                )
        elif drawn < 0.18:  # noqa: PLR2004
            self._at(day, someone, "removed by mistake", _leave_aaf)
            self._at(day + DAY, someone, "mistake mended", _enter_aaf)
        elif drawn < 0.22:  # noqa: PLR2004
            self._at(day, someone, "becomes an administrative agent", _administrative)

    # -- everybody -----------------------------------------------------------------------------------------------------

    def _any_life(self, someone: Someone, chance: random.Random) -> None:
        if chance.random() < 0.15:  # noqa: PLR2004
            self._at(self._some_day(someone, chance), someone, "moves", self._moved(chance))
        if chance.random() < 0.06:  # noqa: PLR2004
            day, back = self._some_day(someone, chance), chance.random() < 0.3  # noqa: PLR2004
            old, new = someone.agent.family_name, family_name(chance)
            self._at(day, someone, f"now called {new}", _renamed(new))
            if back:
                self._at(day + 40 * DAY, someone, f"called {old} again", _renamed(old))
        if chance.random() < 0.06:  # noqa: PLR2004
            day = self._some_day(someone, chance)
            self._at(day, someone, "goes on leave", _on_leave(day, day + 60 * DAY))
        if chance.random() < 0.02:  # noqa: PLR2004
            day = self._some_day(someone, chance)
            self._at(day, someone, "dies", _dies(day - 2 * DAY))

    def _moved(self, chance: random.Random) -> Change:
        place, also = self._population.school(chance), chance.random() < 0.3  # noqa: PLR2004

        def change(one: Someone) -> None:
            kept = one.agent.functions if also else []
            wanted = [*kept, (place.key, *one.agent.functions[0][1:])]
            one.agent.functions = list(dict.fromkeys(wanted))

        return change

    def _some_day(self, someone: Someone, chance: random.Random) -> dt.date:
        left = max(3, (self.last - someone.arrives_on).days)
        return someone.arrives_on + chance.randint(2, left) * DAY


FATES = (
    *(Story._leaves, Story._leaves, Story._renewed_in_time, Story._renewed_after_a_gap),
    *(Story._renewed_late, Story._renewed_late, Story._overlapping, Story._shortened, Story._titularised),
)


def _permanent(agent: Agent) -> str:
    return "TITULAIRE ENSEIGNANT" if agent.teaches else "TITULAIRE"


def _enter_aaf(one: Someone) -> None:
    one.in_aaf = True


def _leave_aaf(one: Someone) -> None:
    one.in_aaf = False


def _engaged(number: str, start: dt.date, end: dt.date) -> Change:
    def change(one: Someone) -> None:
        one.in_hr = True
        one.agent.contracts.append((f"{one.agent.number}-{number}", start, end))

    return change


def _cancelled(one: Someone) -> None:
    one.in_hr, one.agent.contracts = False, []


def _renamed(name: str) -> Change:
    def change(one: Someone) -> None:
        one.agent.family_name = name

    return change


def _on_leave(start: dt.date, end: dt.date) -> Change:
    def change(one: Someone) -> None:
        one.in_hr = True
        one.agent.leaves.append(("CONGE PARENTAL", start, end))

    return change


def _dies(day: dt.date) -> Change:
    def change(one: Someone) -> None:
        one.in_hr, one.agent.deceased_on = True, day

    return change


def _administrative(one: Someone) -> None:
    places = [function[0] for function in one.agent.functions]
    one.agent.functions = [(place, "ADF", "PERSONNELS ADMINISTRATIFS", "A0010", "SECRETARIAT") for place in places]
    one.agent.status = _permanent(one.agent)
