"""How far apart two countries are at the least.

Only countries are known, so the distance is that between their two nearest principal towns, as the time zone database
lists them (public domain, on every Debian). It is a lower bound that errs towards silence.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

TOWNS = Path("/usr/share/zoneinfo/zone.tab")
EARTH_KM = 6371.0
COORDINATES = re.compile(r"([+-])(\d\d)(\d\d)(\d\d)?([+-])(\d\d\d)(\d\d)(\d\d)?")  # ISO 6709

Point = tuple[float, float]


@cache
def towns() -> dict[str, list[Point]]:
    """ISO code -> latitude and longitude of its principal towns, in radians."""
    known: dict[str, list[Point]] = defaultdict(list)
    for line in TOWNS.read_text().splitlines():
        if not line.startswith("#"):
            code, coordinates = line.split("\t")[:2]
            found = COORDINATES.fullmatch(coordinates)
            if found:
                known[code].append((_radians(*found.groups()[:4]), _radians(*found.groups()[4:])))
    return dict(known)


def _radians(sign: str, degrees: str, minutes: str, seconds: str | None) -> float:
    value = int(degrees) + int(minutes) / 60 + int(seconds or 0) / 3600
    return math.radians(-value if sign == "-" else value)


@cache
def kilometres(one: str, other: str) -> float:
    """The least distance between two countries; 0 when either is unknown."""
    pairs = [(a, b) for a in towns().get(one, []) for b in towns().get(other, [])]
    return min((_arc(a, b) for a, b in pairs), default=0.0) * EARTH_KM


def _arc(a: Point, b: Point) -> float:
    half = math.sin((b[0] - a[0]) / 2) ** 2 + math.cos(a[0]) * math.cos(b[0]) * math.sin((b[1] - a[1]) / 2) ** 2
    return 2 * math.asin(min(1.0, math.sqrt(half)))
