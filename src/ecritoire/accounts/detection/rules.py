"""The rules about one successful sign-in.

Each must pay for itself in false alarms. A sign-in counts as *located* when its network is not shared: a school, a mobile
carrier or a relay says nothing of where one person is, and a roaming telephone comes out in its home country.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .events import Finding, Kind, SignIn
from .geography import kilometres
from .profile import ROUTE, Profile
from .spray import Spray

LEARNING = dt.timedelta(days=14)
LEARNING_SUCCESSES = 5
NEIGHBOURS = frozenset({"BE", "LU", "DE", "CH", "IT", "MC", "ES", "AD"})
AIRLINER_KMH, AROUND_AIRPORTS_KM, NEAR_KM = 900, 300, 500
BOTH_WAYS, DAY_HOURS = 2, 24
BURST_FAILURES = 5
BURST_WINDOW = dt.timedelta(hours=24)


@dataclass(frozen=True)
class World:
    """What is known beyond the person: is the network shared, what failed lately for them, is a spray under way from there."""

    shared: bool = False
    failures: Sequence[SignIn] = ()
    spray: Spray | None = None
    shared_networks: frozenset[str] = frozenset()


def assess(profile: Profile, event: SignIn, world: World) -> list[Finding]:
    """What is unusual about ``event``, the most telling first; and the profile learns from what is not."""
    found = sorted(_findings(profile, event, world), key=lambda finding: list(Kind).index(finding.kind))
    if found:
        return found
    profile.learn(event, located=is_located(event, world))
    return []


def is_located(event: SignIn, world: World) -> bool:
    return bool(event.country) and not world.shared


def _findings(profile: Profile, event: SignIn, world: World) -> Iterator[Finding]:
    stranger = bool(event.network) and not world.shared and not profile.knows_network(event.network, event.at)
    if event.by_browser:
        yield from spray_findings(profile, event, world)
    if stranger and event.by_browser:
        yield from _burst(profile, event, world)
    if stranger and (event.by_browser or not profile.used_lately(event.device, event.at)):
        yield from _new_country(profile, event)
    if stranger and event.by_browser:
        yield from _new_device(profile, event)
    if is_located(event, world):
        yield from _travel(profile, event)


def spray_findings(profile: Profile, event: SignIn, world: World) -> Iterator[Finding]:
    """Inside a spray, from a network that was not theirs before it began; on a carrier's, only with a new browser too."""
    spray = world.spray
    if spray is None or profile.knows_network(event.network, spray.first_at):
        return
    if not world.shared or not profile.knows_device(event.device, event.at):
        yield Finding(Kind.SPRAY, spray.network, {"logins": str(spray.logins), "network": spray.network})


def _burst(profile: Profile, event: SignIn, world: World) -> Iterator[Finding]:
    """Failures at the pages from networks that are not theirs. Mail protocols do not count: a telephone with a revoked
    secret fails all day, and their random secrets are not to be guessed."""
    tried = [
        failure
        for failure in world.failures
        if failure.by_browser
        and event.at - BURST_WINDOW < failure.at <= event.at
        and failure.network not in world.shared_networks
        and not profile.knows_network(failure.network, failure.at)
    ]
    if len(tried) >= BURST_FAILURES:
        yield Finding(Kind.BURST, "burst", {"failures": str(len(tried))})


def _new_country(profile: Profile, event: SignIn) -> Iterator[Finding]:
    """For pages, and for a secret that slept or is new: one in daily use that appears abroad is the telephone travelling."""
    unknown = event.place and event.place != "FR" and event.place not in profile.countries
    if unknown and not (event.place in NEIGHBOURS and _is_learning(profile, event)):
        yield Finding(Kind.NEW_COUNTRY, event.place, {"country": event.country})


def _new_device(profile: Profile, event: SignIn) -> Iterator[Finding]:
    """A new browser on a network of theirs, of their school or of their carrier is a new telephone; elsewhere it is news."""
    if event.device and not profile.knows_device(event.device, event.at) and not _is_learning(profile, event):
        yield Finding(Kind.NEW_DEVICE, event.device, {"device": event.device})


def _is_learning(profile: Profile, event: SignIn) -> bool:
    if profile.successes < LEARNING_SUCCESSES:
        return True
    return event.at - dt.datetime.fromisoformat(profile.first_at) < LEARNING


def _travel(profile: Profile, event: SignIn) -> Iterator[Finding]:
    """Two places farther apart than an airliner flies in the time between them; or there and back and there in a day.

    A mail application is compared with itself: a computer left on at home proves nothing about the telephone abroad.
    """
    bearers = profile.located if event.by_browser else {event.bearer}
    seen = [(place, at) for bearer in bearers for place, at in profile.located.get(bearer, {}).items()]
    for place, at in seen:
        if _too_fast(place, at, event) and _route(place, event.place) not in profile.muted_routes:
            yield _two_countries(place, at, event)
            return
    if not event.by_browser:
        yield from _to_and_fro(profile, event)


def _too_fast(place: str, at: str, event: SignIn) -> bool:
    distance, hours = kilometres(place, event.place), _hours(at, event)
    return distance >= NEAR_KM and hours >= 0 and distance > AROUND_AIRPORTS_KM + AIRLINER_KMH * hours


def _to_and_fro(profile: Profile, event: SignIn) -> Iterator[Finding]:
    """Near countries too: the same secret here, there, here and there again within a day is in two hands."""
    route = profile.route_with(event)
    if len(route) < ROUTE or len({place for _at, place in route}) != BOTH_WAYS:
        return
    (start, _), *_, (at, place), _ = route
    if _hours(start, event) <= DAY_HOURS and _route(place, event.place) not in profile.muted_routes:
        yield _two_countries(place, at, event)


def _two_countries(place: str, at: str, event: SignIn) -> Finding:
    distance, minutes = int(kilometres(place, event.place)), int(_hours(at, event) * 60)
    facts = {"country": event.country, "other": place, "kilometres": str(distance), "minutes": str(max(minutes, 1))}
    return Finding(Kind.TRAVEL, _route(place, event.place), facts)


def _route(one: str, other: str) -> str:
    return "-".join(sorted((one, other)))


def _hours(at: str, event: SignIn) -> float:
    return (event.at - dt.datetime.fromisoformat(at)).total_seconds() / 3600
