"""What is usual for one person: countries, devices, networks, and where they were last."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Self

from .events import SignIn

FORGOTTEN = dt.timedelta(days=180)
LATELY = dt.timedelta(days=30)
NETWORKS_KEPT = 150
ROUTE = 4
Seen = dict[str, list[str]]


@dataclass
class Profile:
    """Each table maps a name to its first and last time (ISO 8601), so that it goes into JSON as it is.

    ``located`` says, for each mail secret and for all browsers together, when they were last in each country;
    ``routes`` their last changes of country.
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
        return cls(**data)

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
        self.successes += 1
        for table, name in (
            (self.countries, event.place),
            (self.devices, event.device),
            (self.networks, event.network),
        ):
            if name:
                table.setdefault(name, [now, now])[1] = now
        if located:
            self.locate(event)
        if len(self.networks) > NETWORKS_KEPT:
            self._forget(event.at)

    def locate(self, event: SignIn) -> None:
        now = event.at.isoformat()
        self.located.setdefault(event.bearer, {})[event.place] = now
        self.routes[event.bearer] = self.route_with(event)

    def route_with(self, event: SignIn) -> list[list[str]]:
        """The last four changes of country of who bears this secret, were ``event`` theirs."""
        route = self.routes.get(event.bearer, [])
        if route and route[-1][1] == event.place:
            return route
        return [*route, [event.at.isoformat(), event.place]][-ROUTE:]

    def _forget(self, now: dt.datetime) -> None:
        """Cafés and trains: keep the hundred networks seen last."""
        recent = sorted(self.networks.items(), key=lambda item: item[1][1], reverse=True)
        old = (now - FORGOTTEN).isoformat()
        self.networks = {name: seen for name, seen in recent[: NETWORKS_KEPT - 50] if seen[1] > old}
