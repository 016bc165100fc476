"""The rules compiled: taken from the shelf where they lie there ready, and only once an entry asks for them.

Most checks bring no new entry. They pay neither the compiling nor the import of what compiles and matches.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from monitor.compiled import Shelf, key_of
from monitor.config import Config

if TYPE_CHECKING:
    from monitor.language import Rule
    from monitor.model import Feed
    from monitor.rules.matcher import Matcher, Matches
    from monitor.text.document import Document

NAME = "matcher"


class Prepared(NamedTuple):
    rules: Mapping[str, Rule]
    matcher: Matcher


def prepare(config: Config, shelf: Shelf | None) -> Prepared:
    """The rules of a configuration, compiled; kept on the shelf for the next time. Raises ConfigError if they must be
    read for that, and cannot be any more."""
    from monitor import pickled

    key = key_of(NAME, *(f"{path}\0{digest}" for path, digest in config.digests.items()))
    raw = shelf.load(NAME, key) if shelf else None
    with _uncollected():
        ready = pickled.load(raw) if raw else None
        if isinstance(ready, Prepared):
            return ready
        fresh = _compiled(config)
    if shelf:
        shelf.save(NAME, key, pickled.dump(fresh))
    return fresh


def _compiled(config: Config) -> Prepared:
    from monitor.rules.matcher import Matcher

    return Prepared({rule.id: rule for rule in config.rules}, Matcher(config.rules, config.lexicon))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Hundreds of thousands of objects are made, and stay. Looking through them for garbage again and again takes twice
    as long as reading them, and a third of what compiling takes; so they are not looked through later, either."""
    was = gc.isenabled()
    gc.disable()
    gc.unfreeze()  # what an earlier one has left is garbage like any other
    try:
        yield
        gc.freeze()
    finally:
        if was:
            gc.enable()


class OnDemand:
    """The matcher of a setup, and its rules. Safe from any thread."""

    def __init__(self, obtain: Callable[[], Prepared]) -> None:
        self._obtain, self._lock = obtain, Lock()
        self._prepared: Prepared | None = None
        self.rules: Mapping[str, Rule] = _Rules(self)

    def prepare(self) -> Prepared:
        """Obtain them now, if that was not done yet."""
        with self._lock:
            if self._prepared is None:
                self._prepared = self._obtain()
            return self._prepared

    def match(self, document: Document, *, feed: Feed | None, today: date | None) -> Matches:
        return self.prepare().matcher.match(document, feed=feed, today=today)


class _Rules(Mapping[str, "Rule"]):
    def __init__(self, of: OnDemand) -> None:
        self._of = of

    def __getitem__(self, rule_id: str) -> Rule:
        return self._of.prepare().rules[rule_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._of.prepare().rules)

    def __len__(self) -> int:
        return len(self._of.prepare().rules)
