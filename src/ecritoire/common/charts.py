"""Bar charts drawn by the server, as SVG without style or script. Each stands beside the table that says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

LABEL, BAR, ROW, END = 250, 290, 26, 60
LETTERS = 34  # of a label, before it would leave the picture


@dataclass(frozen=True)
class Bar:
    """``value`` is a percentage; ``kind`` is good, bad or pale."""

    label: str
    value: float
    text: str
    kind: str = "good"


def bar_chart(bars: Sequence[Bar], *, title: str, mark: float | None = None) -> SafeString:
    """Horizontal bars from 0 to 100, with a line at ``mark``."""
    height = ROW * len(bars) + 8
    rows = format_html_join(
        "",
        '<text x="{}" y="{}" class="chart__label" text-anchor="end">{}</text>'
        '<rect x="{}" y="{}" width="{}" height="{}" rx="3" class="chart__bar chart__bar--{}"></rect>'
        '<text x="{}" y="{}" class="chart__value">{}</text>',
        (_row(rank, bar) for rank, bar in enumerate(bars)),
    )
    line = SafeString("")
    if mark is not None:
        place = LABEL + BAR * mark / 100
        line = format_html('<line x1="{0}" x2="{0}" y1="0" y2="{1}" class="chart__mark"></line>', round(place), height)
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>',
        LABEL + BAR + END,
        height,
        title,
        line,  # first: a figure on it stays readable
        rows,
    )


def _row(rank: int, bar: Bar) -> tuple[object, ...]:
    top, width = rank * ROW + 6, round(BAR * min(max(bar.value, 0), 100) / 100, 1)
    label = bar.label if len(bar.label) <= LETTERS else f"{bar.label[: LETTERS - 1]}…"
    base = top + 13
    return (LABEL - 8, base, label, LABEL, top, width, ROW - 8, bar.kind, LABEL + width + 6, base, bar.text)
