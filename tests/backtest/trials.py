"""Trials over a handful of documents: the real rules, matcher, decisions and store; no facts are read of reports."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

from monitor import config as configuration
from monitor.backtest import Archive, Asked, Trial, run
from monitor.backtest.history import History
from monitor.prepared import OnDemand, prepare
from tests.world import NOW, FakeClock, PlainReading

Document = Mapping[str, Any]

STRIKE = "غارة جوية على أطراف بلدة السهل"
FIRE = "حريق في مستودع وقود شرق الميناء"
OTHER = "افتتاح معرض الكتاب في المدينة القديمة"


def document(title: str, at: str = "2026-03-04T09:00:00Z", source: str = "one", **more: object) -> Document:
    return {"title": title, "published": at, "source": source, **more}


def lines(*documents: Document | str) -> bytes:
    return "".join(
        f"{each if isinstance(each, str) else json.dumps(each, ensure_ascii=False)}\n" for each in documents
    ).encode()


def archive(*documents: Document | str, **bounds: Any) -> Archive:
    raw = lines(*documents)
    return Archive(lambda: BytesIO(raw), size=len(raw), **bounds)


HEAD = """\
version: 1
timezone: UTC
language: ar
channels:
  desk: {url: "json://127.0.0.1/desk"}
  pager: {url: "json://127.0.0.1/pager", min_severity: critical}
  night: {url: "json://127.0.0.1/night", quiet_hours: {from: "22:00", to: "07:00"}}
  daily: {url: "json://127.0.0.1/daily", digest: daily 08:00}
feeds:
  - {id: one, name: one, url: "https://one.example/rss", source: one}
  - {id: two, name: two, url: "https://two.example/rss", source: two}
rules:
"""
RULE = """\
  - id: {id}
    title: {id}
    severity: {severity}
    all: [{words}]
    notify: [{notify}]
"""


def rule(rule_id: str, words: str, *, severity: str = "high", notify: str = "desk", **more: str) -> str:
    written = RULE.format(id=rule_id, words=words, severity=severity, notify=notify)
    return written + "".join(f"    {key}: {value}\n" for key, value in more.items())


STRIKES = rule("strikes", "غارة")


def rules(*written: str) -> str:
    return HEAD + "".join(written)


class Try:
    """Writes rules into a folder and tries them."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._files = folder, 0

    def __call__(
        self,
        history: History,
        *written: str,
        progress: Callable[[str, int, float | None], bool] | None = None,
        **asked: Any,
    ) -> Trial:
        self._files += 1
        path = self._folder / f"rules{self._files}.yaml"
        path.write_text(rules(*(written or (STRIKES,))), encoding="utf-8")
        config = configuration.load(path, environ={})
        content = OnDemand(partial(prepare, config, None), PlainReading)
        given = {} if progress is None else {"progress": progress}
        return run(config, history, clock=FakeClock(NOW), asked=Asked(**asked), content=content, **given)


def titles(trial: Trial) -> list[str]:
    return [each.title for each in trial.alerts]
