"""A rule tried on what is stored, at a bench: what it would have sent, and what the one in force would."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any, Final

from monitor.backtest.difference import compare
from monitor.backtest.stored import Stored
from monitor.backtest.trial import Asked, content_of, run
from monitor.backtest.values import Change, Precision, Trial, WouldSend
from monitor.clock import SystemClock
from monitor.compiled import Shelf
from monitor.config import Config
from monitor.prepared import OnDemand
from monitor.store import Reader, open_reader
from monitor.store.read import empty_reader

SAMPLES: Final = 12
MOST_CHANGES: Final = 100  # shown of each kind; the number of all is told
_EVERY: Final = 0.4  # seconds between two words of progress

Tell = Callable[[dict[str, Any]], None]


def tried(before: Config, after: Config, order: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """`before`: the rules in force. Raises StateError."""
    since = datetime.fromisoformat(order["since"])
    shelf = Shelf(order["state"], writes=False)
    of_before = content_of(before, shelf=shelf)
    of_after = content_of(after, shelf=shelf, like=(before, of_before))
    with open_reader(Path(order["state"])) or empty_reader() as reader:
        parts = 2 if order["before"] else 1
        old = None
        if order["before"]:
            old = _run(before, of_before, order["before"], reader, since, _Progress(tell, 0, parts))
        new = _run(after, of_after, order["after"], reader, since, _Progress(tell, parts - 1, parts))
        return {"new": _told(new), "old": _told(old) if old else None, **(_difference(old, new) if old else {})}


def _run(
    config: Config, content: OnDemand, ids: Sequence[str], reader: Reader, since: datetime, progress: _Progress
) -> Trial:
    history = Stored(reader, since=since)
    asked = Asked(rules=tuple(ids), samples=SAMPLES)
    return run(config, history, clock=SystemClock(), asked=asked, content=content, progress=progress)


class _Progress:
    """Of one of several parts of the work, each of which is matched and then decided."""

    def __init__(self, tell: Tell, part: int, parts: int) -> None:
        self._tell, self._part, self._parts, self._last = tell, part, parts, 0.0

    def __call__(self, doing: str, done: int, share: float | None) -> bool:
        now = monotonic()
        if now - self._last >= _EVERY:
            self._last = now
            half = 0.0 if doing == "matching" else 0.5
            whole = None if share is None else (self._part + half + share / 2) / self._parts
            self._tell({"progress": {"doing": doing, "done": done, "share": whole}})
        return True


def _told(trial: Trial) -> dict[str, Any]:
    return {
        "alerts": len(trial.alerts),
        "hits": sum(trial.hits.values()),
        "days": [[day.isoformat(), number] for day, number in trial.days.items()],
        "by_source": sorted(trial.by_source.items(), key=lambda pair: -pair[1]),
        "samples": [_alert(each) for each in trial.samples],
        "entries": trial.entries,
        "first_at": trial.first_at.isoformat() if trial.first_at else None,
        "last_at": trial.last_at.isoformat() if trial.last_at else None,
        "seconds": trial.speed.matching + trial.speed.deciding,
        "left_out": list(trial.left_out),
        "problems": list(trial.problems),
        "precision": _precision(trial.precision),
        "complete": trial.complete,
    }


def _precision(found: Precision | None) -> dict[str, Any] | None:
    if found is None or not found.anything:
        return None
    return {
        name: {**asdict(each), "share": each.share} for name, each in (("sent", found.sent), ("other", found.not_sent))
    }


def _alert(each: WouldSend) -> dict[str, Any]:
    return {
        "title": each.title,
        "link": each.link,
        "source": each.source,
        "severity": each.severity.value,
        "at": each.at.isoformat(),
        "spans": [[span.field, span.start, span.end, span.clause] for span in each.spans],
        "story": each.story,
        "reason": each.reason.value,
        "held": [[held.channel, held.hold.name, held.until.isoformat()] for held in each.held],
    }


def _difference(old: Trial, new: Trial) -> dict[str, Any]:
    found = compare(old, new)
    return {
        "gained": _changes(found.gained),
        "lost": _changes(found.lost),
        "kept": len(found.kept),
        "altered": len(found.altered),
    }


def _changes(changes: Sequence[Change]) -> dict[str, Any]:
    shown = [
        {**_alert(each.alert), "why": list(each.why), "said": [asdict(said) for said in each.said]}
        for each in changes[:MOST_CHANGES]
    ]
    return {"number": len(changes), "shown": shown}
