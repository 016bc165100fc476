"""Checks go side by side; none holds up or breaks the others."""

from __future__ import annotations

import threading
import time

from monitor.clock import SystemClock
from monitor.doctor.findings import Level, look_at, ok


def test_what_is_found_stands_in_the_order_of_the_checks_whichever_ends_first():
    first_may_end = threading.Event()

    def first():
        assert first_may_end.wait(30)
        return [ok("first", "a"), ok("first", "b")]

    def second():
        first_may_end.set()
        return [ok("second", "c")]

    found = look_at({"first": first, "second": second}, clock=SystemClock(), seconds=60)
    assert [finding.what for finding in found] == ["a", "b", "c"]


def test_a_check_that_hangs_is_a_finding_and_one_that_breaks_another():
    hangs = threading.Event()

    def break_():
        raise ValueError("no such thing")

    begun = time.monotonic()
    found = look_at(
        {"hangs": lambda: hangs.wait(60) or [], "breaks": break_, "works": lambda: [ok("works", "well")]},
        clock=SystemClock(),
        seconds=2,
    )
    hangs.set()
    assert time.monotonic() - begun < 30
    assert [(finding.about, finding.level) for finding in found] == [
        ("hangs", Level.WARNING),
        ("breaks", Level.PROBLEM),
        ("works", Level.OK),
    ]
    assert "no such thing" in found[1].what
    assert all(finding.remedy for finding in found[:2])
