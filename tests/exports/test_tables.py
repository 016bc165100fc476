"""CSV, JSON and NDJSON, read back by readers that are not ours."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from itertools import repeat

import pytest
from hypothesis import given

from monitor.exports.columns import alerts, as_json
from monitor.exports.formats import TABULAR, write_alerts
from monitor.exports.sheet import stamp
from monitor.exports.text import as_written, encodable
from tests.exports.rows import BARE, HOSTILE, OPTIONS, WHOLE, any_row, hostile

csv.field_size_limit(10**7)  # of the reader; the usual one is less than what a feed may publish


def written(name, *rows):
    out = io.BytesIO()
    write_alerts(TABULAR[name], rows, out, OPTIONS)
    return out.getvalue()


def records(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def as_cells(row) -> dict[str, str]:
    """What a reader of the CSV has to find."""
    sheet = alerts((), "ar")
    told = dict(zip((column.name for column in sheet.columns), sheet.cells(row), strict=True))
    return {
        name: "" if cell is None else stamp(cell) if hasattr(cell, "year") else str(cell) for name, cell in told.items()
    }


def cut(value: object) -> object:
    """As UTF-8 can hold it."""
    if isinstance(value, str):
        return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in value)
    if isinstance(value, dict):
        return {cut(key): cut(each) for key, each in value.items()}
    return [cut(each) for each in value] if isinstance(value, list) else value


@given(any_row())
def test_every_cell_of_a_csv_comes_back_equal(row):
    (found,) = records(written("csv", row))
    assert {name: as_written(cell) for name, cell in found.items()} == {
        name: encodable(cell) for name, cell in as_cells(row).items()
    }


@given(any_row())
def test_every_field_of_a_json_object_comes_back_equal(row):
    assert json.loads(written("json", row)) == [cut(as_json(row))]
    assert json.loads(written("ndjson", row)) == cut(as_json(row))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("name", ["csv", "json", "ndjson"])
def test_hostile_texts_break_no_row(name, text):
    rows = (hostile(text), WHOLE)
    data = written(name, *rows)
    if name == "csv":
        found = records(data)
        assert [as_written(each["headline"]) for each in found] == [encodable(text), WHOLE.headline]
        assert all(list(each) == list(as_cells(WHOLE)) for each in found)
    else:
        found = json.loads(data) if name == "json" else [json.loads(line) for line in data.split(b"\n") if line]
        assert found == [cut(as_json(row)) for row in rows]


def test_numbers_stand_without_quotes_and_texts_within():
    line = written("csv", replace(WHOLE, places=(replace(WHOLE.places[1], lat=-33.5),))).splitlines()[1].decode()
    assert line.startswith('"12.3",12,"2026-11-22T14:05:06Z","2026-11-22T13:58:06Z","critical"')
    assert ",-33.5,-0.5," in line


def test_nothing_is_an_empty_cell_an_empty_list_or_null():
    (cells,) = records(written("csv", BARE))
    assert (cells["latitude"], cells["published_at"], cells["killed_least"], cells["places"]) == ("", "", "", "")
    (told,) = json.loads(written("json", BARE))
    assert (told["published_at"], told["killed"], told["places"], told["link"]) == (None, None, [], None)


@pytest.mark.parametrize(("name", "expected"), [("json", b"[]\n"), ("ndjson", b"")])
def test_no_alert_is_an_empty_document(name, expected):
    assert written(name) == expected


def test_no_alert_is_a_csv_with_its_heading():
    assert records(written("csv")) == []
    assert written("csv").count(b"\r\n") == 1


@pytest.mark.parametrize("name", ["csv", "ndjson", "json", "xlsx"])
def test_memory_does_not_grow_with_the_rows(name):
    def peak(number: int) -> int:
        sink = _Nowhere()
        tracemalloc.start()
        write_alerts(TABULAR[name], repeat(WHOLE, number), sink, OPTIONS)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(1)  # imports what it needs
    assert peak(1500) < peak(150) + 300_000


class _Nowhere(io.RawIOBase):
    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        return len(data)


def test_rows_are_read_as_they_are_written():
    out = io.BytesIO()

    def rows() -> Iterator:
        yield WHOLE
        assert out.getvalue().count(b'"alert"') == 1
        yield BARE

    write_alerts(TABULAR["ndjson"], rows(), out, OPTIONS)
    assert out.getvalue().count(b"\n") == 2
