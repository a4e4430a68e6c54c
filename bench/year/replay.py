"""The year through the rules, as the jobs run them, with tables in memory in place of the database's."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from ecritoire.accounts.detection import Finding, Kind, Profile, SignIn, Spray, World, assess, spray_in
from ecritoire.accounts.detection.episode import continues, subjects
from ecritoire.accounts.detection.rules import BURST_WINDOW, is_located, spray_findings
from ecritoire.accounts.detection.spray import LEAST_LOGINS, WINDOW

from .attacks import Attack, noise, planted
from .people import START, Someone, population

SHARED_BY = 3


@dataclass
class Told:
    """One alert as a person would get it."""

    account: int
    event: SignIn
    kinds: list[str]
    about: set[str]
    last_at: dt.datetime
    open: bool = True


@dataclass
class Outcome:
    people: int
    told: list[Told]
    attacks: list[Attack]
    false: list[Told] = field(default_factory=list)
    found: Counter[str] = field(default_factory=Counter)
    planted: Counter[str] = field(default_factory=Counter)
    events: int = 0

    @property
    def false_per_person(self) -> float:
        return len(self.false) / self.people


class Replay:
    def __init__(self, people: Sequence[Someone]) -> None:
        self.answers = {one.number: one.answers for one in people}
        self.profiles: dict[int, Profile] = defaultdict(Profile)
        self.uses: dict[str, set[int]] = defaultdict(set)
        self.failures: dict[int, deque[SignIn]] = defaultdict(lambda: deque(maxlen=50))
        self.by_network: dict[str, deque[SignIn]] = defaultdict(deque)
        self.sprays: dict[str, Spray] = {}
        self.told: dict[int, list[Told]] = defaultdict(list)
        self.thieves: set[int] = set()

    def see(self, event: SignIn) -> None:
        if event.by_browser:
            self._watch(event)
        if not event.success:
            self.failures[event.account].append(event)
            return
        profile = self.profiles[event.account]
        findings = assess(profile, event, self._world(event))
        if findings:
            self._tell(event, findings)
        else:
            self.uses[event.network].add(event.account)

    def _shared(self, network: str, account: int) -> bool:
        return len(self.uses.get(network, frozenset()) - {account}) >= SHARED_BY

    def _world(self, event: SignIn) -> World:
        recent = [one for one in self.failures[event.account] if event.at - BURST_WINDOW < one.at]
        shared = frozenset(one.network for one in recent if self._shared(one.network, event.account))
        spray = self.sprays.get(event.network)
        lasting = spray if spray and event.at - spray.last_at < WINDOW else None
        return World(self._shared(event.network, event.account), recent, lasting, shared)

    def _watch(self, event: SignIn) -> None:
        """What the job does every minute: recognise a spray, and look again at who got in from there."""
        seen = self.by_network[event.network]
        seen.append(event)
        while seen[0].at < event.at - WINDOW:
            seen.popleft()
        if event.success or len(seen) < LEAST_LOGINS:
            return
        spray = spray_in(list(seen))
        if spray:
            self.sprays[event.network] = spray
            for inside in [one for one in seen if one.success and one.at >= spray.first_at]:
                world = World(shared=self._shared(inside.network, inside.account), spray=spray)
                findings = list(spray_findings(self.profiles[inside.account], inside, world))
                if findings:
                    self._tell(inside, findings)

    def _tell(self, event: SignIn, findings: list[Finding]) -> None:
        about = subjects(findings, event.network)
        for told in self.told[event.account]:
            if told.open and continues(known=told.about, last_at=told.last_at, found=about, at=event.at):
                told.last_at, told.about = max(told.last_at, event.at), told.about | about
                return
        told = Told(event.account, event, [f.kind for f in findings], about, event.at)
        self.told[event.account].append(told)
        if self.answers[event.account] and id(event) not in self.thieves:
            self._mine(told, findings)

    def _mine(self, told: Told, findings: list[Finding]) -> None:
        told.open = False
        profile, event = self.profiles[told.account], told.event
        profile.learn(event, located=is_located(event, World(self._shared(event.network, event.account))))
        profile.muted_routes += [finding.subject for finding in findings if finding.kind == Kind.TRAVEL]
        self.uses[event.network].add(event.account)


def year(*, people: int, seed: int, each: int, days: int = 365) -> Outcome:
    """Simulate and judge. An attack is found when its victim is told of one of its events, or that two countries clash."""
    everyone = population(people, seed)
    attacks, replay = planted(everyone, seed, each), Replay(everyone)
    extra: dict[int, list[SignIn]] = defaultdict(list)
    for event in [
        *noise(everyone, seed, 6),
        *(event for attack in attacks for event in (*attack.events, *attack.noise)),
    ]:
        extra[(event.at - START).days].append(event)
    replay.thieves = {id(event) for attack in attacks for event in attack.events}
    events = 0
    for day in range(days):
        today = [event for one in everyone for event in one.day(day)] + extra[day]
        for event in sorted(today, key=lambda event: event.at):
            replay.see(event)
        events += len(today)
    return _judged(everyone, attacks, replay, events)


def _judged(everyone: Sequence[Someone], attacks: list[Attack], replay: Replay, events: int) -> Outcome:
    outcome = Outcome(len(everyone), [told for rows in replay.told.values() for told in rows], attacks, events=events)
    justified: set[int] = set()
    for attack in attacks:
        told = [row for row in replay.told[attack.victim] if _tells(row, attack, replay.thieves)]
        outcome.planted[attack.kind] += 1
        outcome.found[attack.kind] += bool(told)
        justified |= {id(row) for row in told}
    outcome.false = [row for row in outcome.told if id(row) not in justified]
    return outcome


def _tells(row: Told, attack: Attack, thieves: set[int]) -> bool:
    if id(row.event) in thieves:
        return True
    first, last = min(event.at for event in attack.events), max(event.at for event in attack.events)
    return Kind.TRAVEL in row.kinds and first <= row.event.at <= last + dt.timedelta(days=2)
