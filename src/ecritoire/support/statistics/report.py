"""The report of a month, on A4: the tables of the statistics, with a bar beside each share."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from reportlab.graphics.shapes import Drawing, Rect
from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import CondPageBreak, Flowable, Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as Grid

from ecritoire.common.heat import LEVELS, Scale
from ecritoire.directory.models import Organisation

from .report_text import written
from .tables import Column, Table

FONTS = Path("/usr/share/fonts/truetype/dejavu")
STATE_BLUE, PRODUCT_BLUE = "#000091", "#1f4e8c"
MARGIN, BAR = 18 * mm, 20 * mm
MOST_BESIDE_BARS = 7
"""Columns of a table that leave room for bars."""
FULLEST = 0.5
LEAST = 40 * mm
"""Of a table, under its title: less goes to the next page."""
WIDTH = A4[0] - 2 * MARGIN
WEIGHTS = {"text": 2.6, "count": 1.6, "share": 1.3, "hours": 1.5, "difference": 1.2}


@override(settings.LANGUAGE_CODE)  # the readers' language, not that of whoever asks for it
def report_pdf(*, organisation: Organisation, title: str, tables: Sequence[Table]) -> bytes:
    _fonts()
    accent = _accent(organisation)
    buffer = io.BytesIO()
    document = SimpleDocTemplate(
        buffer, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=20 * mm, bottomMargin=20 * mm,
        title=title, author=organisation.name, subject=_("Statistiques de l'assistance"), lang="fr-FR",
    )  # fmt: skip
    story: list[Flowable] = [
        Paragraph(escape(organisation.name), _style("name", 11, accent)),
        Paragraph(escape(title), _style("title", 18, accent, bold=True)),
        Spacer(0, 4 * mm),
    ]
    for table in tables:
        story.extend(_section(table, accent))

    def foot(canvas: Canvas, _document: object) -> None:
        canvas.setFont("Report", 8)
        canvas.drawString(MARGIN, 12 * mm, title)
        canvas.drawRightString(A4[0] - MARGIN, 12 * mm, _("Page %(number)s") % {"number": canvas.getPageNumber()})

    document.build(story, onFirstPage=foot, onLaterPages=foot)
    return buffer.getvalue()


@cache
def _fonts() -> None:
    pdfmetrics.registerFont(TTFont("Report", FONTS / "DejaVuSans.ttf"))
    pdfmetrics.registerFont(TTFont("ReportBold", FONTS / "DejaVuSans-Bold.ttf"))


def _accent(organisation: Organisation) -> Color:
    if organisation.theme == Organisation.Theme.STATE:
        return HexColor(STATE_BLUE)
    return HexColor(organisation.accent or PRODUCT_BLUE)


def _style(name: str, size: float, colour: Color | None = None, *, bold: bool = False, right: bool = False) -> Any:
    known = {"textColor": colour} if colour else {}
    font = "ReportBold" if bold else "Report"
    return ParagraphStyle(name, fontName=font, fontSize=size, leading=size * 1.35, alignment=2 if right else 0, **known)


def _section(table: Table, accent: Color) -> list[Flowable]:
    parts: list[Flowable] = [
        CondPageBreak(LEAST),
        Paragraph(escape(table.title), _style("section", 12, accent, bold=True)),
        Spacer(0, 2 * mm),
        _grid(table, accent) if table.rows else Paragraph(_("Rien sur cette période."), _style("text", 8.5)),
    ]
    if table.note and table.rows:
        parts.append(Paragraph(escape(table.note), _style("note", 7.5)))
    return [*parts, Spacer(0, 6 * mm)]


def _grid(table: Table, accent: Color) -> Grid:
    has_bars = len(table.columns) <= MOST_BESIDE_BARS
    rows: list[list[Any]] = [_head(table.columns, has_bars)]
    rows += [_row(table.columns, values, accent if has_bars else None) for values in table.rows]
    grid = Grid(rows, colWidths=_widths(table.columns, has_bars), repeatRows=1)
    grid.setStyle(
        [
            ("BACKGROUND", (0, 0), (-1, 0), accent),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("LINEBELOW", (0, 1), (-1, -1), 0.3, HexColor("#999999")),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            *(_shades(table, accent) if table.is_shaded else ()),
        ]
    )
    return grid


def _shades(table: Table, accent: Color) -> list[tuple[Any, ...]]:
    """Behind each count, as much of the accent as leaves it readable."""
    keys = [column.key for column in table.columns if column.kind == "count"]
    scale = Scale(max(values[key] for values in table.rows for key in keys))
    placed = [
        (rank, line, scale.level(values[key]))
        for line, values in enumerate(table.rows, start=1)
        for rank, key in enumerate(keys, start=len(table.columns) - len(keys))
    ]
    return [("BACKGROUND", (rank, line), (rank, line), _mixed(accent, level)) for rank, line, level in placed if level]


def _mixed(accent: Color, level: int) -> Color:
    part = FULLEST * level / LEVELS
    return Color(*(1 - part * (1 - value) for value in accent.rgb()))


def _head(columns: Sequence[Column], has_bars: bool) -> list[Any]:
    cells: list[Any] = []
    for column in columns:
        style = _style("head", 7, white, bold=True, right=column.kind != "text")
        cells.append(Paragraph(escape(column.label), style))
        if column.kind == "share" and has_bars:
            cells.append("")
    return cells


def _row(columns: Sequence[Column], values: dict[str, Any], accent: Color | None) -> list[Any]:
    """With ``accent``, a bar beside each share."""
    cells: list[Any] = []
    for column in columns:
        text = escape(written(column.kind, values[column.key]))
        cells.append(Paragraph(text, _style("cell", 8.5, right=column.kind != "text")))
        if column.kind == "share" and accent:
            cells.append(_bar(values[column.key] or 0, accent))
    return cells


def _bar(percent: float, accent: Color) -> Drawing:
    length = BAR - 12
    drawing = Drawing(length, 7)
    drawing.add(Rect(0, 0, length, 7, fillColor=HexColor("#e6e6e6"), strokeColor=None))
    drawing.add(Rect(0, 0, length * min(percent, 100) / 100, 7, fillColor=accent, strokeColor=None))
    return drawing


def _widths(columns: Sequence[Column], has_bars: bool) -> list[float]:
    """The bars have theirs; the rest is shared by what each kind needs."""
    bars = sum(column.kind == "share" for column in columns) if has_bars else 0
    unit = (WIDTH - bars * BAR) / sum(WEIGHTS[column.kind] for column in columns)
    widths: list[float] = []
    for column in columns:
        widths.append(WEIGHTS[column.kind] * unit)
        if column.kind == "share" and has_bars:
            widths.append(BAR)
    return widths
