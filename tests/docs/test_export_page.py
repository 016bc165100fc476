"""docs/howto/export.md tells every column and every format, and no other."""

from __future__ import annotations

import re

from monitor.exports.columns import columns
from monitor.exports.formats import OF_ALERTS, TABULAR
from tests.docs.markdown import read

PAGE = read("docs/howto/export.md")


def test_every_column_is_told_in_its_order() -> None:
    table = PAGE.partition("## The columns")[2].partition("## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, flags=re.MULTILINE) == [column.name for column in columns("en")]


def test_every_format_is_told() -> None:
    assert [name for name in (*TABULAR, *OF_ALERTS) if not re.search(rf"\b{name}\b", PAGE)] == []
