"""What a rules file amounts to, compiled: what polls and deliveries ask of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import TYPE_CHECKING, Protocol

from monitor.model import Channel, Facts, Feed, NamedFact, Origin, Recipient, Severity

if TYPE_CHECKING:  # what reads and matches entries is imported when there is one
    from monitor.language import Newsroom, Rule
    from monitor.rules.matcher import Matcher, Matches
    from monitor.text.document import Document

Named = tuple[tuple[NamedFact, ...], tuple[NamedFact, ...], tuple[NamedFact, ...]]


class Matching(Protocol):
    """A `Matcher`, or what becomes one when it is asked. Raises ConfigError if the rules had to be read for that, and
    are broken by now."""

    def match(self, document: Document, *, feed: Feed | None, today: date | None) -> Matches:
        """`today` None: rules that have expired look all the same."""

    def compiled(self) -> Matcher:
        """All rules, compiled now if that was not done yet."""


class Reading(Protocol):
    """What tells what a report says happened, and by whose word; asked only about documents that a rule matched."""

    def read(self, document: Document) -> Facts: ...

    def named(self, facts: Facts) -> Named:
        """Its places, events and actors, for people."""

    def origin(self, feed: Feed, document: Document) -> Origin: ...

    def newsrooms(self) -> Mapping[str, Newsroom]:
        """Those that are known, by id."""

    def within(self, place_id: str) -> tuple[str, ...]:
        """What lies around a place, the nearest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """A reload replaces it whole; a poll keeps the one it began with.

    `channels` are those that can be used, the console among them. `recipients` tells by rule id, and by the severity
    that an alert has, who hears of it; it may take a moment the first time, so it is not asked within a transaction.
    """

    feeds: Mapping[str, Feed]
    rules: Mapping[str, Rule]
    matcher: Matching
    reading: Reading
    channels: Mapping[str, Channel]
    recipients: Callable[[str, Severity], Sequence[Recipient]]
    zone: tzinfo
    language: str = "both"  # of headlines that are ours
    version: int | None = None  # the number that these rules were published under; None on one machine
