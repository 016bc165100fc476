from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from typing import Any

import pytest

from monitor.clock import SystemClock
from monitor.feeds.fetch import CurlFetcher

Fetchers = Callable[..., CurlFetcher]


@pytest.fixture
def fetchers() -> Iterator[Fetchers]:
    """Makes fetchers that end with the test. The deadline is long unless a test is about it."""
    with ExitStack() as stack:

        def make(*, seconds: float = 30, **settings: Any) -> CurlFetcher:
            made = CurlFetcher(clock=SystemClock(), deadline=timedelta(seconds=seconds), **settings)
            return stack.enter_context(closing(made))

        yield make


@pytest.fixture
def fetcher(fetchers: Fetchers) -> CurlFetcher:
    return fetchers()
