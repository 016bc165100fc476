"""CSV as RFC 4180 has it, with the mark by which spreadsheets know UTF-8. No cell is a formula; see `text`."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import BinaryIO

from monitor.exports.sheet import Cell, Sheet, T, stamp
from monitor.exports.text import encodable, no_formula

BOM = b"\xef\xbb\xbf"


def write_csv(sheet: Sheet[T], out: BinaryIO) -> None:
    """Texts stand in quotes, numbers do not."""
    out.write(BOM + _line([column.name for column in sheet.columns]))
    for row in sheet.rows:
        out.write(_line([_cell(cell) for cell in sheet.cells(row)]))


def _line(cells: list[str | int | float] | list[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n").writerow(cells)
    return line.getvalue().encode("utf-8")


def _cell(cell: Cell) -> str | int | float:
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case int() | float():
            return cell
        case datetime():
            return stamp(cell)
        case _:
            return no_formula(encodable(cell))
