from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.moves import ASK_THE_OLD_ONE, BELIEVED, UNTOLD, believed, noted, shown
from monitor.feeds.schedule import after_failure, after_parse, after_unchanged
from monitor.model import FeedState, Fetched, FetchFailed, FetchFailure, NotModified

from .made import NOW, feed, parsed, state

NEW, OTHER = "https://new.example/feed", "https://other.example/feed"


def after(*moves: str | None) -> FeedState:
    known = state()
    for moved_to in moves:
        known = noted(feed(), known, moved_to)
    return known


@pytest.mark.parametrize(
    ("moves", "asked_first"),
    [
        ([], None),
        ([NEW] * (BELIEVED - 1), None),
        ([NEW] * BELIEVED, NEW),
        ([NEW, NEW, None, NEW], None),
        ([NEW, NEW, OTHER], None),
        ([OTHER, NEW, NEW, NEW], NEW),
        ([NEW, NEW, NEW, OTHER], None),
        ([NEW, NEW, NEW, None], None),
        ([UNTOLD] * BELIEVED, None),
    ],
)
def test_a_move_is_believed_after_three_polls_in_a_row(moves: list[str | None], asked_first: str | None) -> None:
    assert believed(feed(), after(*moves)) == asked_first


def test_a_believed_move_is_put_to_the_test_now_and_then() -> None:
    asked_first = [believed(feed(), after(*[NEW] * times)) for times in range(1, 2 * ASK_THE_OLD_ONE + 1)]
    tested = [times for times, first in enumerate(asked_first, 1) if first is None]
    assert tested == [1, 2, ASK_THE_OLD_ONE, 2 * ASK_THE_OLD_ONE]


def test_a_move_of_an_address_that_the_operator_has_changed_since_does_not_count() -> None:
    moved = after(NEW, NEW, NEW)
    changed = feed("https://changed.example/feed")
    assert believed(changed, moved) is None
    assert noted(changed, moved, NEW).moved_times == 1


def test_what_is_shown_is_the_new_address_alone() -> None:
    assert [shown(after(*moves)) for moves in ([], [NEW], [UNTOLD])] == [None, NEW, UNTOLD]


@given(st.lists(st.sampled_from([NEW, OTHER, None])))
def test_times_count_the_same_move_in_a_row(moves: list[str | None]) -> None:
    last = moves[-1] if moves else None
    run = 0
    for move in reversed(moves):
        if move != last or move is None:
            break
        run += 1
    known = after(*moves)
    assert (shown(known), known.moved_times) == (last, run)


def page(**changes: Any) -> Fetched:
    settings: dict[str, Any] = {"url": NEW, "body": b"<rss/>", "content_type": None, "validators": None}
    return Fetched(**settings, fetched_at=NOW, **changes)


def test_every_poll_that_was_answered_counts() -> None:
    known = after_parse(feed(), state(), page(moved_to=NEW), parsed("a"), now=NOW, new=True)
    known = after_unchanged(feed(), known, page(moved_to=NEW), now=NOW)
    known = after_unchanged(feed(), known, NotModified(fetched_at=NOW, moved_to=NEW), now=NOW)
    assert believed(feed(), known) == NEW
    assert believed(feed(), after_unchanged(feed(), known, NotModified(fetched_at=NOW), now=NOW)) is None


@pytest.mark.parametrize(
    ("failure", "asked_first"),
    [(FetchFailure.TIMEOUT, NEW), (FetchFailure.STATUS, NEW), (FetchFailure.NOT_A_FEED, None)],
)
def test_a_failure_does_not_undo_a_move_but_a_page_that_is_no_feed_does(
    failure: FetchFailure, asked_first: str | None
) -> None:
    failed = FetchFailed(failure=failure, detail="", fetched_at=NOW)
    assert believed(feed(), after_failure(feed(), after(NEW, NEW, NEW), failed, now=NOW)) == asked_first
