from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.stories.keys import MOST_KEYS, days, keys
from tests.stories.reading import AT, report, within

WORDS = st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهوي abcdefgh0123456789", min_size=1, max_size=9)


def shared(one, other):
    return set(one.keys) & set(other.keys)


@pytest.mark.parametrize(
    ("one", "other", "because"),
    [
        (("قصف على بنت جبيل",), ("Bint Jbeil hit by shelling",), "the place, in two languages"),
        (("انفجار في حي الشيخ مقصود",), ("انفجار يهز مدينة حلب",), "the quarter and its city"),
        (("اغتيال مختار في زفتايا الشرقية",), ("مسلحون يقتلون مختارا قرب زفتايا",), "a name that no lexicon has"),
        (("لقاء موسع بين الوزارة والنقابات بشأن الأجور",), ("لقاء موسع بين الوزارة والنقابات حول الأجور غدا",), "the words"),
    ],
)  # fmt: skip
def test_what_may_be_kin_has_a_key_in_common(one, other, because):
    assert shared(report(*one), report(*other, after=5)), because


@pytest.mark.parametrize("hours", [0.5, 14.9, 15.1, 23, 47])
def test_no_midnight_parts_reports_of_one_place_within_two_days(hours):
    assert shared(report("قصف على بنت جبيل"), report("سيارة إسعاف تصل إلى بنت جبيل", after=hours))


def test_of_a_place_alone_a_week_leaves_nothing_in_common():
    assert not shared(report("سيارات في بنغازي"), report("أمطار تغرق بنغازي", after=168))


def test_unrelated_reports_share_none():
    assert not shared(report("قصف على بنت جبيل"), report("افتتاح معرض الكتاب في بنغازي"))


@settings(max_examples=30)
@given(st.lists(WORDS, max_size=14), st.lists(WORDS, max_size=300))
def test_keys_are_few_signed_and_none_twice(title, summary):
    made = report(" ".join(title), " ".join(summary))
    assert 0 < len(made.keys) <= MOST_KEYS
    assert len(set(made.keys)) == len(made.keys)
    assert all(-(2**63) <= key < 2**63 for key in made.keys)
    assert made.keys == keys(made, within=within)


def test_keys_and_hashes_are_the_same_in_every_process():
    script = (
        "from tests.stories.reading import report;"
        "made = report('قصف على حي الشيخ مقصود في حلب', 'three shells fell near the Kindi bridge');"
        "print(made.keys, sorted(made.grams), made.words, sorted(made.names), sorted(made.spots))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", script], env={"PYTHONHASHSEED": "1", "PYTHONPATH": "."}, check=True, capture_output=True,
        text=True,
    ).stdout  # fmt: skip
    made = report("قصف على حي الشيخ مقصود في حلب", "three shells fell near the Kindi bridge")
    here = (made.keys, sorted(made.grams), made.words, sorted(made.names), sorted(made.spots))
    assert printed.split() == " ".join(map(str, here)).split()


def test_the_day_turns_every_second_midnight():
    assert days(AT)[1] == days(AT)[0] + 1
