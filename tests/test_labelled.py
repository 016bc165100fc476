"""Our own labelled sets, through the command that anybody can run: hand-written items, each for one rule.

The second set was written by another hand, and has its rules twice: in words of their own (`rules.yaml`), and with the
shipped places and events where there are such (`shipped.yaml`), which are stricter than the bare words by design.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli.terminal import monitor

DATA = Path(__file__).parent / "data"

Case = dict[str, Any]
Judged = list[tuple[Case, list[Case]]]


@dataclass(frozen=True, slots=True)
class Trial:
    folder: str
    rules: str
    recall: float
    precision: float


TRIALS = (
    Trial("labelled", "rules.yaml", 0.98, 0.98),
    Trial("labelled-2", "rules.yaml", 0.98, 0.98),
    Trial("labelled-2", "shipped.yaml", 0.96, 0.98),
)


@pytest.fixture(scope="module", params=TRIALS, ids=lambda trial: f"{trial.folder}/{trial.rules}")
def trial(request: pytest.FixtureRequest) -> Trial:
    asked: Trial = request.param
    return asked


@pytest.fixture(scope="module")
def judged(trial: Trial) -> Judged:
    """Each case with the matches of its own rule."""
    folder = DATA / trial.folder
    lines = (folder / "cases.jsonl").read_text(encoding="utf-8")
    result = monitor("match", "--config", str(folder / trial.rules), stdin=lines)
    assert result.exit_code == 0, result.stderr
    cases = [json.loads(line) for line in lines.splitlines()]
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [case["id"] for case in cases] == [answer["id"] for answer in answers]
    return [
        (case, [match for match in answer["matches"] if match["rule"] == case["rule"]])
        for case, answer in zip(cases, answers, strict=True)
    ]


def test_the_labelled_set_is_found_and_little_else(trial: Trial, judged: Judged) -> None:
    found = [case for case, matches in judged if matches]
    wanted = [case for case, _ in judged if case["should_match"]]
    right = sum(case["should_match"] for case in found)
    disagreements = "\n".join(
        f"{'missed' if case['should_match'] else 'false'}: {case['id']} {case['why']} {case['title']} {case['summary']}"
        for case, matches in judged
        if bool(matches) != case["should_match"]
    )
    assert right / len(wanted) >= trial.recall, disagreements
    assert right / len(found) >= trial.precision, disagreements


def test_every_span_of_it_is_a_word_of_the_field_as_given(judged: Judged) -> None:
    for case, matches in judged:
        for span in (span for match in matches for span in match["spans"]):
            field = case[span["field"]]
            start, end = span["start"], span["end"]
            assert 0 <= start < end <= len(field), case["id"]
            assert field[start:end] == field[start:end].strip(), case["id"]


def test_every_rule_of_it_has_cases_of_both_kinds(judged: Judged) -> None:
    kinds: dict[str, set[bool]] = {}
    for case, _ in judged:
        kinds.setdefault(case["rule"], set()).add(case["should_match"])
    assert all(both == {True, False} for both in kinds.values()), kinds
    assert len({case["id"] for case, _ in judged}) == len(judged)
