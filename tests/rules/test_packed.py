"""A sequence pickled in boxes is the sequence that was put in, and opens no more than it is asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import pickled
from monitor.rules import packed
from monitor.rules.packed import BOX, Packed
from monitor.text.needles import Needle


def shelved(things: Packed[Needle]) -> Packed[Needle]:
    again = pickled.load(pickled.dump(things))
    assert isinstance(again, Packed)
    return again


def needles(count: int) -> list[Needle]:
    return [Needle(f"كلمة{number}", word=number) for number in range(count)]


@given(st.integers(0, 3 * BOX + 1), st.integers(0, 3))
def test_it_is_what_was_put_in_however_often_it_lay_on_the_shelf(count: int, times: int) -> None:
    things = Packed(needles(count))
    for _ in range(times):
        things = shelved(things)
    assert list(things) == needles(count)
    assert len(things) == count
    assert things[:3] == tuple(needles(count)[:3])


def test_a_half_opened_one_is_shelved_whole() -> None:
    once = shelved(Packed(needles(2 * BOX)))
    assert once[BOX] == needles(2 * BOX)[BOX]
    assert list(shelved(once)) == needles(2 * BOX)


def test_a_number_that_is_none_of_its_own_is_refused_as_by_any_sequence() -> None:
    things = shelved(Packed(needles(BOX + 1)))
    assert things[-1] == needles(BOX + 1)[BOX]
    for number in (BOX + 1, -BOX - 2):
        with pytest.raises(IndexError):
            things[number]


def test_only_the_boxes_that_are_asked_are_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    things, opened = shelved(Packed(needles(10 * BOX))), list[int]()
    monkeypatch.setattr(packed.pickled, "load", lambda raw: opened.append(len(raw)) or pickled.pickle.loads(raw))
    assert not opened
    assert things[0] == things[0]
    assert things[BOX - 1].word == BOX - 1
    assert len(opened) == 1


def test_a_box_that_cannot_be_read_is_an_error_and_no_missing_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    things = shelved(Packed(needles(1)))
    monkeypatch.setattr(packed.pickled, "load", lambda _: None)
    with pytest.raises(ValueError, match="cannot be read"):
        things[0]
