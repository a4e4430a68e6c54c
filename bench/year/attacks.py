"""How accounts are taken over, and the noise of attacks that fail."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass

from ecritoire.accounts.detection import SignIn

from .people import BROWSERS, START, Place, Someone, pick

ABROAD = {
    "NG": 14,
    "CI": 12,
    "US": 14,
    "RU": 8,
    "RO": 8,
    "NL": 10,
    "GB": 6,
    "BJ": 6,
    "VN": 5,
    "BR": 5,
    "DE": 6,
    "MA": 6,
}
TOOLS = ("Python Requests", "Chrome, Linux", "Opera, Windows", "Firefox, Linux", "Firefox, Ubuntu", "Go-http-client")


@dataclass
class Attack:
    """``events`` are the thief's own; ``noise`` the failures around them."""

    kind: str
    victim: int
    events: list[SignIn]
    noise: list[SignIn]


def _at(rng: random.Random) -> dt.datetime:
    """Not in the first month: the rules are not asked to know anybody by then."""
    return START + dt.timedelta(days=rng.randrange(40, 355), hours=rng.uniform(0, 24))


def _stay(
    rng: random.Random, who: Someone, place: Place, device: str, at: dt.datetime, protocol: str = "web"
) -> list[SignIn]:
    """The thief comes back a few times over the days."""
    times = [at, *(at + dt.timedelta(hours=rng.uniform(1, 60)) for _ in range(rng.randint(0, 4)))]
    return [SignIn(t, who.number, protocol, place.address, place.country, device, True, who.login) for t in times]


def _failures(
    rng: random.Random, logins: list[str], places: list[Place], at: dt.datetime, hours: float, account: int = 0
) -> list[SignIn]:
    moments = (at - dt.timedelta(hours=rng.uniform(0, hours)) for _ in logins)
    spots = (rng.choice(places) for _ in logins)
    return [
        SignIn(t, account, "web", place.address, place.country, pick(rng, BROWSERS), False, login)
        for t, place, login in zip(moments, spots, logins, strict=True)
    ]


def phished_abroad(rng: random.Random, who: Someone, everyone: list[Someone]) -> Attack:
    """The password was given away; it is used from another country, with any browser, perhaps the person's own family."""
    place = Place(who.world.fresh(), pick(rng, ABROAD))
    return Attack("password, from abroad", who.number, _stay(rng, who, place, pick(rng, BROWSERS), _at(rng)), [])


def phished_nearby(rng: random.Random, who: Someone, everyone: list[Someone]) -> Attack:
    """Through a French gateway, with a browser that is not one of the person's."""
    device = rng.choice([name for name in (*TOOLS, *BROWSERS) if name not in who.browsers()])
    return Attack(
        "password, from France, other browser",
        who.number,
        _stay(rng, who, Place(who.world.fresh()), device, _at(rng)),
        [],
    )


def guessed(rng: random.Random, who: Someone, everyone: list[Someone]) -> Attack:
    """Many tries from several places, then the right one, from France and with a common browser."""
    at = _at(rng)
    places = [Place(who.world.fresh(), rng.choice(["FR", pick(rng, ABROAD)])) for _ in range(rng.randint(2, 8))]
    noise = _failures(rng, [who.login] * rng.randint(8, 24), places, at, rng.uniform(0.5, 12), who.number)
    return Attack(
        "guessed after a burst", who.number, _stay(rng, who, Place(who.world.fresh()), pick(rng, BROWSERS), at), noise
    )


def sprayed(rng: random.Random, who: Someone, everyone: list[Someone]) -> Attack:
    """A few common passwords on many accounts from one network; one opens in the middle of it."""
    at, place = _at(rng), Place(who.world.fresh(), rng.choice(["FR", pick(rng, ABROAD)]))
    logins = [one.login for one in rng.sample(everyone, min(len(everyone), rng.randint(60, 300)))] * rng.randint(1, 2)
    noise = _failures(rng, [login for login in logins if login != who.login], [place], at + dt.timedelta(hours=1), 2)
    inside = [SignIn(at, who.number, "web", place.address, place.country, pick(rng, BROWSERS), True, who.login)]
    return Attack("opened by a spray", who.number, inside, noise)


def stolen_secret(rng: random.Random, who: Someone, everyone: list[Someone]) -> Attack:
    """An application's secret, copied from a machine, reads the mailbox from abroad every hour for days."""
    at, place = _at(rng), Place(who.world.fresh(), pick(rng, ABROAD))
    times = [at + dt.timedelta(hours=n) for n in range(rng.randint(30, 80))]
    name = who.phone or who.desktop
    events = [SignIn(t, who.number, "imap", place.address, place.country, name, True, who.login) for t in times]
    return Attack("stolen application secret, from abroad", who.number, events, [])


def same_everything(rng: random.Random, who: Someone, everyone: list[Someone]) -> Attack:
    """The blind spot: right password at once, French gateway, the person's own browser family. Counted apart."""
    return Attack("blind spot", who.number, _stay(rng, who, Place(who.world.fresh()), who.browser, _at(rng)), [])


KINDS: tuple[Callable[[random.Random, Someone, list[Someone]], Attack], ...] = (
    phished_abroad,
    phished_nearby,
    guessed,
    sprayed,
    stolen_secret,
)


def planted(people: list[Someone], seed: int, each: int) -> list[Attack]:
    """``each`` takeovers of every kind, and as many of the blind spot, on different people."""
    rng = random.Random(f"{seed}/attacks")
    with_secret = [one for one in people if one.phone]
    thieves = [kind for kind in (*KINDS, same_everything) for _ in range(each)]
    victims = rng.sample(with_secret, len(thieves))
    return [kind(rng, victim, people) for kind, victim in zip(thieves, victims, strict=True)]


def noise(people: list[Someone], seed: int, count: int) -> list[SignIn]:
    """Sprays that open nothing, and single tries on anybody: every service on the Internet has them."""
    rng = random.Random(f"{seed}/noise")
    events: list[SignIn] = []
    for _ in range(count):
        place = Place(people[0].world.fresh(), pick(rng, ABROAD))
        logins = [one.login for one in rng.sample(people, min(len(people), rng.randint(30, 400)))]
        events += _failures(rng, logins, [place], _at(rng), 6)
    for _ in range(len(people) * 2):
        one = rng.choice(people)
        events += _failures(rng, [one.login], [Place(one.world.fresh(), pick(rng, ABROAD))], _at(rng), 1, one.number)
    return events
