"""An académie's colours: the palette that follows from its accent, and whether everybody can read it (RGAA 3.2)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

HEXADECIMAL = re.compile(r"^#[0-9a-f]{6}$")
LEAST = 4.5
WHITE, BLACK = "#ffffff", "#000000"
GROUND, PAPER_DARK = "#f4f6f5", "#1a2223"  # the least favourable grounds of common/tokens.css


def _channels(colour: str) -> list[int]:
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]


def mix(colour: str, other: str, share: float) -> str:
    """``share`` of ``colour``, the rest of ``other``."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def _luminance(colour: str) -> float:
    parts = [value / 255 for value in _channels(colour)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)  # noqa: PLR2004 - WCAG 2.1
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG's ratio, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@dataclass(frozen=True)
class Palette:
    """What tokens.css calls accent, accent-strong, accent-soft and on-accent."""

    accent: str
    strong: str
    soft: str
    on_accent: str
    ground: str

    @property
    def least_contrast(self) -> float:
        """Of all the pairs the pages show."""
        pairs = [(self.accent, self.ground), (self.accent, self.soft), (self.strong, self.soft)]
        return min(contrast(*pair) for pair in [*pairs, (self.on_accent, self.accent), (self.on_accent, self.strong)])

    @property
    def is_readable(self) -> bool:
        return self.least_contrast >= LEAST

    @property
    def css(self) -> str:
        return (
            f"--accent: {self.accent}; --accent-strong: {self.strong}; --accent-soft: {self.soft}; "
            f"--on-accent: {self.on_accent}; --unread: {self.accent};"
        )


def light(accent: str) -> Palette:
    return Palette(accent, mix(accent, BLACK, 0.72), mix(accent, WHITE, 0.12), WHITE, GROUND)


def dark(accent: str) -> Palette:
    return Palette(accent, mix(accent, WHITE, 0.7), mix(accent, PAPER_DARK, 0.2), mix(accent, BLACK, 0.15), PAPER_DARK)


def dark_for(accent: str) -> str:
    """The accent lightened until dark pages can show it: for whoever chose only one."""
    shares = (step / 20 for step in range(20, -1, -1))
    return next(shade for share in shares if dark(shade := mix(accent, WHITE, share)).is_readable)


def stylesheet(accent: str, accent_dark: str) -> str:
    """Laid over tokens.css; empty for the product's own colours."""
    if not accent:
        return ""
    night = dark(accent_dark or dark_for(accent)).css
    return f":root {{ {light(accent).css} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {night} }} }}\n"


def key_of(accent: str, accent_dark: str) -> str:
    """Changes with the stylesheet, so that browsers may keep it; empty when there is none."""
    text = stylesheet(accent, accent_dark)
    return hashlib.sha256(text.encode()).hexdigest()[:12] if text else ""
