"""The words the rules speak: a sign-in, and what was found about it."""

from __future__ import annotations

import datetime as dt
import ipaddress
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

BROWSER = frozenset({"web", "sso"})
FRANCE = frozenset({"FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "NC", "PF", "WF"})


class Kind(StrEnum):
    """Why a sign-in is unusual, the most telling first."""

    SPRAY = "spray"
    BURST = "burst"
    TRAVEL = "travel"
    NEW_COUNTRY = "new_country"
    NEW_DEVICE = "new_device"


@lru_cache(maxsize=65_536)
def network_of(address: str) -> str:
    """What one owner is given: a /24 in IPv4, a /48 in IPv6; empty for no address."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{known}/{24 if known.version == 4 else 48}", strict=False))  # noqa: PLR2004


@lru_cache(maxsize=512)
def territory(country: str) -> str:
    """Operators number the overseas departments from the mainland's stock and back: France is one."""
    return "FR" if country in FRANCE else country


@dataclass(frozen=True, slots=True)
class SignIn:
    """``device`` is a browser's family, or for a mail application the name of its secret."""

    at: dt.datetime
    account: int
    protocol: str
    address: str
    country: str
    device: str
    success: bool = True
    login: str = ""

    @property
    def network(self) -> str:
        return network_of(self.address)

    @property
    def by_browser(self) -> bool:
        return self.protocol in BROWSER

    @property
    def bearer(self) -> str:
        """What travels: one mail application, or the person with any browser."""
        return "" if self.by_browser else self.device

    @property
    def place(self) -> str:
        return territory(self.country)


@dataclass(frozen=True)
class Finding:
    """``subject`` tells one episode from another; ``facts`` is what the sentence to the person needs."""

    kind: Kind
    subject: str
    facts: dict[str, str] = field(default_factory=dict)
