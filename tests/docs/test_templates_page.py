"""docs/howto/templates.md names all that a template may use, and its example can be used."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from monitor.alerts.proof import flaw_in
from monitor.alerts.templating import Renderer
from monitor.alerts.view import Action, AlertView, Line, Teller
from tests.docs.markdown import blocks, read

PAGE = read("docs/howto/templates.md")
TABLES = [
    re.findall(r"^\| `(\w+)` \|", table, flags=re.MULTILINE)
    for table in re.findall(r"^\|---.*\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
]


@pytest.mark.parametrize(("table", "shape"), [(0, AlertView), (1, Line), (2, Action), (3, Teller)])
def test_each_field_has_its_row_and_each_row_its_field(table, shape):
    named = {each.name for each in fields(shape)} | ({"dir"} if shape is Line else set())
    assert len(TABLES[table]) == len(set(TABLES[table]))
    assert set(TABLES[table]) == named


def test_each_filter_has_its_row_and_each_row_its_filter():
    known = set(Renderer("text")._environment.filters) - {"counted"}
    assert set(TABLES[4]) == known | {"local"}


def test_each_kind_of_line_is_named():
    from monitor.alerts.content import content, spoken
    from monitor.alerts.fit import Limits
    from monitor.alerts.samples import NOW, SAMPLES
    from tests.alerts.made import DAMASCUS

    [named] = re.findall(r"^\| `kind` \| (`source`.*?) \|$", PAGE, flags=re.MULTILINE)
    made = {
        line.kind
        for alert in SAMPLES.values()
        for line in content(
            alert, spoken("both"), zone=DAMASCUS, now=NOW, limits=Limits(title=0, body=4000), attempt=1,
            repeated=True, stands_in_for="desk", unacknowledged_since=None, links={},
        ).view.lines
    }  # fmt: skip
    assert made <= set(re.findall(r"`(\w+)`", named))
    assert len(made) > 8


@pytest.mark.parametrize("format", ["telegram", "html", "matrix"])
def test_the_example_can_be_used(format):
    example = next(block.text for block in blocks("docs/howto/templates.md") if block.info == "text")
    assert flaw_in(example, format) is None
