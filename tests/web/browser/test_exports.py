"""Downloads from the pages."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from tests.web.browser.eyes import Eyes, axe, everywhere


@everywhere
def test_what_a_reader_sees_can_be_kept(look: Eyes, language: str, width: int) -> None:
    page = look("/?severity=critical", language, width)
    page.locator("#exports summary").click()
    look.check(page)
    axe(page, context="#exports")
    with page.expect_download() as kept:
        page.locator('#exports a[href*="format=csv"]').click()
    data = Path(kept.value.path()).read_bytes()
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows
    assert {row["severity"] for row in rows} == {"critical"}
    assert kept.value.suggested_filename.startswith("alerts-")
