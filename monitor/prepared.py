"""The rules compiled: taken from the shelf where they lie there ready, and only once an entry asks for them.

Most checks bring no new entry. They pay neither the compiling nor the import of what compiles and matches.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from monitor.alerts.policy import channels_for
from monitor.compiled import Shelf, key_of
from monitor.config import Config
from monitor.model import Channel, Recipient, Severity
from monitor.ports import Sender
from monitor.setup import Setup

if TYPE_CHECKING:
    from monitor.facts.reports import ReportReader
    from monitor.language import Newsroom, Rule
    from monitor.model import Facts, Feed, NamedFact, Origin
    from monitor.rules.matcher import Matcher, Matches
    from monitor.text.document import Document

T = TypeVar("T")
NAME = "matcher"
READING = "reading"


class Prepared(NamedTuple):
    rules: Mapping[str, Rule]
    matcher: Matcher


def compile_setup(config: Config, sender: Sender, *, shelf: Shelf | None = None, at_once: bool = True) -> Setup:
    """Compile a configuration; not `at_once`, when the first entry asks for it. What lies on the shelf is taken."""
    content = OnDemand(partial(prepare, config, shelf), partial(prepare_reading, config, shelf))
    if at_once:
        content.prepare()
    return setup_of(config, content, sender.recipients)


def setup_of(config: Config, content: OnDemand, recipients_of: Callable[[Channel], Iterable[Recipient]]) -> Setup:
    """What a configuration amounts to, once `content` has its rules."""

    def recipients(rule_id: str, severity: Severity) -> tuple[Recipient, ...]:
        channels = channels_for(severity, config.channels_for(content.rules[rule_id]))
        return tuple(recipient for channel in channels for recipient in recipients_of(channel))

    return Setup(
        feeds={feed.id: feed for feed in config.feeds},
        rules=content.rules,
        matcher=content,
        reading=content.reading,
        channels={channel.id: channel for channel in config.channels},
        recipients=recipients,
        zone=config.timezone,
        language=config.language,
    )


def prepare(config: Config, shelf: Shelf | None) -> Prepared:
    """The rules of a configuration, compiled; kept on the shelf for the next time. Raises ConfigError if they must be
    read for that, and cannot be any more."""
    return _kept(NAME, Prepared, lambda: _compiled(config), config, shelf)


def prepare_reading(config: Config, shelf: Shelf | None) -> ReportReader:
    """What reads a report, as `prepare` has the rules."""
    from monitor.facts.reports import ReportReader

    return _kept(READING, ReportReader, lambda: ReportReader(config.lexicon), config, shelf)


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
    """The matcher of a setup, its rules, and what reads reports: each made when it is first asked for. Safe from any
    thread."""

    def __init__(
        self, obtain: Callable[[], Prepared], obtain_reading: Callable[[], ReportReader] | None = None
    ) -> None:
        """Without `obtain_reading` nothing may ask for it."""
        self._obtain, self._obtain_reading, self._lock = obtain, obtain_reading, Lock()
        self._prepared: Prepared | None = None
        self._reading: ReportReader | None = None
        self.rules: Mapping[str, Rule] = _Rules(self)
        self.reading = _Reading(self)

    def prepare(self) -> Prepared:
        """Obtain them now, if that was not done yet."""
        with self._lock:
            if self._prepared is None:
                self._prepared = self._obtain()
            return self._prepared

    def prepare_reading(self) -> ReportReader:
        """The same of the reader of reports, which most checks never need: only what matched is a report."""
        with self._lock:
            if self._reading is None:
                assert self._obtain_reading is not None, "this setup has no reader of reports"
                self._reading = self._obtain_reading()
            return self._reading

    def match(self, document: Document, *, feed: Feed | None, today: date | None) -> Matches:
        return self.prepare().matcher.match(document, feed=feed, today=today)

    def compiled(self) -> Matcher:
        return self.prepare().matcher


class _Rules(Mapping[str, "Rule"]):
    def __init__(self, of: OnDemand) -> None:
        self._of = of

    def __getitem__(self, rule_id: str) -> Rule:
        return self._of.prepare().rules[rule_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._of.prepare().rules)

    def __len__(self) -> int:
        return len(self._of.prepare().rules)


class _Reading:
    """`setup.Reading`, made when it is first asked."""

    def __init__(self, of: OnDemand) -> None:
        self._of = of

    def read(self, document: Document) -> Facts:
        return self._of.prepare_reading().read(document)

    def named(self, facts: Facts) -> tuple[tuple[NamedFact, ...], tuple[NamedFact, ...], tuple[NamedFact, ...]]:
        return self._of.prepare_reading().named(facts)

    def origin(self, feed: Feed, document: Document) -> Origin:
        return self._of.prepare_reading().origin(feed, document)

    def newsrooms(self) -> Mapping[str, Newsroom]:
        return self._of.prepare_reading().newsrooms()

    def within(self, place_id: str) -> tuple[str, ...]:
        return self._of.prepare_reading().within(place_id)
