"""The quick look by which voices are counted, against the whole comparison, on the labelled pairs."""

from __future__ import annotations

import json
from functools import cache
from itertools import product

from monitor.model import KinshipKind, Sketch
from monitor.stories.kinship import may_be_one_text
from tests.stories.reading import kinship
from tests.stories.test_pairs import PAIRS, sketched


@cache
def sketches() -> list[tuple[Sketch, Sketch]]:
    told = map(json.loads, PAIRS.read_text(encoding="utf-8").splitlines())
    return [(sketched(pair["a"]), sketched(pair["b"])) for pair in told]


def test_no_copy_is_let_go():
    copies = [pair for pair in sketches() if kinship(*pair).kind is KinshipKind.SAME_TEXT]
    assert len(copies) > 50, "the pairs have copies"
    assert all(may_be_one_text(one, other) and may_be_one_text(other, one) for one, other in copies)


def test_no_copy_is_let_go_among_reports_that_nobody_paired():
    some = [sketch for pair in sketches()[::7] for sketch in pair]
    for one, other in product(some, repeat=2):
        assert may_be_one_text(one, other) or kinship(one, other).kind is not KinshipKind.SAME_TEXT


def test_most_else_is_let_go():
    others = [pair for pair in sketches() if kinship(*pair).kind is not KinshipKind.SAME_TEXT]
    assert sum(may_be_one_text(*pair) for pair in others) < 0.25 * len(others)
