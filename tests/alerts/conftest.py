from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from monitor.alerts.send import AppriseSender
from monitor.clock import SystemClock
from tests.alerts.everywhere import Everywhere, everywhere
from tests.alerts.made import DAMASCUS


@pytest.fixture(scope="session")
def sender() -> Iterator[AppriseSender]:
    """One for all tests that do not harm it: starting Apprise costs most of a second."""
    sender = AppriseSender(clock=SystemClock(), zone=DAMASCUS)
    yield sender
    sender.close()


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Everywhere]:
    with everywhere(tmp_path_factory.mktemp("authority")) as services:
        yield services


@pytest.fixture
def make_sender() -> Iterator[Callable[..., AppriseSender]]:
    """A sender of one's own; bounds in seconds."""
    made: list[AppriseSender] = []

    def make(*, console: Any = None, **bounds: float) -> AppriseSender:
        limits = {name: timedelta(seconds=seconds) for name, seconds in bounds.items()}
        made.append(AppriseSender(clock=SystemClock(), zone=DAMASCUS, console=console, **limits))
        return made[-1]

    yield make
    for sender in made:
        sender.close()
