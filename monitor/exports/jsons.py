"""JSON: one array, or an object a line (NDJSON). Written as it comes: memory holds one row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from monitor.exports.sheet import Sheet, T
from monitor.exports.text import encodable


def write_json(sheet: Sheet[T], out: BinaryIO) -> None:
    write_array((sheet.record(row) for row in sheet.rows), out)
    out.write(b"\n")


def write_ndjson(sheet: Sheet[T], out: BinaryIO) -> None:
    for row in sheet.rows:
        out.write(dumped(sheet.record(row)) + b"\n")


def write_array(records: Iterable[Mapping[str, Any]], out: BinaryIO) -> None:
    before = b"[\n"
    for record in records:
        out.write(before + dumped(record))
        before = b",\n"
    out.write(b"[]" if before == b"[\n" else b"\n]")


def dumped(value: object) -> bytes:
    """On one line. NUL stays: JSON has a way to write it. A number that is none (NaN) raises ValueError."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return encodable(text).encode("utf-8")
