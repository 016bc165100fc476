from __future__ import annotations

from typing import Any

import pytest
import yaml

from monitor.rules.problems import CODES
from tests.rules.given import read_text
from tests.rules.mistakes import GOOD, MISTAKES, YAML, Mistake, rule


def by_name(mistakes: list[Mistake]) -> Any:
    return pytest.mark.parametrize("mistake", mistakes, ids=[mistake.name for mistake in mistakes])


def check(mistake: Mistake, **reading: Any) -> None:
    ruleset, problems = read_text(mistake.text, **reading)
    told = [f"{problem.line}:{problem.column} {problem.code}" for problem in problems]
    assert len(problems) == 1, "\n".join(map(str, problems))
    assert told[0].startswith(mistake.told)
    assert problems[0].level == mistake.level
    assert mistake.what in problems[0].what
    assert mistake.remedy in problems[0].remedy
    assert (ruleset is None) == (mistake.level == "error")


@by_name(MISTAKES)
def test_a_mistake_is_told_once_at_its_place_with_a_remedy(mistake: Mistake) -> None:
    check(mistake)


@by_name(YAML)
def test_the_parser_without_libyaml_says_the_same(mistake: Mistake) -> None:
    check(mistake, parser=yaml.SafeLoader)


def test_channels_that_fall_back_on_each_other_are_told_by_way_of_which() -> None:
    channels = 'channels:\n  desk: {url: "${DESK}", fallback: console}\n  console: {fallback: desk}\n'
    _, problems = read_text(rule(*GOOD) + channels)
    assert [problem.what for problem in problems] == [
        "the channel 'desk' falls back on itself, by way of 'console'",
        "the channel 'console' falls back on itself, by way of 'desk'",
    ]


def test_every_mistake_of_a_file_is_told_at_once() -> None:
    items = "[{place: nowhere}, 'قصف، غارة']"
    text = f"version: 1\nrules:\n  - {{id: one, severity: urgent, nearr: 3 words, all: {items}}}\n  - {{titel: x}}\n"
    _, problems = read_text(text)
    assert [(problem.line, problem.code) for problem in problems] == [
        (3, "R203"),
        (3, "R201"),
        (3, "R305"),
        (3, "R301"),
        (4, "R208"),
        (4, "R201"),
    ]


def test_every_code_of_an_error_has_a_mistake_in_the_table() -> None:
    # Need more than one file's text, see test_config; or a library that is missing, see test_full_texts.
    files = {"R111", "R112", "R117", "R317", "R330", "R331"}
    tried = {mistake.told.split()[-1] for mistake in MISTAKES if " " in mistake.told}
    assert {code for code in CODES if code < "R4"} - files - tried == set()
