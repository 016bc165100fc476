"""When a rule that counts stories has something to tell."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.language import Volume
from monitor.model import Counted, CountedStory, VolumeTold
from monitor.stories.volume import reached, told_already

from .told import HOUR, MINUTE, NOW

FIVE = Volume(within=HOUR, count=5)


def counted(*minutes: float, own: float = 0, told: tuple[float, ...] = (), usual: float | None = None) -> Counted:
    """Stories so many minutes after NOW, `own` apart; `told`: when numbers were reached that were told."""
    others = [CountedStory(story_id=n, told_at=NOW + at * MINUTE) for n, at in enumerate(sorted(minutes), 1)]
    alerts = [NOW + at * MINUTE for at in told]
    return Counted(
        own=CountedStory(story_id=0, told_at=NOW + own * MINUTE),
        others=tuple(others),
        begun_at=NOW,
        usual=usual,
        told=tuple(
            VolumeTold(alert_id=f"1.{n}", reached_at=at, decided_at=at, told_at=at) for n, at in enumerate(alerts)
        ),
    )


@pytest.mark.parametrize(
    ("others", "many", "is_reached"),
    [
        ((), 1, False),
        ((-10, -20, -30), 4, False),
        ((-10, -20, -30, -40), 5, True),
        ((-10, -20, -30, -60), 5, True),  # an hour is within an hour
        ((-10, -20, -30, -61), 4, False),
        ((10, 20, 30, 40), 5, True),  # it came late, and completes what began with it
        ((-30, -20, 10, 20), 5, True),
        ((-50, -40, 30, 40), 3, False),
        ((0, 0, 0, 0), 5, True),
    ],
)
def test_a_story_counts_in_the_fullest_window_that_it_lies_in(others, many: int, is_reached: bool) -> None:
    found = reached(FIVE, counted(*others))
    assert (len(found.stories), found.at is not None) == (many, is_reached)


@pytest.mark.parametrize(
    ("others", "own", "told", "is_told"),
    [
        ((0, 5, 10, 15), 20, (), False),
        ((0, 5, 10, 15, 20), 25, (20,), True),
        ((0, 15, 30, 45, 60, 75, 90, 105), 120, (60,), True),  # it lasts, five an hour
        ((0, 5, 10, 15, 20, 70, 75, 80, 85), 90, (20,), True),  # for 30 minutes there were fewer
        ((0, 5, 10, 15, 20, 140, 145, 150, 155), 160, (20,), False),  # for more than an hour
        ((100, 105, 110, 115, 0, 5, 10, 15), 20, (115,), True),  # late: 20 to 115 is one
        ((200, 205, 210, 215, 220, 0, 5, 10, 15), 20, (220,), False),  # late, and of another
        ((0, 5, 10, 15), 20, (-5000,), False),
        ((0, 5, 10, 15), 20, (5000,), False),
    ],
)
def test_an_episode_is_told_once_whichever_of_its_stories_comes_last(others, own: int, told, is_told: bool) -> None:
    known = counted(*others, own=own, told=told)
    found = reached(FIVE, known)
    assert found.at is not None
    assert (told_already(FIVE, known, found) is not None) is is_told


@pytest.mark.parametrize(
    ("usual", "needed"), [(None, None), (0.0, 3), (0.9, 3), (1.0, 3), (1.2, 4), (2.0, 6), (2.1, 7)]
)
def test_a_surge_takes_so_many_times_what_is_usual_and_three_stories_at_least(usual, needed) -> None:
    assert reached(Volume(within=HOUR, surge=3.0), counted(usual=usual)).threshold == needed


@given(st.lists(st.integers(0, 600), min_size=1, max_size=25), st.randoms(use_true_random=False))
def test_what_is_told_does_not_depend_on_the_order_in_which_stories_come(minutes: list[int], random) -> None:
    """Each order tells of the same episodes; by which story is chance."""
    volume = Volume(within=HOUR, count=3)

    def episodes(order: list[int]) -> int:
        known: list[int] = []
        told: list[float] = []
        for minute in order:
            case = counted(*known, own=minute, told=tuple(told))
            found = reached(volume, case)
            if found.at is not None and told_already(volume, case, found) is None:
                told.append((found.at - NOW) / MINUTE)
            known.append(minute)
        return len(told)

    shuffled = minutes[:]
    random.shuffle(shuffled)
    in_order = episodes(sorted(minutes))
    assert (episodes(shuffled) > 0) == (in_order > 0)
    assert episodes(shuffled) >= in_order  # what joins two episodes may come after both were told


def test_times_are_compared_to_the_microsecond() -> None:
    close = counted(-60, -50, -40, -30)
    late = Counted(
        own=CountedStory(story_id=0, told_at=NOW + timedelta(microseconds=1)), others=close.others, begun_at=NOW
    )
    assert reached(FIVE, close).at is not None
    assert reached(FIVE, late).at is None
