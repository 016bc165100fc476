from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from monitor.memory import spare_the_collector

DEFAULT = (700, 10, 10)  # Python's, by its documentation of `gc.set_threshold`


@pytest.fixture(autouse=True)
def collector_as_it_was() -> Iterator[None]:
    thresholds = gc.get_threshold()
    gc.set_threshold(*DEFAULT)  # other tests run commands in this process
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


class Circle:
    def __init__(self) -> None:
        self.own = self


def test_what_is_there_is_not_looked_over_again() -> None:
    spare_the_collector()
    assert gc.get_freeze_count() > 10_000
    before = gc.get_freeze_count()
    gc.collect()
    assert gc.get_freeze_count() == before


def test_circles_that_nobody_holds_are_given_back_before() -> None:
    circle = Circle()
    seen = weakref.ref(circle)
    del circle
    spare_the_collector()
    assert seen() is None


def test_circles_that_come_later_are_given_back_by_themselves() -> None:
    spare_the_collector()
    assert gc.isenabled()
    circle = Circle()
    seen = weakref.ref(circle)
    del circle
    kept = [[] for _ in range(2 * gc.get_threshold()[0])]  # type: ignore[var-annotated]
    assert seen() is None
    assert kept


def test_the_collector_looks_less_often() -> None:
    spare_the_collector()
    assert gc.get_threshold()[0] > 10 * DEFAULT[0]


def test_it_may_be_called_at_every_reload() -> None:
    spare_the_collector()
    once = gc.get_threshold()
    spare_the_collector()
    assert gc.get_threshold() == once
