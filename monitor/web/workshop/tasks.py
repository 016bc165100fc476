"""What is done at a bench. Each task is given its order and whom to tell of progress, and answers with plain data."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from monitor import config as configuration
from monitor.compiled import Shelf
from monitor.config import Config
from monitor.model import FIELDS, Entry, Feed
from monitor.prepared import prepare
from monitor.rules import explain_json
from monitor.rules.explain import explained
from monitor.rules.explanation import Explanation
from monitor.rules.inline_tests import TestResult, run_tests
from monitor.rules.lint import lint
from monitor.rules.matcher import Matcher
from monitor.text.document import Document, read

Order = Mapping[str, Any]
Tell = Callable[[dict[str, Any]], None]


class Kept(NamedTuple):
    """The rules of the last order, which mostly are those of the next."""

    key: tuple[object, ...]
    config: Config
    matcher: Matcher


_kept: Kept | None = None


def config_of(order: Order, *, changed: bool = True) -> Config:
    """Raises ConfigError. Of files that were found unsound meanwhile, what stood in them before."""
    texts = {**order["standing"], **(order["changed"] if changed else {})}
    instead = {Path(path): base64.b64decode(raw) for path, raw in texts.items()}
    return configuration.load_with(Path(order["path"]), instead, environ=order["environ"])


def rules_in_force(order: Order) -> Kept:
    """With all rules compiled, taken from the shelf where a check has left them there."""
    global _kept
    key = (order["path"], str(order["rules"]), str(order["environ"]))
    if _kept is None or _kept.key != key:
        _kept = None
        config = config_of(order, changed=False)
        _kept = Kept(key, config, prepare(config, Shelf(order["state"], writes=False)).matcher)
    return _kept


def _find_weak_spots(order: Order, tell: Tell) -> dict[str, Any]:
    del tell
    config = config_of(order)
    found = lint(config, today=date.fromisoformat(order["today"]))
    return {"problems": [asdict(problem) for problem in (*config.warnings, *found)]}


def _run_tests(order: Order, tell: Tell) -> dict[str, Any]:
    config = config_of(order)
    tell({"begun": True})
    rules = [rule for rule in config.rules if rule.id in order["ids"]]
    return {"tests": [_test(result) for result in run_tests(rules, config.lexicon)]}


def _test(result: TestResult) -> dict[str, Any]:
    return {
        "matches": result.test.matches,
        "fields": dict(result.test.fields),
        "because": result.test.because,
        "line": result.at.line,
        "passed": result.passed,
        "why": result.why,
        "told": _told(result.told) if result.told else None,
    }


def _explain(order: Order, tell: Tell) -> dict[str, Any]:
    """`ids` empty: all rules. With `changed` those of the changed files, which are compiled for this once."""
    if order["changed"]:
        config = config_of(order)
        matcher = Matcher([rule for rule in config.rules if rule.id in order["ids"]], config.lexicon)
    else:
        _, config, matcher = rules_in_force(order)
    tell({"begun": True})
    feeds = {feed.id: feed for feed in config.feeds}
    today = date.fromisoformat(order["today"])
    return {"entries": [_explained(matcher, config, feeds, each, order, today) for each in order["entries"]]}


def _explained(
    matcher: Matcher, config: Config, feeds: Mapping[str, Feed], given: Mapping[str, str], order: Order, today: date
) -> dict[str, Any]:
    entry = Entry(feed_id=given["feed_id"], title=given["title"], summary=given["summary"], body=given["body"])
    document = read(entry)
    search = matcher.search(document)
    ids = order["ids"]
    told = [
        _told(explained(compiled, config.lexicon, search, feed=feeds.get(given["feed_id"]), today=today))
        for compiled in matcher.rules
        if not ids or compiled.rule.id in ids
    ]
    return {"rules": sorted(told, key=_interest), "normal": _normal(document), "language": document.language}


def _told(explanation: Explanation) -> dict[str, Any]:
    obstacles = explain_json.obstacles_as_json(explanation.obstacles)
    return {**explain_json.as_json(explanation), "obstacles": obstacles, "something": explanation.has_something}


def _interest(told: Mapping[str, Any]) -> int:
    return 0 if told["matches"] else 1 if told["near_miss"] else 2 if told["something"] else 3


def _normal(document: Document) -> dict[str, str]:
    return {name: document.field(name).folded for name in FIELDS if document.field(name).published}


def _try_on_the_past(order: Order, tell: Tell) -> dict[str, Any]:
    """`after`: the ids of the rules that are tried, `before` of those that they are compared with; none: with nothing.
    With `changed` the rules that are tried are of the changed files."""
    from monitor.web.workshop.trial import tried

    before = config_of(order, changed=False)
    after = config_of(order) if order["changed"] else before
    tell({"begun": True})
    return tried(before, after, order, tell)


def _warm(order: Order, tell: Tell) -> dict[str, Any]:
    """What most orders need, in memory."""
    del tell
    rules_in_force(order)
    return {}


TASKS: Final[Mapping[str, Callable[[Order, Tell], dict[str, Any]]]] = {
    "lint": _find_weak_spots,
    "tests": _run_tests,
    "explain": _explain,
    "trial": _try_on_the_past,
    "warm": _warm,
}

__all__ = ["TASKS", "config_of", "rules_in_force"]
