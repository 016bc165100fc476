"""Choosing one block of every slot so that they stand close, against an oracle that tries every choice."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.rules.near import Block, hulls, outermost, windows


def free(steps: int) -> None:
    """Any amount of work is welcome."""


def slot(*blocks: tuple[int, int]) -> list[Block]:
    return [Block(first, last, ()) for first, last in blocks]


def is_close(choice: tuple[Block, ...], gap: int) -> bool:
    """By the definition, word by word: walking from the first word on, never more than `gap` uncovered in a row."""
    covered = {word for block in choice for word in range(block.first, block.last)}
    edges = sorted({block.first for block in choice})
    between = 0
    for word in range(min(edges), max(edges)):
        between = 0 if word in covered else between + 1
        if between > gap:
            return False
    return True


def every_close_choice(slots: list[list[Block]], gap: int) -> list[tuple[Block, ...]]:
    return [choice for choice in product(*slots) if is_close(choice, gap)]


blocks = st.builds(lambda first, length: Block(first, first + length, ()), st.integers(0, 24), st.integers(1, 5))
many_slots = st.lists(st.lists(blocks, min_size=1, max_size=5), min_size=1, max_size=4)
gaps = st.integers(0, 6)

CASES = [
    # slots, gap, close?, because
    ([[(0, 1)], [(1, 2)]], 0, True, "side by side, nothing stands between"),
    ([[(0, 1)], [(2, 3)]], 0, False, "one word stands between"),
    ([[(0, 1)], [(2, 3)]], 1, True, "one word may stand between"),
    ([[(2, 3)], [(0, 1)]], 1, True, "the order of the items does not matter"),
    ([[(0, 1)], [(16, 17)]], 15, True, "fifteen words stand between"),
    ([[(0, 1)], [(17, 18)]], 15, False, "sixteen words stand between"),
    ([[(0, 3)], [(1, 3)]], 0, True, "مطار دير الزور holds دير الزور: the same words may serve two items"),
    ([[(0, 2)], [(0, 2)]], 0, True, "two items in exactly the same words"),
    ([[(0, 1)], [(6, 7)], [(12, 13)]], 5, True, "the limit holds between each and the next, not over all"),
    ([[(0, 1)], [(7, 8)], [(12, 13)]], 5, False, "one of the two distances is too long"),
    ([[(0, 10)], [(2, 3)], [(11, 12)]], 1, True, "words of a block that was passed stand in nobody's way"),
    ([[(0, 1)], [(5, 6), (10, 11)], [(15, 16)]], 4, False, "one item is no stepping stone twice"),
    ([[(0, 1), (50, 51)], [(52, 53)]], 3, True, "a later occurrence counts as well as the first"),
    ([[(9, 10)]], 0, True, "a single item is always close"),
]


@pytest.mark.parametrize(("slots", "gap", "close", "because"), CASES, ids=[case[3] for case in CASES])
def test_near_is_judged_word_by_word(slots, gap, close, because):
    made = [slot(*each) for each in slots]
    assert bool(list(windows(made, gap, free))) is close


@given(many_slots, gaps)
def test_a_window_is_found_exactly_when_some_choice_is_close(slots, gap):
    assert bool(list(windows(slots, gap, free))) == bool(every_close_choice(slots, gap))


@given(many_slots, gaps)
def test_every_window_is_a_close_choice_of_one_block_of_each_slot(slots, gap):
    for window in windows(slots, gap, free):
        assert is_close(window, gap)
        assert any(sorted(window) == sorted(choice) for choice in product(*slots))


@given(many_slots, gaps)
def test_windows_do_not_overlap_in_what_they_choose(slots, gap):
    firsts = [sorted(block.first for block in window) for window in windows(slots, gap, free)]
    assert all(before[-1] <= after[0] for before, after in pairwise(firsts))


@given(many_slots, gaps)
def test_hulls_are_the_outermost_of_all_close_choices(slots, gap):
    every = [Block(min(b.first for b in c), max(b.last for b in c), ()) for c in every_close_choice(slots, gap)]
    assert [block[:2] for block in hulls(slots, gap, free)] == [block[:2] for block in outermost(every)]


def test_work_is_told_before_it_is_done_and_grows_with_the_text():
    def cost(length: int) -> int:
        steps: list[int] = []
        crowded = [slot(*((2 * i + n, 2 * i + n + 1) for i in range(length))) for n in (0, 1)]
        list(windows([*crowded, slot((10_000, 10_001))], 3, steps.append))
        return sum(steps)

    assert cost(100) < cost(200) < 3 * cost(100)


def test_work_stops_when_it_becomes_too_much():
    def refuse(steps: int) -> None:
        raise OverflowError

    with pytest.raises(OverflowError):
        list(windows([slot((0, 1))], 0, refuse))
