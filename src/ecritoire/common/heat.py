"""A heat map drawn by the server, as SVG without style or script. For the eye and the mouse: the table beside it has the same numbers and links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

LEVELS = 5
LEFT, TOP, WIDE, HIGH, GAP = 46, 24, 46, 26, 2


@dataclass(frozen=True)
class Cell:
    """``title`` says what it is in full, ``url`` where it leads: nowhere when it is empty."""

    value: int
    title: str
    url: str = ""


@dataclass(frozen=True)
class Scale:
    """Five equal steps from 1 to the highest value; nothing has no colour."""

    highest: int

    @property
    def step(self) -> int:
        return max(1, ceil(self.highest / LEVELS))

    def level(self, value: int) -> int:
        return ceil(value / self.step)

    def ranges(self) -> list[tuple[int, str]]:
        """Each level in use, and the values it stands for."""
        bounds = [(level, (level - 1) * self.step + 1, level * self.step) for level in range(1, LEVELS + 1)]
        used = [bound for bound in bounds if bound[1] <= self.highest]
        return [(level, str(first) if first == last else f"{first}\u2013{last}") for level, first, last in used]


def heat_map(columns: Sequence[str], rows: Sequence[tuple[str, Sequence[Cell]]]) -> SafeString:
    """``columns`` across, ``rows`` down with their name; more is darker."""
    scale = Scale(max((cell.value for _name, cells in rows for cell in cells), default=0))
    width, height = LEFT + WIDE * len(columns), TOP + HIGH * len(rows)
    heads = [(LEFT + WIDE * (rank + 0.5), 16, "middle", name) for rank, name in enumerate(columns)]
    heads += [(LEFT - 6, TOP + HIGH * rank + 18, "end", name) for rank, (name, _cells) in enumerate(rows)]
    names = format_html_join("", '<text x="{}" y="{}" text-anchor="{}" class="heat__name">{}</text>', heads)
    placed = [(line, place, cell) for line, (_name, cells) in enumerate(rows) for place, cell in enumerate(cells)]
    cells = format_html_join("", "{}", ((_cell(scale, *cell),) for cell in placed))
    shape = '<svg class="heat" viewBox="0 0 {} {}" aria-hidden="true">{}{}</svg>{}'
    return format_html(shape, width, height, names, cells, _legend(scale))


def _cell(scale: Scale, line: int, place: int, cell: Cell) -> SafeString:
    x, y, level = LEFT + WIDE * place, TOP + HIGH * line, scale.level(cell.value)
    drawn = format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="3" class="heat__cell heat__cell--{}"><title>{}</title></rect>',
        *(x + GAP / 2, y + GAP / 2, WIDE - GAP, HIGH - GAP, level, cell.title),
    )
    if not cell.value:
        return drawn
    text = '<text x="{}" y="{}" text-anchor="middle" class="heat__value heat__value--{}">{}</text>'
    drawn = format_html("{}{}", drawn, format_html(text, x + WIDE / 2, y + 18, level, cell.value))
    return format_html('<a href="{}" tabindex="-1">{}</a>', cell.url, drawn) if cell.url else drawn


def _legend(scale: Scale) -> SafeString:
    item = '<li><svg viewBox="0 0 20 14" class="heat__key"><rect width="20" height="14" rx="3" class="heat__cell heat__cell--{}"></rect></svg> {}</li>'
    return format_html(
        '<ul class="heat__legend" aria-hidden="true">{}</ul>', format_html_join("", item, scale.ranges())
    )
