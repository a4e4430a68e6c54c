"""What must have become of everybody, by the rules as people state them.

Deliberately knows nothing of the product's code: a second opinion that calls the first is none. Slow, one person at a time.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from ecritoire.directory.feed.generator.people import Agent, School

DAY = dt.timedelta(days=1)
DELAYS = {"contract": 15}
"""Days from the end of the right to the closing, by category; 30 for the others."""
RETENTIONS = {"contract": 30}
"""Days from the closing to the purge; 60 for the others."""
BRIDGE, ANNOUNCE, NOTICE, UNUSED, ALIAS = 31, 30, 7, 30, 100
STATUSES = {"TITULAIRE ENSEIGNANT": "teacher", "TITULAIRE": "administrative", "CONTRACTUEL": "contract"}
FOREVER = dt.date.max
Period = tuple[dt.date, dt.date]
"""First and last day."""


@dataclass
class Expected:
    """One person. ``postings``: (school, function) to the day first seen; ``worked``: those that are over."""

    key: str
    agent: Agent
    names: tuple[str, str] = ("", "")
    category: str = ""
    postings: dict[tuple[str, ...], dt.date] = field(default_factory=dict)
    worked: list[Period] = field(default_factory=list)
    contracts: dict[str, Period] = field(default_factory=dict)
    leaves: int = 0
    is_dead: bool = False
    right: Period | None = None
    state: str = ""
    ever_active: bool = False
    generation: int = 1
    closes_on: dt.date | None = None
    purge_on: dt.date | None = None
    address: str = ""
    aliases: dict[str, dt.date] = field(default_factory=dict)
    retired: set[str] = field(default_factory=set)
    steps: list[tuple[dt.date, str]] = field(default_factory=list)

    def has_right(self, day: dt.date) -> bool:
        return not self.is_dead and self.right is not None and self.right[0] <= day <= self.right[1]

    def may_have(self, day: dt.date) -> bool:
        """A right today or to come."""
        return not self.is_dead and self.right is not None and day <= self.right[1]


class Oracle:
    """Told what was applied each day; says what must hold at its end."""

    def __init__(self, *, schools: list[School], domain: str) -> None:
        self._uai = {school.key: school.uai for school in schools}
        self._domain = domain
        self.people: dict[str, Expected] = {}
        self._in_aaf: frozenset[str] = frozenset()
        self._in_hr: frozenset[str] = frozenset()
        self._given: dict[str, str] = {}  # every address ever given, to whom

    # -- the day -------------------------------------------------------------------------------------------------------

    def night(self, day: dt.date) -> None:
        """The jobs of the night: first of all that day."""
        for one in self.people.values():
            one.right = right_of(one, day)
            self._go_on(one, day)
            if one.state == "deactivated" and one.purge_on and one.purge_on <= day and not one.may_have(day):
                self._to(one, "purged", day)
                one.ever_active, one.closes_on = False, None
            for alias, kept_until in list(one.aliases.items()):
                if kept_until < day:
                    del one.aliases[alias]
                    one.retired.add(alias)

    def aaf(self, day: dt.date, said: Mapping[str, Agent]) -> None:
        self._in_aaf = frozenset(said)
        for key, agent in said.items():
            one = self.people.setdefault(key, Expected(key, agent))
            one.names = (agent.given_name, agent.family_name)
            if agent.number not in self._in_hr:
                one.category = "teacher" if agent.teaches else "administrative"
            self._post(one, day, agent)
            self._address(one, day)
        for key, one in self.people.items():
            if key not in said:
                self._unpost(one, day, list(one.postings))
        self._follow(day)

    def hr(self, day: dt.date, said: Mapping[str, Agent]) -> None:
        self._in_hr = frozenset(said)
        for agent in said.values():
            one = self.people.setdefault(agent.key, Expected(agent.key, agent))
            if agent.key not in self._in_aaf:
                one.names = (agent.given_name, agent.family_name)
            one.category = STATUSES[agent.status]
            one.contracts = {number: (start, end or FOREVER) for number, start, end in agent.contracts}
            one.leaves = len(agent.leaves)
            one.is_dead = agent.deceased_on is not None
            self._address(one, day)
        for one in self.people.values():
            if one.agent.number not in said:
                one.contracts = {number: period for number, period in one.contracts.items() if period[1] < day}
        self._follow(day)

    def activate(self, key: str, day: dt.date) -> None:
        """The person goes through the activation path, if there is one to go through."""
        one = self.people.get(key)
        if one is not None and one.state == "provisioned":
            one.ever_active = True
            self._to(one, "activated", day)

    # -- work ----------------------------------------------------------------------------------------------------------

    def _post(self, one: Expected, day: dt.date, agent: Agent) -> None:
        now = {(self._uai[function[0]], *function[1:]): None for function in agent.functions}
        self._unpost(one, day, [posting for posting in one.postings if posting not in now])
        for posting in now:
            one.postings.setdefault(posting, day)

    def _unpost(self, one: Expected, day: dt.date, gone: list[tuple[str, ...]]) -> None:
        """Yesterday was the last day; somebody seen since today only was never there."""
        for posting in gone:
            start = one.postings.pop(posting)
            if start < day:
                one.worked.append((start, day - DAY))

    # -- addresses -----------------------------------------------------------------------------------------------------

    def _address(self, one: Expected, day: dt.date) -> None:
        base = local_part(*one.names)
        if one.address and _base(one.address) == base:
            return
        if not one.address and not one.postings and not one.contracts:
            return
        own = [address for address, key in self._given.items() if key == one.key and _base(address) == base]
        fresh = own[0] if own else self._free(base)
        if one.address:
            one.aliases[one.address] = day + ALIAS * DAY
        one.aliases.pop(fresh, None)
        one.retired.discard(fresh)
        one.address = fresh
        self._given[fresh] = one.key

    def _free(self, base: str) -> str:
        rank = 1
        while (address := f"{base}{rank if rank > 1 else ''}@{self._domain}") in self._given:
            rank += 1
        return address

    # -- states --------------------------------------------------------------------------------------------------------

    def _follow(self, day: dt.date) -> None:
        for one in self.people.values():
            one.right = right_of(one, day)
            if one.address and not one.state:
                soon = one.right is not None and one.right[0] <= day + ANNOUNCE * DAY
                self._to(one, "provisioned" if soon else "announced", day)
            self._go_on(one, day)

    def _go_on(self, one: Expected, day: dt.date) -> None:
        while (state := self._next(one, day)) is not None:
            if state == "deactivated":
                one.purge_on = day + RETENTIONS.get(one.category, 60) * DAY
            elif state == "ending":
                ended = one.right[1] if one.right else day
                one.closes_on = max(ended + DELAYS.get(one.category, 30) * DAY, day + NOTICE * DAY)
            else:
                one.closes_on = one.purge_on = None
            if one.state == "purged":
                one.generation += 1
            self._to(one, state, day)

    def _next(self, one: Expected, day: dt.date) -> str | None:
        """The state that comes after today's, or None when it stays."""
        here, never = one.has_right(day), not one.may_have(day)
        soon = one.may_have(day) and one.right is not None and one.right[0] <= day + ANNOUNCE * DAY
        unused = one.right is None or one.right[1] < day - UNUSED * DAY
        rules = (
            ("announced provisioned activated ending", one.is_dead, "deactivated"),
            ("announced", soon, "provisioned"),
            ("announced", never, "deactivated"),
            ("ending", here, "activated"),
            ("deactivated", here, "activated" if one.ever_active else "provisioned"),
            ("purged", soon, "provisioned"),
            ("activated", never, "ending"),
            ("ending", never and one.closes_on is not None and one.closes_on < day, "deactivated"),
            ("provisioned", never and unused, "deactivated"),
        )
        return next((target for states, holds, target in rules if holds and one.state in states.split()), None)

    def _to(self, one: Expected, state: str, day: dt.date) -> None:
        one.state = state
        one.steps.append((day, state))


def right_of(one: Expected, day: dt.date) -> Period | None:
    """By contracts, or else by postings. Periods a month apart are one; of those left, today's, the next, or the last."""
    periods = sorted(one.contracts.values() or [*one.worked, *((start, FOREVER) for start in one.postings.values())])
    joined: list[Period] = []
    for start, end in periods:
        if joined and (joined[-1][1] == FOREVER or start <= joined[-1][1] + (1 + BRIDGE) * DAY):
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    current = [period for period in joined if period[1] >= day]
    return current[0] if current else joined[-1] if joined else None


def local_part(given_name: str, family_name: str) -> str:
    return f"{_plain(given_name)}.{_plain(family_name)}"


def _plain(name: str) -> str:
    text = name.lower().replace("œ", "oe").replace("æ", "ae").replace("'", "").replace("’", "")
    text = "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))
    return re.sub(r"[ -]+", "-", text)


def _base(address: str) -> str:
    return re.sub(r"[0-9]*@.*", "", address)
