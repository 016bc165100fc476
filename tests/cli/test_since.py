"""Moments in the past, as people write them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from monitor.cli.since import moment
from monitor.errors import UsageError

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAMASCUS = ZoneInfo("Asia/Damascus")  # three hours ahead

MOMENTS = [
    # written, since, until
    ("7d", "2026-11-15T12:00", "2026-11-15T12:00"),
    ("12h", "2026-11-22T00:00", "2026-11-22T00:00"),
    ("يومان", "2026-11-20T12:00", "2026-11-20T12:00"),
    ("2026-11-01", "2026-10-31T21:00", "2026-11-01T21:00"),
    ("2026-11-01 18:00", "2026-11-01T15:00", "2026-11-01T15:00"),
    ("2026-11-01T18:00:30Z", "2026-11-01T18:00:30", "2026-11-01T18:00:30"),
    ("2026-11-01T18:00+01:00", "2026-11-01T17:00", "2026-11-01T17:00"),
    ("٢٠٢٦-١١-٠١", "2026-10-31T21:00", "2026-11-01T21:00"),
]


@pytest.mark.parametrize(("written", "since", "until"), MOMENTS)
def test_a_moment_is_read_in_the_zone_of_the_rules(written, since, until):
    def at(iso):
        return datetime.fromisoformat(iso).replace(tzinfo=UTC)

    assert moment(written, now=NOW, zone=DAMASCUS) == at(since)
    assert moment(written, now=NOW, zone=DAMASCUS, whole_day=True) == at(until)


@pytest.mark.parametrize("written", ["yesterday", "2026-13-01", "7", "", "99999999d", "0001-01-01", "٧"])
def test_what_is_no_moment_is_refused_with_a_remedy(written):
    with pytest.raises(UsageError, match="write 7d"):
        moment(written, now=NOW, zone=DAMASCUS)


def test_the_last_day_of_the_calendar_has_no_end():
    with pytest.raises(UsageError, match="write 7d"):
        moment("9999-12-31", now=NOW, zone=DAMASCUS, whole_day=True)
