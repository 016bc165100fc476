"""The past that rules are tried on: where it comes from, and what it is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from monitor.model import Entry, Mute
from monitor.store.past import JudgedAlert


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """An entry as it was seen at a time. `document` names this very text.

    `at` is None where nobody knows when. `entry_id` and `story_id` are those of the state, None for an archive.
    The entry's `feed_id` is its feed, in an archive whoever told it. `baseline`: it was only recorded, because its
    feed was read for the first time. `completes`: it is a line that was known, with the text of its page. `counts` is
    False for what was seen before the time asked about: it is replayed, so that stories and throttles are as they
    were, and told of no further.
    """

    document: str
    at: datetime | None
    entry: Entry
    entry_id: int | None = None
    story_id: int | None = None
    baseline: bool = False
    completes: bool = False
    counts: bool = True


@dataclass(frozen=True, slots=True)
class PastMute:
    """A mute, and when somebody took it back."""

    mute: Mute
    ended_at: datetime | None


class History(Protocol):
    """`has_feeds`: entries are those of feeds, so that rules for certain feeds look at these alone."""

    has_feeds: bool

    def entries(self, *, run_up: timedelta) -> Iterator[Past]:
        """In the order seen, and so much more before the time asked about. May be asked again and again."""

    def share(self) -> float | None:
        """How much of it the reading under way has read, 0 to 1; None where nobody knows."""

    def earlier(self, past: Past) -> Sequence[Past]:
        """The texts that the entry had before, the oldest first; none of them `counts`."""

    def mutes(self) -> Sequence[PastMute]:
        """All that ever were, in the order begun."""

    def judged(self) -> Sequence[JudgedAlert] | None:
        """The alerts of the time asked about of which readers said something; None where there are none to ask."""

    def notes(self) -> Sequence[str]:
        """What a reader of the trial should know of it, when it was read: in sentences."""
