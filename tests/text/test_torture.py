from __future__ import annotations

import pytest

from tests.text.torture import Row, is_found, rows

ROWS = list(rows())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.at)
def test_a_term_is_found_where_a_reader_would_find_it(row: Row) -> None:
    assert is_found(row) == row.found, str(row)


def test_no_row_stands_twice() -> None:
    seen: dict[tuple[str, str], Row] = {}
    twice = [
        f"{row.at} and {known.at}"
        for row in ROWS
        if (known := seen.setdefault((row.surface, row.term), row)) is not row
    ]
    assert twice == []
