from __future__ import annotations

import pytest

from tests.backtest.trials import Try


@pytest.fixture
def tried(tmp_path) -> Try:
    return Try(tmp_path)
