"""What the storm rages about: feeds that publish something at each look, and channels that note what comes to them.

The oracle stands here too: what must arrive follows from what was published, by a word in the headline.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from random import Random

from tests.loopback import Quiet, listening
from tests.world import item, rss

CHANNELS = ("quick", "slow")
LIFE = "Life"  # the header of a message in which its daemon tells its number: what it sent may come after its death
REPEAT = "May be a repeat"
WINDOW = 80  # entries that a feed shows
_MORE = re.compile(r"^\+(\d+) more$", re.MULTILINE)
_HEADLINE = re.compile(r"غارة على أطراف بلدة رقم \d+")
SLOW = (0.1, 0.5)  # seconds that the slow channel takes to answer, at least and at most


@dataclass(frozen=True)
class Copy:
    """An alert in a message that came: which daemon sent it, and what the message said of itself. `message` counts
    them; several alerts may stand in one, the digest of a burst, which names no alert by its id."""

    life: int
    message: int
    marked: bool
    alert: str  # its id; '' in a digest


@dataclass
class Press:
    """`is_open`: whether feeds publish. `is_down`: whether they are cut off instead. `refusing`: of messages, the part
    that is refused. `repeating`: of headlines, the part that another feed had before."""

    rng: Random
    port: int = 0
    is_open: bool = False
    is_down: bool = False
    refusing: float = 0.0
    repeating: float = 0.2
    orphaned: Counter[int] = field(default_factory=Counter)  # by life: how often its children were killed, not it
    looks: int = 0
    expected: set[str] = field(default_factory=set)  # headlines, each to reach each channel
    published: int = 0
    copies: dict[tuple[str, str], list[Copy]] = field(default_factory=lambda: defaultdict(list))  # headline, channel
    messages: int = 0
    digests: int = 0
    by_hand: set[tuple[str, str]] = field(default_factory=set)  # headline, channel: what an operator had sent again
    more: Counter[int] = field(default_factory=Counter)  # by message: alerts that a digest counts and does not name
    channels: dict[int, str] = field(default_factory=dict)  # by message: where it was taken
    # By headline and channel, what the state has as sent: in which message, by the answer that it keeps.
    sent: dict[tuple[str, str], int] = field(default_factory=dict)
    unasked: list[str] = field(default_factory=list)
    _shown: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def page(self, path: str) -> bytes:
        with self._lock:
            self.looks += 1
            if self.is_open or not self._shown[path]:
                self._publish(path)
            return rss(*reversed(self._shown[path][-WINDOW:]))

    def _publish(self, path: str) -> None:
        """Something that tells nothing, and once feeds are open something that does: news, or what another had."""
        self._show(path, f"افتتاح معرض للكتاب في مدينة رقم {self.published}")
        if self.is_open:
            told_before = self.expected and self.rng.random() < self.repeating
            headline = self._any_told() if told_before else f"غارة على أطراف بلدة رقم {self.published}"
            self.expected.add(headline)
            self._show(path, headline)

    def _any_told(self) -> str:
        return self.rng.choice(sorted(self.expected))

    def _show(self, path: str, headline: str) -> None:
        self._shown[path].append(item(headline, n=self.published, at=datetime.now(UTC)))
        self.published += 1

    def take(self, channel: str, life: int, text: str) -> int | None:
        """The number of the message; None where it is refused."""
        with self._lock:
            if self.rng.random() < self.refusing:
                return None
            self.messages += 1
            self.channels[self.messages] = channel
            alert = _alert_id(text)
            told = _HEADLINE.findall(text)[: 1 if alert else None]
            if not told or not self.expected.issuperset(told):
                self.unasked.append(text)
                return self.messages
            self.digests += alert == ""
            self.more[self.messages] += sum(int(number) for number in _MORE.findall(text))
            for headline in dict.fromkeys(told):
                self.copies[headline, channel].append(Copy(life, self.messages, REPEAT in text, alert))
            return self.messages

    # --- the oracle

    def lost(self) -> list[tuple[str, str]]:
        """A long digest ends with "+7 more": which they are the state says, of that very message, and of no more."""
        with self._lock:
            left = Counter(self.more)
            return [each for each in self._unnamed() if not self._counted(each, left)]

    def _unnamed(self) -> list[tuple[str, str]]:
        return [
            (headline, channel)
            for headline in sorted(self.expected)
            for channel in CHANNELS
            if not self.copies.get((headline, channel))
        ]

    def _counted(self, told: tuple[str, str], left: Counter[int]) -> bool:
        message = self.sent.get(told)
        if message is None or self.channels.get(message) != told[1] or not left[message]:
            return False
        left[message] -= 1
        return True

    def extra(self) -> int:
        return sum(len(copies) - 1 for copies in self.copies.values() if copies)

    def received(self) -> int:
        with self._lock:
            return sum(map(len, self.copies.values())) + self.more.total()

    def worst_of_a_life(self) -> int:
        """Of the messages that one daemon sent to one channel, the most of which something came again later, less one
        for each time that its children were killed and it lived on."""
        repeated = {
            (copy.life, channel, copy.message)
            for (headline, channel), copies in self.copies.items()
            for copy in copies[:-1]
            if (headline, channel) not in self.by_hand
        }
        again = Counter((life, channel) for life, channel, _ in repeated)
        return max((count - self.orphaned[life] for (life, _), count in again.items()), default=0)

    def alerts_of_a_headline(self) -> int:
        """The most that any was told as: one, if all is well."""
        ids: dict[str, set[str]] = defaultdict(set)
        for (headline, _), copies in self.copies.items():
            ids[headline].update(copy.alert for copy in copies if copy.alert)
        return max(map(len, ids.values()), default=0)

    def unmarked(self) -> int:
        """Repeats that did not say so, of messages that can: a digest has no line for it."""
        return sum(
            not copy.marked and (headline, channel) not in self.by_hand
            for (headline, channel), copies in self.copies.items()
            for copy in copies[1:]
            if copy.alert
        )


def _alert_id(text: str) -> str:
    """Isolates that keep it apart from Arabic may stand around it."""
    found = re.search(r"Alert: \W?(\d+\.\d+)", text)
    return found[1] if found else ""


def _handler(press: Press) -> type[BaseHTTPRequestHandler]:
    class Handler(Quiet):
        def do_GET(self) -> None:
            if press.is_down:
                self.close_connection = True
                return
            self._answer(200, press.page(self.path))

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
            channel, life = self.path.strip("/"), int(self.headers[LIFE])
            taken = press.take(channel, life, f"{body['title']}\n{body['message']}")
            if channel == "slow":
                time.sleep(press.rng.uniform(*SLOW))
            self._answer(503 if taken is None else 200, json.dumps({"id": taken}).encode())

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


@contextmanager
def press(seed: int) -> Iterator[Press]:
    made = Press(Random(seed))
    with listening(_handler(made)) as made.port:
        yield made
