"""What is usual for one person: countries, devices, networks, and where they were last."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Self

from .events import SignIn

FORGOTTEN = dt.timedelta(days=180)
LATELY = dt.timedelta(days=30)
NETWORKS_KEPT, NETWORKS_LEFT = 60, 40
COUNTED = 50
SEEN_EVERY, LOCATED_EVERY = dt.timedelta(hours=6), dt.timedelta(minutes=15)
ROUTE = 4
Seen = dict[str, list[str]]


def _older(seen: str | None, now: dt.datetime, than: dt.timedelta) -> bool:
    return seen is None or now - dt.datetime.fromisoformat(seen) >= than


def _see(table: Seen, name: str, now: dt.datetime) -> None:
    known = table.setdefault(name, [now.isoformat(), now.isoformat()])
    if _older(known[1], now, SEEN_EVERY):
        known[1] = now.isoformat()


@dataclass
class Profile:
    """Each table maps a name to its first and last time (ISO 8601), so that it goes into JSON as it is.

    ``located`` says, for each mail secret and for all browsers together, when they were last in each country;
    ``routes`` their last changes of country. Times are brought up to date now and then only, so that a telephone that asks
    every ten minutes changes nothing.
    """

    first_at: str = ""
    successes: int = 0
    countries: Seen = field(default_factory=dict)
    devices: Seen = field(default_factory=dict)
    networks: Seen = field(default_factory=dict)
    located: dict[str, dict[str, str]] = field(default_factory=dict)
    routes: dict[str, list[list[str]]] = field(default_factory=dict)
    muted_routes: list[str] = field(default_factory=list)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Fields of another version are left aside: what they held is learnt again."""
        return cls(**{name: value for name, value in data.items() if name in cls.__dataclass_fields__})

    def knows_network(self, network: str, before: dt.datetime) -> bool:
        """Seen at a time before ``before``: a network does not become known by the very event that is judged."""
        seen = self.networks.get(network)
        return seen is not None and seen[0] < before.isoformat()

    def knows_device(self, device: str, now: dt.datetime) -> bool:
        """A friend's machine once used is not theirs for ever."""
        seen = self.devices.get(device)
        return seen is not None and now - dt.datetime.fromisoformat(seen[1]) < FORGOTTEN

    def used_lately(self, device: str, now: dt.datetime) -> bool:
        seen = self.devices.get(device)
        return seen is not None and now - dt.datetime.fromisoformat(seen[1]) < LATELY

    def learn(self, event: SignIn, *, located: bool) -> None:
        """Take ``event`` as the person's own. ``located``: its address says something about where they are."""
        now = event.at.isoformat()
        self.first_at = self.first_at or now
        self.successes = min(self.successes + 1, COUNTED)
        for table, name in (
            (self.countries, event.place),
            (self.devices, event.device),
            (self.networks, event.network),
        ):
            if name:
                _see(table, name, event.at)
        if located:
            self.locate(event)
        if len(self.networks) > NETWORKS_KEPT:
            self._forget(event.at)

    def locate(self, event: SignIn) -> None:
        places = self.located.setdefault(event.bearer, {})
        if _older(places.get(event.place), event.at, LOCATED_EVERY):
            places[event.place] = event.at.isoformat()
        self.routes[event.bearer] = self.route_with(event)

    def route_with(self, event: SignIn) -> list[list[str]]:
        """The last four changes of country of who bears this secret, were ``event`` theirs."""
        route = self.routes.get(event.bearer, [])
        if route and route[-1][1] == event.place:
            return route
        return [*route, [event.at.isoformat(), event.place]][-ROUTE:]

    def distrust(self, since: dt.datetime) -> None:
        """Unlearn what was first seen from ``since`` on: somebody else may have taught it."""
        limit = since.isoformat()
        for table in (self.countries, self.devices, self.networks):
            for name in [name for name, seen in table.items() if seen[0] >= limit]:
                del table[name]
        for places in self.located.values():
            for place in places.keys() - self.countries.keys():
                del places[place]
        self.routes.clear()

    def _forget(self, now: dt.datetime) -> None:
        """Cafés and trains: keep the networks seen last."""
        recent = sorted(self.networks.items(), key=lambda item: item[1][1], reverse=True)
        old = (now - FORGOTTEN).isoformat()
        self.networks = {name: seen for name, seen in recent[:NETWORKS_LEFT] if seen[1] > old}
