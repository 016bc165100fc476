"""A day of sixty feeds by a clock of ours, one poll in ten and one send in twenty bad. `bench/soak.py` does a month."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bench.soak import CHANNELS, EVERY, PAGE_BAD_IN_THIS_WAY, TICK, Day, Outcome, Soak
from monitor.model import FetchFailure

MEMORY = Path("/dev/shm")


@pytest.fixture(scope="module")
def soaked() -> Iterator[tuple[Outcome, list[Day]]]:
    """On a disk of memory where there is one: this is about what is written, not about the disk."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        soak = Soak(Path(folder), days=1, feeds=60)
        logging.disable()  # bad polls are told by the thousand
        try:
            days = list(soak.run(every=timedelta(hours=6)))
        finally:
            logging.disable(logging.NOTSET)
        yield soak.outcome(days), days


def test_no_alert_is_lost_or_made_up(soaked: tuple[Outcome, list[Day]]) -> None:
    outcome, _ = soaked
    assert outcome.due > 50 * len(CHANNELS)
    assert outcome.lost == []
    assert outcome.unasked == []


def test_a_message_comes_twice_only_where_nobody_knew_whether_it_had_come(soaked: tuple[Outcome, list[Day]]) -> None:
    outcome, _ = soaked
    assert outcome.refused > 0
    assert outcome.repeats <= outcome.ambiguous


def test_no_feed_is_left_alone_for_longer_than_two_intervals(soaked: tuple[Outcome, list[Day]]) -> None:
    outcome, _ = soaked
    assert outcome.gaps == []
    assert outcome.longest_gap <= 2 * EVERY + TICK


def test_as_much_was_bad_as_should_be(soaked: tuple[Outcome, list[Day]]) -> None:
    """Otherwise the rest shows nothing."""
    outcome, _ = soaked
    assert outcome.polls >= 60 * 24 * 12 * 0.95
    assert 0.07 < outcome.bad_polls / outcome.polls < 0.12
    kinds = {kind.name.lower() if isinstance(kind, FetchFailure) else kind for kind in PAGE_BAD_IN_THIS_WAY}
    assert kinds < outcome.kinds.keys()


def test_files_threads_and_memory_do_not_grow(soaked: tuple[Outcome, list[Day]]) -> None:
    _, days = soaked
    settled, last = days[1], days[-1]
    assert last.files <= settled.files
    assert last.threads <= settled.threads
    assert last.blocks <= settled.blocks * 1.01  # of a thousand polls none may leave anything
    assert last.memory_kib <= settled.memory_kib * 1.1  # SQLite's own cache fills up in the first days
