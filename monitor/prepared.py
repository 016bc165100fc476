"""The rules compiled: taken from the shelf where they lie there ready, and only once an entry asks for them.

Most checks bring no new entry. They pay neither the compiling nor the import of what compiles and matches.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from monitor.compiled import Shelf, key_of
from monitor.config import Config

if TYPE_CHECKING:
    from monitor.facts.reader import FactReader
    from monitor.language import Rule
    from monitor.model import Facts, Feed, NamedFact
    from monitor.rules.matcher import Matcher, Matches
    from monitor.text.document import Document

T = TypeVar("T")
NAME = "matcher"
FACTS = "facts"


class Prepared(NamedTuple):
    rules: Mapping[str, Rule]
    matcher: Matcher


def prepare(config: Config, shelf: Shelf | None) -> Prepared:
    """The rules of a configuration, compiled; kept on the shelf for the next time. Raises ConfigError if they must be
    read for that, and cannot be any more."""
    return _kept(NAME, Prepared, lambda: _compiled(config), config, shelf)


def prepare_facts(config: Config, shelf: Shelf | None) -> FactReader:
    """What reads the facts of a report, as `prepare` has the rules."""
    from monitor.facts.reader import FactReader

    return _kept(FACTS, FactReader, lambda: FactReader(config.lexicon), config, shelf)


def _kept(name: str, kind: type[T], compile_: Callable[[], T], config: Config, shelf: Shelf | None) -> T:
    from monitor import pickled

    key = key_of(name, *(f"{path}\0{digest}" for path, digest in config.digests.items()))
    raw = shelf.load(name, key) if shelf else None
    with _uncollected():
        ready = pickled.load(raw) if raw else None
        if isinstance(ready, kind):
            return ready
        fresh = compile_()
    if shelf:
        shelf.save(name, key, pickled.dump(fresh))
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
    """The matcher of a setup, its rules, and what reads facts: each made when it is first asked for. Safe from any
    thread."""

    def __init__(self, obtain: Callable[[], Prepared], obtain_facts: Callable[[], FactReader] | None = None) -> None:
        """Without `obtain_facts` nothing may ask for facts."""
        self._obtain, self._obtain_facts, self._lock = obtain, obtain_facts, Lock()
        self._prepared: Prepared | None = None
        self._facts: FactReader | None = None
        self.rules: Mapping[str, Rule] = _Rules(self)

    def prepare(self) -> Prepared:
        """Obtain them now, if that was not done yet."""
        with self._lock:
            if self._prepared is None:
                self._prepared = self._obtain()
            return self._prepared

    def prepare_facts(self) -> FactReader:
        """The same of the reader of facts, which most checks never need: only a report that matched is read."""
        with self._lock:
            if self._facts is None:
                assert self._obtain_facts is not None, "this setup has no reader of facts"
                self._facts = self._obtain_facts()
            return self._facts

    def facts(self, document: Document) -> Facts:
        return self.prepare_facts().read(document)

    def named(self, facts: Facts) -> tuple[tuple[NamedFact, ...], tuple[NamedFact, ...], tuple[NamedFact, ...]]:
        """Its places, event classes and actors for people."""
        return self.prepare_facts().named(facts)

    def match(self, document: Document, *, feed: Feed | None, today: date) -> Matches:
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
