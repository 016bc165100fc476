"""The workbook, read back with nothing but a reader of ZIP and one of XML."""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from hypothesis import given, settings

from monitor.exports import xlsx
from monitor.exports.columns import TITLES, alerts
from monitor.exports.text import for_xml
from tests.exports.rows import BARE, HOSTILE, NOW, WHOLE, any_row, hostile

NAMES = [column.name for column in alerts((), "ar").columns]
SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DATE_STYLE = "2"  # the second format that the book has beside the usual one


def book(*rows, language="ar"):
    out = io.BytesIO()
    xlsx.write_xlsx(alerts(rows, language), out)
    return ZipFile(out)


def page(archive: ZipFile, number: int = 1) -> ElementTree.Element:
    return ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))


def cells(root: ElementTree.Element, row: int) -> dict[str, object]:
    """By the name of the column; a date as an instant, a number as a number."""
    found = {}
    for cell in root.find(f"{SPREADSHEET}sheetData")[row]:
        assert cell.find(f"{SPREADSHEET}f") is None, "a formula"
        letters = re.match("[A-Z]+", cell.get("r"))[0]
        index = 0
        for letter in letters:
            index = index * 26 + ord(letter) - 64
        found[NAMES[index - 1]] = value(cell)
    return found


def value(cell: ElementTree.Element) -> object:
    if cell.get("t") == "inlineStr":
        text = "".join(each.text or "" for each in cell.iter(f"{SPREADSHEET}t"))
        return re.sub("_x([0-9A-F]{4})_", lambda code: chr(int(code[1], 16)), text)
    number = float(cell.find(f"{SPREADSHEET}v").text)
    if cell.get("s") == DATE_STYLE:
        return datetime(1899, 12, 30, tzinfo=NOW.tzinfo) + timedelta(days=number)
    return number


def same(found: object, told: object) -> bool:
    if isinstance(told, datetime):
        return abs(found - told) < timedelta(milliseconds=2)
    if isinstance(told, str):  # XML has one kind of line end
        return found == xlsx.fitted(for_xml(told))
    return found == pytest.approx(told, rel=1e-12, abs=1e-300)


def expected(row) -> dict[str, object]:
    told = zip(NAMES, alerts((), "ar").cells(row), strict=True)
    return {name: cell for name, cell in told if cell not in (None, "")}


@settings(max_examples=60)
@given(any_row())
def test_every_cell_comes_back_equal(row):
    found, told = cells(page(book(row)), 1), expected(row)
    assert found.keys() == told.keys()
    assert {name for name in told if not same(found[name], told[name])} == set()


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_is_a_text(text):
    archive = book(hostile(text))
    told = expected(hostile(text))
    found = cells(page(archive), 1)
    assert {name for name in told if not same(found[name], told[name])} == set()
    assert not [name for name in archive.namelist() if "link" in name.lower() or "vba" in name.lower()]


def test_a_link_is_no_hyperlink():
    archive = book(WHOLE)
    assert b"hyperlink" not in archive.read("xl/worksheets/sheet1.xml")
    assert "xl/worksheets/_rels/sheet1.xml.rels" not in archive.namelist()


def test_dates_are_dates_numbers_are_numbers_and_nothing_is_no_cell():
    found = cells(page(book(WHOLE, BARE)), 1)
    assert found["decided_at"] == NOW
    assert (found["story"], found["killed_least"], found["latitude"]) == (12, 5, 35.3359)
    assert "killed_most" in found
    assert "wounded_most" not in found
    assert not {"published_at", "headline", "latitude"} & cells(page(book(WHOLE, BARE)), 2).keys()


@pytest.mark.parametrize(("language", "turned"), [("ar", "1"), ("en", None)])
def test_an_arabic_sheet_runs_from_right_to_left_and_is_titled_in_arabic(language, turned):
    archive = book(WHOLE, language=language)
    view = page(archive).find(f"{SPREADSHEET}sheetViews/{SPREADSHEET}sheetView")
    assert view.get("rightToLeft") == turned
    assert list(cells(page(archive), 0).values()) == [TITLES[language][name] for name in NAMES]
    assert TITLES[language]["sheet"] in archive.read("xl/workbook.xml").decode()


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(monkeypatch):
    monkeypatch.setattr(xlsx, "MOST_ROWS", 2)
    archive = book(WHOLE, BARE, WHOLE, BARE, WHOLE)
    rows = [len(page(archive, number).find(f"{SPREADSHEET}sheetData")) for number in (1, 2, 3)]
    assert rows == [3, 3, 2]
    assert cells(page(archive, 3), 1)["alert"] == WHOLE.alert_id


def test_a_text_longer_than_a_cell_is_cut_with_a_sign_and_never_within_a_character():
    for text in ("x" * 40_000, "🛑" * 20_000):
        fitted = xlsx.fitted(text)
        assert fitted.endswith("[…]")
        assert xlsx.LONGEST - 2 <= len(fitted.encode("utf-16-le")) // 2 <= xlsx.LONGEST
