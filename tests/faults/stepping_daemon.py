"""The real daemon as a process whose wall clock can be set from outside.

    python stepping_daemon.py RULES STATE STEP_FILE SECONDS

The seconds by which the clock is wrong stand in STEP_FILE. Every reader of the wall clock gets them: ours, and the
scheduler's own. SECONDS is how often feeds are asked: less than a rules file may say, so that a test ends.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import apscheduler.executors.base
import apscheduler.schedulers.base
import apscheduler.triggers.interval

import monitor.daemon
from monitor.app import App
from monitor.clock import SystemClock
from monitor.daemon import Daemon


def wrong_by(file: Path) -> timedelta:
    try:
        return timedelta(seconds=float(file.read_text()))
    except (FileNotFoundError, ValueError):  # not yet there, or being written
        return timedelta(0)


class _OfAnyDatetime(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, datetime)


def stepping_datetime(file: Path) -> type:
    class Stepping(datetime, metaclass=_OfAnyDatetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + wrong_by(file)

        @classmethod
        def fromtimestamp(cls, stamp: float, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.fromtimestamp(stamp, tz)

    return Stepping


class SteppingClock(SystemClock):
    def __init__(self, file: Path) -> None:
        self._file = file

    def now(self) -> datetime:
        return datetime.now(UTC) + wrong_by(self._file)


def main(rules: Path, state: Path, file: Path, seconds: float) -> None:
    stepping = stepping_datetime(file)
    for module in (
        apscheduler.executors.base, apscheduler.schedulers.base, apscheduler.triggers.interval, monitor.daemon,
    ):  # fmt: skip
        module.datetime = stepping  # type: ignore[attr-defined]
    app = App(rules, state, command="test", clock=SteppingClock(file))
    every = timedelta(seconds=seconds)
    app.setup = replace(app.setup, feeds={name: replace(feed, every=every) for name, feed in app.setup.feeds.items()})
    app.begin_watch()
    os._exit(Daemon(app).run())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), float(sys.argv[4]))
