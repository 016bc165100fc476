"""The page of services says what the table in the code does."""

from __future__ import annotations

import re

import pytest

from monitor.alerts.styles import STYLES
from monitor.alerts.threads import HANGING
from tests.support import ROOT

PAGE = (ROOT / "docs/reference/services.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| ")]
WRITTEN = {
    "text": ("text", "an Adaptive Card"),
    "html": ("HTML and plain text",),
    "telegram": ("its HTML",),
    "slack": ("mrkdwn",),
    "markdown": ("Markdown",),
    "matrix": ("HTML and plain text",),
}
HANGS = ("thread", "quotes", "replies", "In-Reply-To")


def _rows(schema: str) -> list[list[str]]:
    return [row for row in ROWS if len(row) == 5 and f"`{schema}`" in row[1]]


@pytest.mark.parametrize("schema", sorted(STYLES))
def test_the_page_names_format_limits_and_follow_ups(schema):
    style = STYLES[schema]
    rows = _rows(schema)
    assert rows, "not on the page"
    for row in rows:
        assert row[2].startswith(WRITTEN[style.format])
        if style.limits is not None:
            numbers = [number for number in (style.limits.title, style.limits.body) if number]
            assert [int(number) for number in re.findall(r"\d+", row[3])] == numbers
            assert style.limits.unit in row[3]
    says_so = any(word in row[4] for row in rows for word in HANGS)
    assert says_so == (schema in HANGING or schema.startswith("mailto"))
