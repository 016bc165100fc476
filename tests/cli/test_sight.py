"""What `monitor status` says of our sight."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.cli.sight import as_json, told
from monitor.status import account
from monitor.trouble import Finding, Kind, Sight, Trouble
from tests.world import NOW

HOUR = timedelta(hours=1)


def trouble(kind: Kind, **more) -> Trouble:
    facts = {"name": "One", "failures": 3, "error": "too slow", "to": "https://new.example/"}
    return Trouble(finding=Finding(kind=kind, subject="one", facts=facts), begun_at=NOW - HOUR, **more)


def seen(*troubles: Trouble, last_polled_at=NOW, hangs: bool = False, not_kept: str = ""):
    return account(troubles, last_polled_at=last_polled_at, hangs=hangs, not_kept=not_kept, now=NOW)


@pytest.mark.parametrize(
    ("found", "first_line"),
    [
        (seen(), "sight        sees, nothing is wrong"),
        (seen(trouble(Kind.FEED_MOVED)), "sight        sees, 1 thing to mend"),
        (seen(trouble(Kind.FEED_FAILING), trouble(Kind.FEED_MOVED)), "sight        HALF BLIND, 2 things to mend"),
        (seen(trouble(Kind.NETWORK)), "sight        BLIND, 1 thing to mend"),
        (seen(trouble(Kind.FEED_FAILING, over_at=NOW)), "sight        sees, nothing is wrong"),
        (seen(hangs=True), "sight        BLIND: the daemon shows no sign of life: look at its log, and start it again"),
        (
            seen(last_polled_at=NOW - 49 * HOUR),
            "sight        BLIND: no feed was read for 2d: start 'monitor run', or look at cron",
        ),
        (seen(last_polled_at=NOW - 23 * HOUR), "sight        sees, nothing is wrong"),
        (
            seen(last_polled_at=None),
            "sight        BLIND: no feed was ever read: start 'monitor run', or 'monitor check' from cron",
        ),
    ],
)
def test_the_first_line_says_plainly_what_is_left(found, first_line):
    assert next(told(found, NOW)) == first_line


def test_the_worst_stands_first_with_what_to_do():
    lines = list(told(seen(trouble(Kind.FEED_MOVED), trouble(Kind.FEED_FAILING)), NOW))
    assert lines[1] == "  - Feed 'One' cannot be read, 3 times in a row: too slow; since 2026-11-22 11:00Z"
    assert "Open its address" in lines[2]
    assert "has moved for good" in lines[3]


def test_what_is_not_recorded_is_told_whatever_else_is_well():
    found = seen(trouble(Kind.FEED_MOVED), not_kept="the disk of state is full: make room on it")
    assert list(told(found, NOW))[:2] == [
        "sight        HALF BLIND, 2 things to mend",
        "  - the disk of state is full: make room on it",
    ]
    assert as_json(found, NOW)["not_kept"] == "the disk of state is full: make room on it"


def test_a_program_reads_the_same():
    found = as_json(seen(trouble(Kind.FEED_FAILING, told=True, said_at=NOW)), NOW)
    assert (found["sight"], found["nobody_looks"]) == (Sight.HALF_BLIND.value, None)
    [one] = found["troubles"]
    assert (one["kind"], one["subject"], one["told_at"]) == ("feed failing", "one", NOW.isoformat())
    assert (one["since"], one["what"].startswith("Feed 'One' cannot be read")) == ((NOW - HOUR).isoformat(), True)


@pytest.mark.parametrize(
    ("found", "first_line"),
    [
        (seen(), "المرصد يرى، ولا شيء يحتاج إلى إصلاح"),
        (seen(trouble(Kind.FEED_FAILING), trouble(Kind.FEED_MOVED)), "المرصد يرى بعض الأخبار فقط، وما ينبغي إصلاحه: 2"),
        (seen(hangs=True), "المرصد لا يرى: المراقبة بلا إشارة حياة؛ انظر في سجلها ثم أعد تشغيلها"),
        (
            seen(last_polled_at=NOW - 49 * HOUR),
            "المرصد لا يرى: لم تُقرأ خلاصة منذ يومين؛ شغّل monitor run، أو انظر في cron",
        ),
        (seen(last_polled_at=None), "المرصد لا يرى: لم تُقرأ خلاصة قط؛ شغّل monitor run، أو monitor check من cron"),
    ],
)
def test_the_first_line_says_it_in_arabic_as_well(found, first_line):
    assert next(iter(told(found, NOW, "ar"))) == first_line


def test_what_is_wrong_and_its_remedy_are_told_in_arabic():
    _, wrong, remedy, *_ = told(seen(trouble(Kind.FEED_MOVED)), NOW, "ar")
    assert wrong.startswith("  - ")
    assert wrong.endswith(f"؛ منذ {NOW - HOUR:%Y-%m-%d %H:%M}Z")
    assert not {char for char in wrong + remedy if char in "\u2068\u2069"}
    assert all(any("\u0621" <= char <= "\u064a" for char in line) for line in (wrong, remedy))
