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
from typing import TYPE_CHECKING, NamedTuple, NoReturn, TypeVar

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
Later = Callable[[Callable[[], object]], object]
NAME = "matcher"
READING = "reading"


class Prepared(NamedTuple):
    rules: Mapping[str, Rule]
    matcher: Matcher


class Before(NamedTuple):
    """What was made of the rules that these follow; None for what nobody asked for."""

    prepared: Prepared | None = None
    reading: ReportReader | None = None


def compile_setup(
    config: Config,
    sender: Sender,
    *,
    shelf: Shelf | None = None,
    at_once: bool = True,
    before: Setup | None = None,
    later: Later | None = None,
) -> Setup:
    """Compile a configuration; not `at_once`, when the first entry asks for it. What lies on the shelf is taken.

    `before`: the setup that this one follows; what both say is not compiled again. `later`: is given what can wait
    until the setup is in use, to be done in any thread; what reads reports is among it, or the first would wait for it.
    """
    known = before.matcher.known if before and isinstance(before.matcher, OnDemand) else Before()
    content = OnDemand(
        partial(prepare, config, shelf, before=known.prepared, later=later),
        partial(prepare_reading, config, shelf, before=known.reading),
    )
    if at_once:
        content.prepare()
    if later:
        later(content.prepare_reading)
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


def prepare(
    config: Config, shelf: Shelf | None, *, before: Prepared | None = None, later: Later | None = None
) -> Prepared:
    """The rules of a configuration, compiled; kept on the shelf for the next time. Raises ConfigError if they must be
    read for that, and cannot be any more."""
    return _kept(NAME, Prepared, lambda: _compiled(config, before), config, shelf, later)


def prepare_reading(config: Config, shelf: Shelf | None, *, before: ReportReader | None = None) -> ReportReader:
    """What reads a report, as `prepare` has the rules."""
    from monitor.facts.reports import ReportReader

    return _kept(READING, ReportReader, lambda: ReportReader(config.lexicon, before=before), config, shelf)


def _kept(
    name: str,
    kind: type[T],
    compile_: Callable[[], T],
    config: Config,
    shelf: Shelf | None,
    later: Later | None = None,
) -> T:
    from monitor import pickled

    key = key_of(name, *(f"{path}\0{digest}" for path, digest in config.digests.items()))
    raw = shelf.load(name, key) if shelf else None
    with _uncollected():
        ready = pickled.load(raw) if raw else None
        if isinstance(ready, kind):
            return ready
        fresh = compile_()
    if shelf:
        save = partial(_save, shelf, name, key, fresh)
        later(save) if later else save()
    return fresh


def _save(shelf: Shelf, name: str, key: bytes, fresh: object) -> None:
    from monitor import pickled

    shelf.save(name, key, pickled.dump(fresh))


def _compiled(config: Config, before: Prepared | None) -> Prepared:
    from monitor.rules.matcher import Matcher

    matcher = Matcher(config.rules, config.lexicon, before=before.matcher if before else None)
    return Prepared({rule.id: rule for rule in config.rules}, matcher)


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
        # What they hold on to, the rules before these, is let go with them: or each change would make a process larger.
        self._prepared: Prepared | None = None
        self._reading: ReportReader | None = None

    def prepare(self) -> Prepared:
        """Obtain them now, if that was not done yet."""
        with self._lock:
            if self._prepared is None:
                self._prepared = self._obtain()
                self._obtain = _done
            return self._prepared

    def prepare_reading(self) -> ReportReader:
        """The same of the reader of reports, which most checks never need: only what matched is a report."""
        with self._lock:
            if self._reading is None:
                assert self._obtain_reading is not None, "this setup has no reader of reports"
                self._reading = self._obtain_reading()
                self._obtain_reading = _done
            return self._reading

    # Both are made when asked for. Were they kept, each would be part of a circle, which only the garbage collector can
    # free, and that never looks at what compiled rules consist of (`_uncollected`): rules would be replaced, and stay.
    @property
    def rules(self) -> Mapping[str, Rule]:
        return _Rules(self)

    @property
    def reading(self) -> _Reading:
        return _Reading(self)

    @property
    def known(self) -> Before:
        """What was made so far."""
        return Before(self._prepared, self._reading)

    def match(self, document: Document, *, feed: Feed | None, today: date | None) -> Matches:
        return self.prepare().matcher.match(document, feed=feed, today=today)

    def compiled(self) -> Matcher:
        return self.prepare().matcher


def _done() -> NoReturn:
    raise AssertionError("made once more")


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
