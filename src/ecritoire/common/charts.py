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


PLOT, WIDTH, LEFT, BASE = 150, 640, 44, 166
LETTER = 7.5
"""Width of one under the base."""


@dataclass(frozen=True)
class Column:
    """One period: its label and a value for each series, stacked upwards in the order of the series."""

    label: str
    values: Sequence[int]


def column_chart(columns: Sequence[Column], *, series: Sequence[str], title: str) -> SafeString:
    """Stacked columns over time. ``series`` are the kinds that colour them (``chart__bar--<kind>``)."""
    highest = max((sum(column.values) for column in columns), default=0) or 1
    step = (WIDTH - LEFT) / max(len(columns), 1)
    bars = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}" class="chart__bar chart__bar--{}"><title>{}</title></rect>',
        (part for rank, column in enumerate(columns) for part in _stack(rank, column, series, step, highest)),
    )
    labels = _labels([column.label for column in columns], step)
    return _plot("columns", title, _scale(highest, str(highest)), bars, labels)


def _stack(
    rank: int, column: Column, series: Sequence[str], step: float, highest: int
) -> list[tuple[float, float, float, float, str, str]]:
    parts, top = [], float(BASE)
    for kind, value in zip(series, column.values, strict=True):
        height = PLOT * value / highest
        top -= height
        if value:
            x = LEFT + rank * step + step * 0.15
            parts.append(
                (round(x, 1), round(top, 1), round(step * 0.7, 1), round(height, 1), kind, f"{column.label} : {value}")
            )
    return parts


@dataclass(frozen=True)
class Point:
    """``value`` is a percentage, None where there is nothing to measure; ``is_settled`` when it will not change any more."""

    label: str
    value: float | None
    text: str
    is_settled: bool = True


def line_chart(points: Sequence[Point], *, title: str, mark: float | None = None) -> SafeString:
    """Percentages over time, from the lowest shown to 100, with a line at ``mark``."""
    known = [point.value for point in points if point.value is not None]
    floor = 10 * int(min([*known, mark or 100, 90]) // 10)
    step = (WIDTH - LEFT) / max(len(points), 1)
    places = [(LEFT + (rank + 0.5) * step, _height(point.value, floor), point) for rank, point in enumerate(points)]
    path = " ".join(f"{round(x, 1)},{y}" for x, y, point in places if point.value is not None)
    dots = format_html_join(
        "",
        '<circle cx="{}" cy="{}" r="4" class="chart__dot{}"><title>{}</title></circle>',
        (
            (round(x, 1), y, "" if point.is_settled else " chart__dot--open", f"{point.label} : {point.text}")
            for x, y, point in places
            if point.value is not None
        ),
    )
    line = format_html('<polyline points="{}" class="chart__line"></polyline>', path)
    reference = SafeString("")
    if mark is not None:
        shape = '<line x1="{0}" x2="{1}" y1="{2}" y2="{2}" class="chart__mark"></line><text x="{0}" y="{3}" class="chart__tick">{4} %</text>'
        y = _height(mark, floor)
        reference = format_html(shape, LEFT, WIDTH, y, y + 14, mark)
    scale = _scale(100, "100 %", f"{floor} %")
    return _plot("line", title, scale, format_html("{}{}{}", reference, line, dots), _labels(_names(points), step))


def _names(points: Sequence[Point]) -> list[str]:
    return [point.label for point in points]


def _height(value: float | None, floor: int) -> float:
    return round(BASE - PLOT * (max(value or 0, floor) - floor) / (100 - floor), 1)


def _labels(labels: Sequence[str], step: float) -> SafeString:
    """Under the base, as many as fit side by side."""
    longest = max((len(label) for label in labels), default=0)
    every = max(1, round(max(58, LETTER * longest) / step)) if step else 1
    shown = [(rank, label) for rank, label in enumerate(labels) if rank % every == 0]
    return format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="middle" class="chart__tick">{}</text>',
        ((round(LEFT + (rank + 0.5) * step, 1), BASE + 16, label) for rank, label in shown),
    )


def _scale(highest: int, top: str, bottom: str = "0") -> SafeString:
    return format_html(
        '<text x="{0}" y="{1}" text-anchor="end" class="chart__tick">{2}</text><text x="{0}" y="{3}" text-anchor="end" class="chart__tick">{4}</text>'
        '<line x1="{5}" x2="{6}" y1="{3}" y2="{3}" class="chart__base"></line>',
        LEFT - 6,
        BASE - PLOT + 4,
        top if highest else "",
        BASE,
        bottom,
        LEFT,
        WIDTH,
    )


def _plot(kind: str, title: str, *parts: SafeString) -> SafeString:
    shape = '<svg class="chart chart--{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    return format_html(shape, kind, WIDTH, BASE + 22, title, format_html_join("", "{}", ((part,) for part in parts)))
