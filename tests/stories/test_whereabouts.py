from __future__ import annotations

import pytest

from monitor.lexicon.load import load
from monitor.model import Facts
from monitor.stories.families import _ATTENDING, _EITHER, _KIN, COMMON, SILENT, SORTS, VAGUE, are_kin
from monitor.stories.whereabouts import _BUSY, Nearness, parted, whereabouts
from tests.stories.reading import within


def facts(*places: str) -> Facts:
    return Facts(places=places)


@pytest.mark.parametrize(
    ("one", "other", "nearness", "level"),
    [
        (("aleppo",), ("aleppo",), Nearness.SAME, 2),
        (("syria",), ("syria",), Nearness.SAME, 0),
        (("sheikh-maqsoud",), ("aleppo",), Nearness.WITHIN, 3),
        (("beirut-airport",), ("beirut",), Nearness.WITHIN, 2),
        (("tell-rifaat",), ("aleppo",), Nearness.WITHIN, 2),
        (("homs",), ("aleppo",), Nearness.APART, 0),
        ((), ("aleppo",), Nearness.UNKNOWN, 0),
    ],
)  # fmt: skip
def test_places_lie_to_each_other(one, other, nearness, level):
    for found in (whereabouts(facts(*one), facts(*other), within), whereabouts(facts(*other), facts(*one), within)):
        assert (found.nearness, found.level) == (nearness, level)


def test_a_city_in_common_does_not_join_two_of_its_parts():
    assert parted(facts("aleppo", "sheikh-maqsoud"), facts("aleppo", "ashrafiyeh-aleppo"), within)
    assert parted(facts("homs"), facts("aleppo"), within)
    assert not parted(facts("aleppo", "sheikh-maqsoud"), facts("aleppo"), within)
    assert not parted(facts("syria", "aleppo"), facts("aleppo"), within)


def test_every_class_and_city_of_the_tables_is_in_the_lexicon():
    named = {
        *_KIN,
        *(each for kin in _KIN.values() for each in kin.split()),
        *COMMON,
        *SILENT,
        *SORTS,
        *VAGUE,
        *_ATTENDING,
    }
    named |= {each for either in _EITHER for each in either}
    assert named <= set(load().events)
    assert set(load().places) >= _BUSY


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("airstrike", "airstrike", True), ("airstrike", "explosion", True), ("explosion", "airstrike", True),
        ("casualties", "drone", True), ("protest", "airstrike", False), ("casualties", "ceasefire-agreement", False),
    ],
)  # fmt: skip
def test_classes_that_tell_one_event_are_kin_both_ways(one, other, expected):
    assert are_kin(one, other) is are_kin(other, one) is expected
