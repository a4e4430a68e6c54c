"""How people sign in: school, home, telephone, holidays, new machines, relays, mistypes."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from ecritoire.accounts.detection import SignIn

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
SCHOOL_SIZE = 20
HOLIDAY_WEEKS = {8, 9, 16, 17, *range(28, 36), 43, 44, 52, 53}
BROWSERS = {
    "Chrome, Windows": 40,
    "Firefox, Windows": 16,
    "Edge, Windows": 14,
    "Safari, Mac": 12,
    "Chrome, Mac": 7,
    "Firefox, Linux": 4,
    "Firefox, Mac": 3,
    "Opera, Windows": 2,
}
PHONES = {"Chrome, Android": 50, "Safari, iPhone": 38, "Samsung Internet, Android": 8, "Firefox, Android": 4}
TRIPS = {"ES": 22, "IT": 15, "PT": 9, "GB": 9, "BE": 7, "DE": 6, "GR": 6, "MA": 6, "CH": 4, "HR": 3, "TN": 3, "US": 3, "NL": 3, "CA": 1, "TH": 1, "SN": 1, "JP": 1}  # fmt: skip
ROAMING = {"ES", "IT", "PT", "BE", "DE", "GR", "HR", "NL"}
EXITS = ("NL", "CH", "GB", "US", "DE", "FR")


def pick(rng: random.Random, table: dict[str, int]) -> str:
    return rng.choices(list(table), weights=list(table.values()))[0]


@dataclass(frozen=True)
class Place:
    address: str
    country: str = "FR"


@dataclass
class Trip:
    first: int
    last: int
    place: Place
    abroad: bool
    host_machine: str = ""


@dataclass
class World:
    """The networks everybody shares."""

    rng: random.Random
    people: int
    count: int = 0
    carriers: list[list[str]] = field(default_factory=list)
    relays: list[str] = field(default_factory=list)
    exits: list[Place] = field(default_factory=list)
    schools: list[Place] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.carriers = [[self.fresh() for _ in range(self.people // 20)] for _ in range(4)]
        self.relays = [self.fresh() for _ in range(self.people // 25)]
        self.exits = [Place(self.fresh(), self.rng.choice(EXITS)) for _ in range(self.people // 33)]

    def fresh(self) -> str:
        """An address in a /24 that nobody has yet."""
        self.count += 1
        high, low = divmod(self.count, 250)
        return f"{20 + high // 250}.{high % 250}.{low}.{self.rng.randint(1, 254)}"

    def carrier(self, number: int) -> Place:
        return Place(self.rng.choice(self.carriers[number])[: -len("x")] + str(self.rng.randint(1, 9)))


class Someone:
    """One person and their habits; ``day`` tells their sign-ins of a day."""

    def __init__(self, number: int, world: World, seed: int) -> None:
        self.rng = rng = random.Random(f"{seed}/{number}")
        self.number, self.login, self.world = number, f"p{number}@valmont.test", world
        self.school = world.schools[number // SCHOOL_SIZE]
        self.home = Place(world.fresh(), rng.choice(["BE", "LU", "CH", "DE"]) if rng.random() < 0.015 else "FR")
        self.browser, self.phone_browser = pick(rng, BROWSERS), pick(rng, PHONES)
        self.school_browser = rng.choice(["Firefox, Windows", "Chrome, Windows"])
        self.phone = "Téléphone" if rng.random() < 0.75 else ""
        self.desktop = "Thunderbird" if rng.random() < 0.15 else ""
        self.stays_on = rng.random() < 0.2
        self.carrier = rng.randrange(4)
        self.vpn, self.relay = rng.random() < 0.05, rng.random() < 0.10
        self.browses_abroad = rng.random() < 0.35
        self.dynamic = rng.random() < 0.2
        self.answers = rng.random() < 0.4
        self.trips = list(self._trips())
        self.renewals = self._renewals()

    def _trips(self) -> Iterator[Trip]:
        rng = self.rng
        days = [day for day in range(365) if (START + dt.timedelta(day)).isocalendar().week in HOLIDAY_WEEKS]
        for _ in range(rng.choices([0, 1, 2], weights=[60, 30, 10])[0]):
            first = rng.choice(days)
            yield Trip(first, first + rng.randint(3, 14), Place(self.world.fresh(), pick(rng, TRIPS)), True)
        for _ in range(rng.choices([0, 1, 2, 3, 4], weights=[30, 25, 20, 15, 10])[0]):
            first = rng.randrange(360)
            host = pick(rng, BROWSERS) if rng.random() < 0.1 else ""
            yield Trip(first, first + rng.randint(1, 5), Place(self.world.fresh()), False, host)

    def _renewals(self) -> dict[int, tuple[str, str]]:
        rng, found = self.rng, {}
        for share, what in ((0.30, "phone"), (0.15, "computer"), (0.12, "browser"), (0.06, "move"), (0.10, "revoked")):
            if rng.random() < share:
                found[rng.randrange(20, 365)] = (what, pick(rng, PHONES if what == "phone" else BROWSERS))
        return found

    def day(self, day: int) -> list[SignIn]:
        self._renew(day)
        date = START + dt.timedelta(days=day)
        trip = next((trip for trip in self.trips if trip.first <= day <= trip.last), None)
        works = date.weekday() < 5 and date.isocalendar().week not in HOLIDAY_WEEKS
        events = self._away(date, trip) if trip else self._usual(date, works)
        if self.desktop and (trip is None or self.stays_on):
            events += [self._mail(date, hour, self.desktop, self.home) for hour in (8, 13, 20)]
        return events

    def _renew(self, day: int) -> None:
        what, browser = self.renewals.get(day, ("", ""))
        if what == "phone":
            self.phone_browser = browser if self.rng.random() < 0.3 else self.phone_browser
            self.phone = self.phone and "Téléphone 2"
        elif what in {"computer", "browser"}:
            self.browser = browser
        elif what == "move" or (self.dynamic and day % 60 == self.number % 60):
            self.home = Place(self.world.fresh(), self.home.country)

    def browsers(self) -> set[str]:
        """All they use in the year."""
        return {
            self.browser,
            self.school_browser,
            self.phone_browser,
            *(name for _what, name in self.renewals.values()),
        }

    def _usual(self, date: dt.datetime, works: bool) -> list[SignIn]:
        rng, events = self.rng, []
        if works and rng.random() < 0.7:
            events += self._web(date, rng.uniform(7, 16), self.school_browser, self.school)
        if rng.random() < (0.6 if works else 0.25):
            events += self._web(date, rng.uniform(17, 22), self.browser, self._from_home())
        if rng.random() < 0.15:
            events += self._web(date, rng.uniform(7, 22), self.phone_browser, self.world.carrier(self.carrier))
        if self.phone:
            by_day = self.school if works else self.world.carrier(self.carrier)
            events += [self._mail(date, 6.5, self.phone, self.home), self._mail(date, 10, self.phone, by_day)]
            events += [self._mail(date, 16.8, self.phone, self.world.carrier(self.carrier))]
            events += [self._mail(date, 18 + rng.random(), self.phone, self.home)]
        if self.renewals.get((date - START).days, ("",))[0] == "revoked":
            events += [self._mail(date, 7 + n / 2, "", self.home, success=False) for n in range(30)]
        return events

    def _from_home(self) -> Place:
        if self.vpn and self.rng.random() < 0.3:
            return self.rng.choice(self.world.exits)
        if self.relay and self.rng.random() < 0.7:
            return Place(self.rng.choice(self.world.relays))
        return self.home

    def _away(self, date: dt.datetime, trip: Trip) -> list[SignIn]:
        rng, events = self.rng, []
        if not trip.abroad and rng.random() < 0.35:
            events += self._web(date, rng.uniform(9, 22), trip.host_machine or self.browser, trip.place)
        if trip.abroad and self.browses_abroad and rng.random() < 0.25:
            own = rng.choice([self.browser, self.phone_browser])
            events += self._web(date, rng.uniform(9, 22), own, trip.place)
        if self.phone:
            roams = not trip.abroad or trip.place.country in ROAMING
            outside = self.world.carrier(self.carrier) if roams else trip.place
            events += [self._mail(date, hour, self.phone, outside) for hour in (10.1, 15)]
            events += [self._mail(date, hour, self.phone, trip.place) for hour in (8, 21)]
        day = (date - START).days
        arrived = [e for e in events if day > trip.first or e.at.hour >= 14]
        return [e for e in arrived if day < trip.last or e.at.hour < 10]

    def _web(self, date: dt.datetime, hour: float, device: str, place: Place) -> list[SignIn]:
        """Six in a hundred mistype once; one in a hundred has forgotten, tries on and resets."""
        at = date + dt.timedelta(hours=hour)
        luck = self.rng.random()
        failures = self.rng.randint(4, 9) if luck < 0.01 else 1 if luck < 0.07 else 0
        tries = [
            self._sign_in(at - dt.timedelta(minutes=n), "web", device, place, False) for n in range(failures, 0, -1)
        ]
        return [*tries, self._sign_in(at, "web", device, place, True)]

    def _mail(self, date: dt.datetime, hour: float, name: str, place: Place, success: bool = True) -> SignIn:
        at = date + dt.timedelta(hours=hour, minutes=self.rng.uniform(0, 20))
        return self._sign_in(at, "imap", name, place, success)

    def _sign_in(self, at: dt.datetime, protocol: str, device: str, place: Place, success: bool) -> SignIn:
        return SignIn(at, self.number, protocol, place.address, place.country, device, success, self.login)


def population(count: int, seed: int) -> list[Someone]:
    world = World(random.Random(f"{seed}/world"), count)
    world.schools = [Place(world.fresh()) for _ in range(count // SCHOOL_SIZE + 1)]
    return [Someone(number, world, seed) for number in range(1, count + 1)]
