"""Our own labelled set, through the command that anybody can run: hand-written items, each for one rule."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.terminal import monitor

FOLDER = Path(__file__).parent / "data" / "labelled"
NEEDED = 0.98  # of recall and of precision

Case = dict[str, Any]


@pytest.fixture(scope="module")
def judged() -> list[tuple[Case, list[Case]]]:
    """Each case with the matches of its own rule."""
    lines = (FOLDER / "cases.jsonl").read_text(encoding="utf-8")
    result = monitor("match", "--config", str(FOLDER / "rules.yaml"), stdin=lines)
    assert result.exit_code == 0, result.stderr
    cases = [json.loads(line) for line in lines.splitlines()]
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [case["id"] for case in cases] == [answer["id"] for answer in answers]
    return [
        (case, [match for match in answer["matches"] if match["rule"] == case["rule"]])
        for case, answer in zip(cases, answers, strict=True)
    ]


def test_the_labelled_set_is_found_and_little_else(judged: list[tuple[Case, list[Case]]]) -> None:
    found = [case for case, matches in judged if matches]
    wanted = [case for case, _ in judged if case["should_match"]]
    right = sum(case["should_match"] for case in found)
    disagreements = [
        f"{'missed' if case['should_match'] else 'false'}: {case['id']} {case['why']} {case['title']} {case['summary']}"
        for case, matches in judged
        if bool(matches) != case["should_match"]
    ]
    assert min(right / len(wanted), right / len(found)) >= NEEDED, "\n".join(disagreements)


def test_every_span_of_it_is_a_word_of_the_field_as_given(judged: list[tuple[Case, list[Case]]]) -> None:
    for case, matches in judged:
        for span in (span for match in matches for span in match["spans"]):
            field = case[span["field"]]
            start, end = span["start"], span["end"]
            assert 0 <= start < end <= len(field), case["id"]
            assert field[start:end] == field[start:end].strip(), case["id"]


def test_every_rule_of_it_has_cases_of_both_kinds(judged: list[tuple[Case, list[Case]]]) -> None:
    kinds: dict[str, set[bool]] = {}
    for case, _ in judged:
        kinds.setdefault(case["rule"], set()).add(case["should_match"])
    assert all(both == {True, False} for both in kinds.values()), kinds
    assert len({case["id"] for case, _ in judged}) == len(judged)
