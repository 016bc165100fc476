"""A test that needs a program is never skipped in silence where the machine was promised to have it."""

from __future__ import annotations

import pytest
from _pytest.outcomes import Failed, Skipped

from tests.support import needs

ABSENT = "a-program-that-nobody-has"


def test_a_missing_program_skips_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MONITOR_REQUIRE_SYSTEM_TESTS", raising=False)
    with pytest.raises(Skipped, match=ABSENT):
        needs(ABSENT)


def test_a_missing_program_fails_where_it_was_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_REQUIRE_SYSTEM_TESTS", "1")
    with pytest.raises(Failed, match=ABSENT):
        needs(ABSENT)


def test_a_program_that_is_there_is_found() -> None:
    assert needs("sh").endswith("/sh")
