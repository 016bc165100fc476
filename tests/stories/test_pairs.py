"""The labelled pairs against the code. What the floors are, and how far they are from the goal: docs/why/stories.md."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from monitor.model import Entry, KinshipKind, Sketch
from monitor.stories.sketch import sketch
from monitor.text.document import read
from tests.stories.reading import AT, kinship, reader, within

PAIRS = Path(__file__).parent.parent / "data" / "stories" / "pairs.jsonl"
STORY = frozenset({"same text", "same event"})


def sketched(told: dict[str, str]) -> Sketch:
    at = datetime.fromisoformat(told["published"])
    document = read(Entry(feed_id="f", title=told["title"], summary=told["summary"], published_at=at))
    return sketch(document, reader().read(document), seen_at=AT, within=within)


@cache
def outcomes() -> Counter[tuple[str, str]]:
    """How often each label was given each kinship."""
    pairs = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    return Counter((pair["label"], kinship(sketched(pair["a"]), sketched(pair["b"])).kind.value) for pair in pairs)


def rates(wanted: frozenset[str]) -> tuple[float, float]:
    """Precision and recall of these labels."""
    right = sum(times for (label, found), times in outcomes().items() if label in wanted and found in wanted)
    found = sum(times for (_, found), times in outcomes().items() if found in wanted)
    labelled = sum(times for (label, _), times in outcomes().items() if label in wanted)
    return right / found, right / labelled


# Measured 0.937 and 0.858, 0.983 and 0.983, 0.876 and 0.741, 0.792 and 0.904: a little below, for facts are still mended.
@pytest.mark.parametrize(
    ("wanted", "precision", "recall"),
    [
        (STORY, 0.92, 0.84),
        (frozenset({"same text"}), 0.96, 0.96),
        (frozenset({"same event"}), 0.85, 0.72),
        (frozenset({"different"}), 0.77, 0.88),
    ],
)  # fmt: skip
def test_the_labelled_pairs_are_told_apart(wanted, precision, recall):
    found = rates(wanted)
    assert found[0] >= precision, found
    assert found[1] >= recall, found


def test_every_kind_of_kinship_is_given():
    assert {found for _, found in outcomes()} == {kind.value for kind in KinshipKind}
