from __future__ import annotations

import pytest

from monitor.facts.reader import FactReader
from monitor.lexicon.load import load


@pytest.fixture(scope="session")
def reader() -> FactReader:
    """Of the shipped lexicon: made once, for that takes a second or two."""
    return FactReader(load())
