"""What holds for every test."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator

import pytest
from hypothesis import settings

from tests.postgres.fixtures import own_postgres, postgres, postgres_url

__all__ = ["own_postgres", "postgres", "postgres_url"]

# Machines are noisy: how long an example takes is no behaviour. In CI the same examples every time, so that a change
# is judged by what it changed.
settings.register_profile("monitor", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "monitor")

_SET_BY_COMMANDS = ("", "apscheduler", "apprise", "urllib3", "asyncio")


@pytest.fixture(scope="session", autouse=True)
def undo_commands() -> Callable[[], None]:
    """What they found before all tests: a fixture of a module, in which a command runs, comes before one of a test."""
    hooks = sys.excepthook, threading.excepthook
    levels = {name: logging.getLogger(name).level for name in _SET_BY_COMMANDS}

    def undo() -> None:
        sys.excepthook, threading.excepthook = hooks
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
        for handler in [each for each in logging.root.handlers if type(each) is logging.StreamHandler]:
            logging.root.removeHandler(handler)

    return undo


@pytest.fixture(autouse=True)
def logging_as_it_was(undo_commands: Callable[[], None]) -> Iterator[None]:
    """A command that runs in this process sets logging up for itself; no other test must be deaf for it."""
    undo_commands()
    yield
    undo_commands()
