from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

from hypothesis import given, settings

from monitor.stories import features as module
from monitor.stories.features import features
from monitor.stories.kinship import START, weights
from monitor.stories.whereabouts import whereabouts
from monitor.stories.wordings import shared
from tests.stories.reading import report, within
from tests.stories.test_kinship import SKETCHES
from tests.stories.test_pairs import PAIRS, sketched


def told(one, other):
    found = features(one, other, whereabouts(one.facts, other.facts, within), shared(one, other))
    return {each.name: round(each.value, 6) for each in found}


@settings(max_examples=30)
@given(SKETCHES, SKETCHES)
def test_features_are_the_same_whichever_report_is_named_first(one, other):
    assert told(one, other) == told(other, one)


@settings(max_examples=30)
@given(SKETCHES, SKETCHES)
def test_every_feature_has_a_weight_and_none_is_nothing(one, other):
    found = told(one, other)
    assert set(found) <= set(weights())
    assert all(found.values())
    assert all(-1.5 <= value <= 4 for value in found.values())


def test_no_weight_is_left_over():
    """Each is of a feature that some labelled pair has, or that the code names as it stands."""
    lines = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    met = {name for pair in lines for name in told(sketched(pair["a"]), sketched(pair["b"]))}
    written = set(re.findall(r'"([^"]+)"', Path(module.__file__).read_text(encoding="utf-8")))
    assert set(weights()) - met - written == {START}


def test_weights_say_when_and_to_what_they_were_fitted():
    heading = (files("monitor.stories") / "weights.tsv").read_text(encoding="utf-8").splitlines()[0]
    assert re.search(r"fitted to \d+ pairs.*\d{4}-\d\d-\d\d; see bench/kinship.py", heading)


def test_words_that_stand_the_other_way_round_are_seen():
    one = report("مهربون يطلقون النار على دورية الحرس")
    other = report("دورية الحرس تطلق النار على مهربين")
    assert told(one, other)["turned round"] > 0
    assert "turned round" not in told(one, one)
