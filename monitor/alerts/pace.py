"""How fast messages may follow each other, and how long a channel is left in peace: decided without waiting."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from monitor.alerts.flow import FIRST_REST, LONGEST_REST, Bucket, Flow, Hold, buckets
from monitor.alerts.zero import Zero
from monitor.model import Channel, NotSent, Rate, SendResult
from monitor.ports import Clock

_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)
_MICROSECOND = timedelta(microseconds=1)

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
FORGOTTEN_AFTER: Final = 86_400.0  # seconds; a recipient that nothing was for since then may be there no more


class Pacer:
    """Keeps account of every channel and recipient since the start of this process, and of what another told of a
    channel when it handed it over. Thread-safe; nothing waits here."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._flows: dict[str, dict[str, Flow]] = {}
        self._rates: dict[str, tuple[Rate, ...]] = {}
        self._whole: dict[str, list[Bucket]] = {}  # the operator's own rate is one for all recipients of a channel
        self._paused: dict[str, tuple[float, str]] = {}

    def hold(self, channel: Channel) -> Hold | None:
        """Why nothing can be sent to anybody behind the channel now; None if something may be."""
        with self._lock:
            now = self._clock.monotonic()
            if paused := self._pause(channel.id, now):
                return paused
            flows = self._of(channel).values()
            holds = [flow.hold(now) for flow in flows]
            if not holds or None in holds:
                return None
            return min((hold for hold in holds if hold), key=lambda hold: hold.seconds)

    def room(self, channel: Channel, most: int) -> int:
        """How many are worth claiming, 1 to `most`."""
        with self._lock:
            now = self._clock.monotonic()
            flows = self._of(channel).values()
            return max(1, min(most, max((flow.free(now, most) for flow in flows), default=most)))

    def take(self, channel: Channel, key: str, *, critical: bool = True) -> Hold | None:
        """A token for one message to one recipient; or why there is none now. Some are kept for critical alerts."""
        with self._lock:
            now = self._clock.monotonic()
            flow = self._flow(channel, key)
            flows = self._sharing(channel)
            hold = self._pause(channel.id, now) or flow.hold(now, critical=critical, flows=flows)
            if hold is None:
                for bucket in flow.buckets:
                    bucket.taken.append(now)
                flow.critical_at = now if critical else flow.critical_at
            return hold

    def within_a_minute(self, channel: Channel, key: str) -> int | None:
        """How many messages may go to one recipient within a minute from now, without those kept for critical alerts;
        None for any number."""
        with self._lock:
            return self._flow(channel, key).within_a_minute(self._clock.monotonic(), self._sharing(channel))

    def fails(self, channel: Channel, key: str) -> bool:
        """Whether the last message to the recipient failed."""
        with self._lock:
            return self._flow(channel, key).failures > 0

    def note(self, channel: Channel, key: str, result: SendResult) -> None:
        """What became of a message: a service that asks for time gets it, from all that is for the channel."""
        with self._lock:
            now = self._clock.monotonic()
            flow = self._flow(channel, key)
            if not isinstance(result, NotSent) or result.permanent:
                flow.failures, flow.rests_until = 0, 0.0
                return
            flow.rests_until = now + min(FIRST_REST * 2.0 ** min(flow.failures, 16), LONGEST_REST)
            flow.failures, flow.why = flow.failures + 1, result.detail
            if result.retry_after is not None:
                pause = min(result.retry_after.total_seconds(), LONGEST_PAUSE)
                self._paused[channel.id] = (now + pause, result.detail)

    def dump(self, channel_id: str, zero: Zero) -> dict[str, Any]:
        """All that is known of a channel, as JSON has it; `load` on another machine makes it the same there."""
        with self._lock:
            now = self._clock.monotonic()
            whole = self._whole.get(channel_id, [])
            until, why = self._paused.get(channel_id, (0.0, ""))
            return {
                "rates": [[rate.count, rate.per // _MICROSECOND] for rate in self._rates.get(channel_id, ())],
                "whole": [bucket.dump(now, zero) for bucket in whole],
                "flows": {
                    key: flow.dump(now, zero, shares=bool(whole))
                    for key, flow in self._flows.get(channel_id, {}).items()
                    if now - flow.asked_at < FORGOTTEN_AFTER
                },
                "pause": [zero.instant(until), why] if until > now else None,
            }

    def load(self, channel_id: str, told: dict[str, Any], zero: Zero) -> None:
        """In place of what was known here. Nothing is held up for longer than if it had happened just now."""
        with self._lock:
            now = self._clock.monotonic()
            rates = tuple(Rate(count=count, per=per * _MICROSECOND) for count, per in told["rates"])
            whole = buckets(rates, told["whole"], now, zero) if told["whole"] else []
            flows = {
                key: Flow.load(whole or buckets(rates, each["taken"], now, zero), each, now, zero)
                for key, each in told["flows"].items()
            }
            paused = {}
            if told["pause"] is not None:
                until, why = told["pause"]
                paused[channel_id] = zero.moment(until, latest=now + LONGEST_PAUSE), str(why)
            self._forget(channel_id)
            self._rates[channel_id], self._whole[channel_id], self._flows[channel_id] = rates, whole, flows
            self._paused.update(paused)

    def forget(self, channel_id: str) -> None:
        """Nothing was ever sent to it."""
        with self._lock:
            self._forget(channel_id)

    def _forget(self, channel_id: str) -> None:
        for known in (self._rates, self._whole, self._flows, self._paused):
            known.pop(channel_id, None)

    def _pause(self, channel_id: str, now: float) -> Hold | None:
        until, why = self._paused.get(channel_id, (0.0, ""))
        return Hold(until - now, "pause", why) if until > now else None

    def _sharing(self, channel: Channel) -> int:
        """How many recipients share a rate."""
        return max(len(self._of(channel)), 1) if self._whole[channel.id] else 1

    def _of(self, channel: Channel) -> dict[str, Flow]:
        """The channel's flows; new ones if its rates have changed."""
        rates = rates_of(channel)
        if self._rates.get(channel.id) != rates:
            self._rates[channel.id] = rates
            self._whole[channel.id] = [Bucket(rate) for rate in rates] if channel.rate else []
            self._flows[channel.id] = {}
        return self._flows[channel.id]

    def _flow(self, channel: Channel, key: str) -> Flow:
        flows = self._of(channel)
        if key not in flows:
            whole = self._whole[channel.id]
            flows[key] = Flow(whole or [Bucket(rate) for rate in self._rates[channel.id]])
        flows[key].asked_at = self._clock.monotonic()
        return flows[key]


def rates_of(channel: Channel) -> tuple[Rate, ...]:
    """What holds for a channel: the operator's word, else what its service is known to take; none for the console."""
    if channel.rate is not None:
        return (channel.rate,)
    if channel.url is None:
        return ()
    schema = channel.url.reveal().strip().partition("://")[0].lower()
    return () if schema in OWN else LIMITS.get(schema, OTHERS)
