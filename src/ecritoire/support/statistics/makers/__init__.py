"""One function a table. A cell that counts requests has the part that lists them (``parts``)."""

from __future__ import annotations

from collections.abc import Callable

from ..figures import Figures
from ..tables import Table
from .courses import backlog, delays, reopened, satisfaction
from .events import incidents, lockouts
from .volumes import channels, lines, schools, times, types

MAKERS: dict[str, Callable[[Figures], Table]] = {
    "types": types,
    "delays": delays,
    "channels": channels,
    "lines": lines,
    "schools": schools,
    "times": times,
    "backlog": backlog,
    "reopened": reopened,
    "satisfaction": satisfaction,
    "incidents": incidents,
    "lockouts": lockouts,
}

__all__ = ["MAKERS"]
