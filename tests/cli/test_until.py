"""How long a mute holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.cli.until import end_of
from monitor.errors import UsageError

ZONE = ZoneInfo("Asia/Baghdad")  # UTC+3 all year
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)  # 15:00 there


@pytest.mark.parametrize(
    ("written", "end"),
    [
        ("2h", NOW + timedelta(hours=2)),
        ("يومان", NOW + timedelta(days=2)),
        ("30 دقيقة", NOW + timedelta(minutes=30)),
        ("until 2026-12-01", datetime(2026, 12, 1, 21, tzinfo=UTC)),  # the end of that day
        ("2026-12-01", datetime(2026, 12, 1, 21, tzinfo=UTC)),
        ("حتى 2026-12-01", datetime(2026, 12, 1, 21, tzinfo=UTC)),
        ("until 2026-11-22", datetime(2026, 11, 22, 21, tzinfo=UTC)),
        ("until 2026-12-01 18:30", datetime(2026, 12, 1, 15, 30, tzinfo=UTC)),
        ("until 18:00", datetime(2026, 11, 22, 15, tzinfo=UTC)),
        ("until 08:00", datetime(2026, 11, 23, 5, tzinfo=UTC)),  # tomorrow
        ("حتى ٠٨:٠٠", datetime(2026, 11, 23, 5, tzinfo=UTC)),
        ("until 15:00", datetime(2026, 11, 23, 12, tzinfo=UTC)),  # now is not later
    ],
)
def test_a_mute_ends_when_people_mean_it_to(written, end):
    assert end_of(written, now=NOW, zone=ZONE) == end


@pytest.mark.parametrize(
    "written",
    [
        "", "2", "until", "until tomorrow", "until 25:00", "until 2026-02-30", "until 2026-11-21", "0s", "9999d",
        "until 9999-12-31", "until 2026-12-01 18:00 sharp", "2h 30m",
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused_with_what_to_write(written):
    with pytest.raises(UsageError, match=r"2h|at most"):
        end_of(written, now=NOW, zone=ZONE)
