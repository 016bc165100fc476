"""Downloads from the pages."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from playwright.sync_api import Page

from tests.web.browser.covered import covers
from tests.web.browser.eyes import Eyes, axe, everywhere

FORMATS = ("xlsx", "csv", "json", "ndjson", "geojson", "stix", "misp")
STARTS = {"/alerts.atom": "<?xml", "/alerts.json": "{"}


@everywhere
@covers(*(f"GET /export format={name} severity=critical" for name in FORMATS))
@covers("GET /alerts.atom severity=critical", "GET /alerts.json severity=critical", "GET /export format=csv story=6")
def test_what_a_reader_sees_can_be_kept(look: Eyes, language: str, width: int) -> None:
    page = look("/?severity=critical", language, width)
    page.locator("#exports summary").click()
    look.check(page)
    axe(page, context="#exports")
    kept = {name: taken(page, f"#exports a[href*='format={name}']") for name in FORMATS}
    rows = list(csv.DictReader(io.StringIO(kept["csv"][1].decode("utf-8-sig"), newline="")))
    assert rows
    assert {row["severity"] for row in rows} == {"critical"}
    assert all(name.startswith("alerts-") and data for name, data in kept.values())
    for address, start in STARTS.items():
        told = page.evaluate(FETCH, page.locator(f"#exports a[href^='{address}']").get_attribute("href"))
        assert told.startswith(start)
        assert page.locator(f"head link[rel=alternate][href^='{address}']").count() == 1
    page = look("/stories/6", language, width)
    assert b"critical" in taken(page, "a[href*='format=csv']")[1]


FETCH = "async address => await (await fetch(address)).text()"


def taken(page: Page, link: str) -> tuple[str, bytes]:
    """The name and the bytes of the file that a click on it brings."""
    with page.expect_download() as kept:
        page.locator(link).click()
    return kept.value.suggested_filename, Path(kept.value.path()).read_bytes()
