"""How fast messages may follow each other, and how long a channel is left in peace: decided without waiting."""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Literal

from monitor.model import Channel, NotSent, Rate, SendResult
from monitor.ports import Clock

_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)

# What services say that they take from one sender to one recipient (their documentation for developers). Telegram:
# 1 a second to a chat, 20 a minute to a group; whether a chat is a group, its address does not tell. Discord: 5 in
# 2 seconds and 30 a minute to a webhook. ntfy.sh: 60, then one in 5 seconds. Mail: what providers of many kinds bear.
LIMITS: Final[Mapping[str, tuple[Rate, ...]]] = {
    "slack": (Rate(count=1, per=_SECOND),),
    "tgram": (Rate(count=1, per=_SECOND), Rate(count=20, per=_MINUTE)),
    "discord": (Rate(count=5, per=2 * _SECOND), Rate(count=30, per=_MINUTE)),
    "ntfy": (Rate(count=60, per=5 * _MINUTE),),
    "ntfys": (Rate(count=60, per=5 * _MINUTE),),
}
# The operator's own receivers: no limit.
OWN: Final = frozenset(("cloudevents+http", "cloudevents+https", "form", "forms", "json", "jsons", "xml", "xmls"))
OTHERS: Final = (Rate(count=60, per=_MINUTE),)

LONGEST_PAUSE: Final = 3600.0  # seconds; a server may ask for more, we do not trust it with more
FIRST_REST, LONGEST_REST = 1.0, 30.0  # seconds; how long the other alerts of a recipient wait after one failed

# Critical alerts are not held up by the others: some tokens are kept for them, enough for one message (of one or of
# many) this often.
CRITICAL_EVERY: Final = 30.0  # seconds
CRITICAL_WITHIN: Final = 60.0  # seconds; a rate that is slower than that is no reason to wait with them


@dataclass(frozen=True, slots=True)
class Hold:
    """Not now: for so many seconds; `pace` is our own moderation, the others follow a failure, told in `why`."""

    seconds: float
    reason: Literal["pace", "rest", "pause"]
    why: str | None = None


