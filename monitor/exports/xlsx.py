"""XLSX: dates are dates, numbers are numbers, and no text is a formula or a link, whatever it looks like."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from monitor.exports.sheet import Cell, Sheet, T, stamp
from monitor.exports.text import for_xml

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS: Final = 1_048_575  # of a sheet, without its heading
LONGEST: Final = 32_767  # UTF-16 units of a cell
_CUT: Final = " […]"
_FIRST_DATE: Final = datetime(1900, 3, 1, tzinfo=UTC)  # before it, spreadsheets disagree about the days
_WIDE, _NARROW = 60, 18  # characters


def write_xlsx(sheet: Sheet[T], out: BinaryIO) -> None:
    """Rows beyond what one sheet can hold stand in further ones. A longer text than a cell can hold is cut."""
    from xlsxwriter.workbook import Workbook

    book = Workbook(
        out,
        {
            "constant_memory": True,  # rows go to a file on disk
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    bold, date = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    page, at = _page(book, sheet, bold), 0
    for row in sheet.rows:
        if at == MOST_ROWS:
            page, at = _page(book, sheet, bold), 0
        at += 1
        for column, cell in enumerate(sheet.cells(row)):
            _put(page, at, column, cell, date)
    book.close()


def _page(book: Workbook, sheet: Sheet[T], bold: Any) -> Worksheet:
    number = len(book.worksheets()) + 1
    page = book.add_worksheet(sheet.title if number == 1 else f"{sheet.title} {number}")
    if sheet.right_to_left:
        page.right_to_left()
    page.freeze_panes(1, 0)
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, _WIDE if column.wide else _NARROW)
        page.write_string(0, index, column.title or column.name, bold)
    return page


def _put(page: Worksheet, row: int, column: int, cell: Cell, date: Any) -> None:
    match cell:
        case None | "":
            return
        case bool():
            page.write_boolean(row, column, cell)
        case int() | float():
            page.write_number(row, column, cell)
        case datetime() if cell >= _FIRST_DATE:
            page.write_datetime(row, column, cell.astimezone(UTC).replace(tzinfo=None), date)
        case datetime():
            page.write_string(row, column, stamp(cell))
        case _:
            page.write_string(row, column, fitted(for_xml(cell)))


def fitted(text: str) -> str:
    """As much as a cell can hold."""
    if len(text) * 2 <= LONGEST or len(text.encode("utf-16-le")) // 2 <= LONGEST:
        return text
    kept = text.encode("utf-16-le")[: (LONGEST - len(_CUT)) * 2]
    return kept.decode("utf-16-le", errors="ignore") + _CUT
