"""What feeds publish and when, laid down beforehand: what has to be told follows from it, without any code of ours."""

from __future__ import annotations

import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from random import Random

from tests.cluster.newsstand import Message
from tests.world import item, rss

CHANNELS = 40  # each with a rule: so few alerts come to each that none of them goes into a digest
LETTERS = "بتثجحخدذرزسشصضطظعغفقكلمنهي"
_HEADLINE = re.compile(r"غارة \w+ \w+ \w+ \w+")
_ALERT = re.compile(r"Alert: \W?(\d+\.\d+)")
NEWS, COPY = 0.5, 0.2  # of what is published: news, and what another feed told before; the rest matches nothing


@dataclass(frozen=True, slots=True)
class Publication:
    """`at`: seconds after the opening. `channel`: whose rule it matches; None: none."""

    number: int
    at: float
    feed: int
    headline: str
    channel: int | None


@dataclass
class Timetable:
    """`opened_at`: by the monotonic clock; before it, feeds show only what they began with."""

    feeds: int
    publications: Sequence[Publication]
    opened_at: float = float("inf")
    _of: dict[int, list[Publication]] = field(default_factory=lambda: defaultdict(list))
    _began: datetime = field(default_factory=lambda: datetime.now(UTC))
    _rendered: dict[int, tuple[int, bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for each in self.publications:
            self._of[each.feed].append(each)

    def open(self) -> None:
        self.opened_at = time.monotonic()

    @property
    def closes_at(self) -> float:
        return self.opened_at + max(each.at for each in self.publications)

    def page(self, path: str) -> bytes:
        """Of the feed /f<number>."""
        feed, passed = int(path.removeprefix("/f")), time.monotonic() - self.opened_at
        shown = sum(each.at <= passed for each in self._of[feed])
        known = self._rendered.get(feed)
        if known is None or known[0] != shown:
            items = [item(f"افتتاح معرض للكتاب في مدينة رقم {feed}", n=10**7 + feed, at=self._began)]
            items += [item(each.headline, n=each.number, at=datetime.now(UTC)) for each in self._of[feed][:shown]]
            known = self._rendered[feed] = shown, rss(*reversed(items))
        return known[1]

    @cached_property
    def expected(self) -> Mapping[str, str]:
        """Headlines of which an alert is due, and the channel that is to get it."""
        return {each.headline: name(each.channel) for each in self.publications if each.channel is not None}

    def rules(self, port: int, *, every: str = "30s") -> str:
        feeds = "\n".join(
            f'  - {{id: f{n}, url: "http://127.0.{n % 8}.{1 + n // 8 % 50}:{port}/f{n}", allow_private: true}}'
            for n in range(self.feeds)
        )
        rules = "\n".join(
            f"  - {{id: {name(n)}, title: {word(n)}, all: [غارة, {word(n)}], notify: [{name(n)}]}}"
            for n in range(CHANNELS)
        )
        channels = "\n".join(
            f'  {name(n)}: {{url: "json://127.0.0.1:{port}/{name(n)}", language: en}}' for n in range(CHANNELS)
        )
        defaults = f"defaults: {{every: {every}, max_age: 30d}}"
        return f"version: 1\n{defaults}\nfeeds:\n{feeds}\nrules:\n{rules}\nchannels:\n{channels}\n"


def name(channel: int) -> str:
    return f"desk{channel}"


def word(number: int) -> str:
    """One like no other, and of no language: what has no word in common is no report of the same event."""
    rng = Random(f"word {number}")
    return "".join(rng.choice(LETTERS) for _ in range(7))


def timetable(feeds: int, *, seconds: float, a_second: float, seed: int) -> Timetable:
    rng, news, publications = Random(seed), list[Publication](), list[Publication]()
    for number in range(round(seconds * a_second)):
        kind, channel = rng.random(), rng.randrange(CHANNELS)
        own = " ".join(word(CHANNELS + 3 * number + n) for n in range(3))
        headline, matches = f"اجتماع {own}", None
        if kind < NEWS or (kind < NEWS + COPY and not news):
            headline, matches = f"غارة {word(channel)} {own}", channel
        elif kind < NEWS + COPY:
            told = rng.choice(news)
            headline, matches = told.headline, told.channel
        publications.append(Publication(number, number / a_second, rng.randrange(feeds), headline, matches))
        if matches is not None:
            news.append(publications[-1])
    return Timetable(feeds, publications)


@dataclass(frozen=True)
class Account:
    """Messages against what was due. `copies`: how often each headline came to its channel; `alerts`: by headline,
    under how many names of alerts. `gathered`: messages that tell of several alerts."""

    lost: Sequence[str]
    unasked: Sequence[str]
    copies: Counter[str]
    alerts: Mapping[str, int]
    gathered: int

    @classmethod
    def of(cls, expected: Mapping[str, str], messages: Iterable[Message]) -> Account:
        copies, names, unasked, gathered = Counter[str](), defaultdict[str, set[str]](set), [], 0
        for each in messages:
            text = f"{each.title}\n{each.text}"
            named, told = _ALERT.search(text), cls.headlines(text)
            gathered += named is None
            for headline in told[:1] if named else told:
                if expected.get(headline) != each.channel:
                    unasked.append(text)
                copies[headline] += 1
                names[headline] |= {named[1]} if named else set()
            if not told:
                unasked.append(text)
        lost = sorted(expected.keys() - copies.keys())
        return cls(lost, unasked, copies, {name: len(found) for name, found in names.items()}, gathered)

    @staticmethod
    def headlines(text: str) -> list[str]:
        """Those that a message names, each once."""
        return list(dict.fromkeys(_HEADLINE.findall(text)))

    @property
    def repeats(self) -> int:
        return sum(count - 1 for count in self.copies.values())
