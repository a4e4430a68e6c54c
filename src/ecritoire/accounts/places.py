"""Where an address was allocated and what a browser is: offline, in microseconds, and in words."""

from __future__ import annotations

import gettext
import json
from functools import cache, lru_cache
from pathlib import Path

import iptocc
from django.utils.translation import get_language
from ua_parser import parse

COUNTRIES = Path("/usr/share/iso-codes/json/iso_3166-1.json")
TRANSLATIONS = "/usr/share/locale"
PHONES = {"iPhone": "iPhone", "iPad": "iPad"}
SYSTEMS = {"Mac OS X": "Mac", "iOS": "iPhone"}


def country_of(address: str) -> str:
    """ISO code of the country whose registry allocated ``address``; empty for private and unknown ones."""
    return iptocc.country_code(address) or "" if address else ""


@lru_cache(maxsize=4096)
def device_family(user_agent: str) -> str:
    """« Firefox, Windows »: it stays the same over updates. Empty when nothing is recognised."""
    told = parse(user_agent[:1000])
    browser = told.user_agent.family if told.user_agent else ""
    system = told.os.family if told.os else ""
    device = told.device.family if told.device else ""
    browser = (
        browser.removeprefix("Mobile ").removesuffix(" Mobile").removesuffix(" Mobile WebView").removesuffix(" iOS")
    )
    return ", ".join(filter(None, (browser, PHONES.get(device) or SYSTEMS.get(system, system))))[:60]


@cache
def _names(language: str) -> dict[str, str]:
    """Debian's iso-codes: ISO code -> name; the English name where there is no translation."""
    rows = json.loads(COUNTRIES.read_text())["3166-1"]
    words = gettext.translation("iso_3166-1", TRANSLATIONS, [language], fallback=True)
    return {row["alpha_2"]: words.gettext(row.get("common_name", row["name"])) for row in rows}


def country_name(code: str) -> str:
    """« Maroc »; the code itself when nobody has a name for it, nothing for nothing."""
    return _names((get_language() or "fr")[:2]).get(code, code)
