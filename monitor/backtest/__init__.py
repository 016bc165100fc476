"""What rules would have sent in the past, and what other rules would send instead.

    history = Stored(reader, config, since=…)          # or: Archive(lines, now=…)
    trial = run(config, history, clock=clock)          # a Trial: alerts, days, sources, overlaps, samples, speed
    other = run(changed, history, clock=clock)         # content=content_of(changed, like=…) where it should be quick
    compare(trial, other)                              # a Difference: gained and lost, each with its reason

A trial sends nothing and writes nothing: the decisions are those of a poll, made in a store of its own, by a clock that
shows each entry's time.
"""

from monitor.backtest.archive import Archive
from monitor.backtest.difference import compare
from monitor.backtest.stored import Stored
from monitor.backtest.trial import Asked, content_of, run
from monitor.backtest.values import (
    Altered,
    Change,
    Decided,
    Difference,
    Judged,
    Overlap,
    Precision,
    Ruleset,
    Speed,
    Trial,
    WouldSend,
)

__all__ = [
    "Altered",
    "Archive",
    "Asked",
    "Change",
    "Decided",
    "Difference",
    "Judged",
    "Overlap",
    "Precision",
    "Ruleset",
    "Speed",
    "Stored",
    "Trial",
    "WouldSend",
    "compare",
    "content_of",
    "run",
]
