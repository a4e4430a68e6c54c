"""Tables as a spreadsheet: one sheet each, and numbers that a spreadsheet can add."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from odf.number import Hours, Minutes, NumberStyle, PercentageStyle, Text, TimeStyle
from odf.number import Number as Digits
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TextProperties
from odf.table import Table as Sheet
from odf.table import TableCell, TableHeaderRows, TableRow
from odf.text import P

from .report_text import written
from .tables import Column, Table

MIME = "application/vnd.oasis.opendocument.spreadsheet"
FORBIDDEN = str.maketrans("", "", "[]*?:/\\'")


def ods_response(name: str, tables: Iterable[Table]) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(ods_of(tables), content_type=MIME, headers=headers)


def ods_of(tables: Iterable[Table]) -> bytes:
    document = OpenDocumentSpreadsheet()
    styles = _styles(document)
    for table in tables:
        document.spreadsheet.addElement(_sheet(table, styles))
    buffer = io.BytesIO()
    document.write(buffer)
    return buffer.getvalue()


def _sheet(table: Table, styles: dict[str, Style]) -> Sheet:
    sheet = Sheet(name=table.title.translate(FORBIDDEN))
    head, row = TableHeaderRows(), TableRow()
    for column in table.columns:
        row.addElement(_text(column.label, styles["head"]))
    head.addElement(row)
    sheet.addElement(head)
    for values in table.rows:
        row = TableRow()
        for column in table.columns:
            row.addElement(_cell(column, values[column.key], styles))
        sheet.addElement(row)
    return sheet


def _cell(column: Column, value: Any, styles: dict[str, Style]) -> TableCell:
    if value is None:
        return TableCell()
    if column.kind == "text":
        return _text(str(value))
    values: dict[str, Any] = {"valuetype": "float", "value": value}
    if column.kind == "share":
        values = {"valuetype": "percentage", "value": round(value / 100, 6)}
    elif column.kind == "hours":
        values = {"valuetype": "time", "timevalue": duration(value)}
    cell = TableCell(stylename=styles[column.kind], **values)
    cell.addElement(P(text=written(column.kind, value)))
    return cell


def _text(text: str, style: Style | None = None) -> TableCell:
    cell = TableCell(valuetype="string", **({"stylename": style} if style else {}))
    cell.addElement(P(text=text))
    return cell


def duration(hours: float) -> str:
    minutes = round(hours * 60)
    return f"PT{minutes // 60}H{minutes % 60:02}M00S"


def _styles(document: OpenDocumentSpreadsheet) -> dict[str, Style]:
    share = PercentageStyle(name="share-format")
    share.addElement(Digits(decimalplaces=1, minintegerdigits=1))
    share.addElement(Text(text=" %"))
    count = NumberStyle(name="count-format")
    count.addElement(Digits(decimalplaces=0, minintegerdigits=1, grouping=True))
    hours = TimeStyle(name="hours-format", truncateonoverflow="false")  # 30 h stays 30:00, not 6:00 of the next day
    for part in (Hours(), Text(text=":"), Minutes(style="long")):
        hours.addElement(part)
    styles = {}
    for key, form in (("share", share), ("count", count), ("hours", hours), ("difference", count)):
        if key != "difference":
            document.automaticstyles.addElement(form)
        styles[key] = Style(name=key, family="table-cell", datastylename=form)
    styles["head"] = Style(name="head", family="table-cell")
    styles["head"].addElement(TextProperties(fontweight="bold"))
    for style in styles.values():
        document.automaticstyles.addElement(style)
    return styles
