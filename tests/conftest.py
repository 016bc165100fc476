"""What holds for every test."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

_SET_BY_COMMANDS = ("", "apscheduler", "apprise", "urllib3", "asyncio")


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """A command that runs in this process sets logging up for itself; the next test must not be deaf for it."""
    levels = {name: logging.getLogger(name).level for name in _SET_BY_COMMANDS}
    yield
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    for handler in [each for each in logging.root.handlers if type(each) is logging.StreamHandler]:
        logging.root.removeHandler(handler)