@dataclass(slots=True)
class _Bucket:
    """The times of the last tokens taken: one comes back `per` after it was taken, so that no `per` sees too many."""

    rate: Rate
    taken: deque[float] = field(default_factory=deque)

    def left(self, now: float) -> int:
        while self.taken and now - self.taken[0] >= self.rate.per.total_seconds():
            self.taken.popleft()
        return self.rate.count - len(self.taken)

    def wait(self, now: float, kept: int = 0) -> float:
        """Seconds until there is a token beyond those kept."""
        short = kept + 1 - self.left(now)
        return 0.0 if short <= 0 else self.taken[short - 1] + self.rate.per.total_seconds() - now

    def within(self, now: float, seconds: float) -> int:
        """How many tokens there will be until then, if none but these is taken."""
        per = self.rate.per.total_seconds()
        if per < seconds:
            return int(self.rate.count * seconds / per)
        return self.left(now) + sum(at + per <= now + seconds for at in self.taken)

    def kept(self, lanes: int) -> int:
        """How many tokens are kept for critical alerts of so many recipients: half of them at most."""
        per = self.rate.per.total_seconds()
        return min(math.ceil(per / CRITICAL_EVERY) * lanes, self.rate.count // 2) if per > CRITICAL_EVERY else 0


@dataclass(slots=True)
class _Lane:
    """One recipient: what it may be sent, and whether it just failed."""

    buckets: list[_Bucket]
    failures: int = 0  # consecutive
    rests_until: float = 0.0
    why: str = ""
    critical_at: float = -math.inf  # when it was last sent something critical

    def hold(self, now: float, *, critical: bool = True, lanes: int = 1) -> Hold | None:
        if self.rests_until > now:
            return Hold(self.rests_until - now, "rest", self.why)
        wait = max((bucket.wait(now, 0 if critical else bucket.kept(lanes)) for bucket in self.buckets), default=0.0)
        if critical and wait > CRITICAL_WITHIN:  # a rate of the operator's that is as slow as that
            wait = max(self.critical_at + CRITICAL_WITHIN - now, 0.0)
        return Hold(wait, "pace") if wait > 0 else None

    def within_a_minute(self, now: float, lanes: int) -> int | None:
        """None for any number."""
        free = (bucket.within(now, 60.0) - bucket.kept(lanes) for bucket in self.buckets)
        return max(min(free), 0) if self.buckets else None

    def free(self, now: float, most: int) -> int:
        if self.hold(now) is not None:
            return 0
        return min((bucket.left(now) for bucket in self.buckets), default=most) if not self.failures else 1


class Pacer:
    """Keeps account of every channel and recipient since the start of this process. Thread-safe; nothing waits here."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._lanes: dict[str, dict[str, _Lane]] = {}
        self._rates: dict[str, tuple[Rate, ...]] = {}
        self._whole: dict[str, list[_Bucket]] = {}  # the operator's own rate is one for all recipients of a channel
        self._paused: dict[str, tuple[float, str]] = {}

    def hold(self, channel: Channel) -> Hold | None:
        """Why nothing can be sent to anybody behind the channel now; None if something may be."""
        with self._lock:
            now = self._clock.monotonic()
            if paused := self._pause(channel.id, now):
                return paused
            lanes = self._of(channel).values()
            holds = [lane.hold(now) for lane in lanes]
            if not holds or None in holds:
                return None
            return min((hold for hold in holds if hold), key=lambda hold: hold.seconds)

    def room(self, channel: Channel, most: int) -> int:
        """How many are worth claiming, 1 to `most`."""
        with self._lock:
            now = self._clock.monotonic()
            lanes = self._of(channel).values()
            return max(1, min(most, max((lane.free(now, most) for lane in lanes), default=most)))

    def take(self, channel: Channel, key: str, *, critical: bool = True) -> Hold | None:
        """A token for one message to one recipient; or why there is none now. Some are kept for critical alerts."""
        with self._lock:
            now = self._clock.monotonic()
            lane = self._lane(channel, key)
            lanes = self._sharing(channel)
            hold = self._pause(channel.id, now) or lane.hold(now, critical=critical, lanes=lanes)
            if hold is None:
                for bucket in lane.buckets:
                    bucket.taken.append(now)
                lane.critical_at = now if critical else lane.critical_at
            return hold

    def within_a_minute(self, channel: Channel, key: str) -> int | None:
        """How many messages may go to one recipient within a minute from now, without those kept for critical alerts;
        None for any number."""
        with self._lock:
            return self._lane(channel, key).within_a_minute(self._clock.monotonic(), self._sharing(channel))

    def fails(self, channel: Channel, key: str) -> bool:
        """Whether the last message to the recipient failed."""
        with self._lock:
            return self._lane(channel, key).failures > 0

    def note(self, channel: Channel, key: str, result: SendResult) -> None:
        """What became of a message: a service that asks for time gets it, from all that is for the channel."""
        with self._lock:
            now = self._clock.monotonic()
            lane = self._lane(channel, key)
            if not isinstance(result, NotSent) or result.permanent:
                lane.failures, lane.rests_until = 0, 0.0
                return
            lane.rests_until = now + min(FIRST_REST * 2.0 ** min(lane.failures, 16), LONGEST_REST)
            lane.failures, lane.why = lane.failures + 1, result.detail
            if result.retry_after is not None:
                pause = min(result.retry_after.total_seconds(), LONGEST_PAUSE)
                self._paused[channel.id] = (now + pause, result.detail)

    def _pause(self, channel_id: str, now: float) -> Hold | None:
        until, why = self._paused.get(channel_id, (0.0, ""))
        return Hold(until - now, "pause", why) if until > now else None

    def _sharing(self, channel: Channel) -> int:
        """How many recipients share a rate."""
        return max(len(self._of(channel)), 1) if self._whole[channel.id] else 1

    def _of(self, channel: Channel) -> dict[str, _Lane]:
        """The channel's lanes; new ones if its rates have changed."""
        rates = rates_of(channel)
        if self._rates.get(channel.id) != rates:
            self._rates[channel.id] = rates
            self._whole[channel.id] = [_Bucket(rate) for rate in rates] if channel.rate else []
            self._lanes[channel.id] = {}
        return self._lanes[channel.id]

    def _lane(self, channel: Channel, key: str) -> _Lane:
        lanes = self._of(channel)
        if key not in lanes:
            whole = self._whole[channel.id]
            lanes[key] = _Lane(whole or [_Bucket(rate) for rate in self._rates[channel.id]])
        return lanes[key]


def rates_of(channel: Channel) -> tuple[Rate, ...]:
    """What holds for a channel: the operator's word, else what its service is known to take; none for the console."""
    if channel.rate is not None:
        return (channel.rate,)
    if channel.url is None:
        return ()
    schema = channel.url.reveal().strip().partition("://")[0].lower()
    return () if schema in OWN else LIMITS.get(schema, OTHERS)
