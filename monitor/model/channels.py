"""Who is told, and how fast."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from typing import Final, Literal

from monitor.model.basics import Secret, Severity

WEBHOOKS: Final = ("cloudevents+http://", "cloudevents+https://")
ONLY: Final = "only"  # the recipient's key that stands for the address as a whole


def is_webhook(address: str) -> bool:
    """Whether it names a machine that takes alerts as CloudEvents; every other address is Apprise's."""
    return address.strip().lower().startswith(WEBHOOKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One person, room or address behind a channel: the unit of delivery.

    `key` tells the recipients of one channel apart. It holds no secret, and it is 'only' for a channel with a
    single recipient, so that a changed token does not orphan what is pending.
    """

    channel_id: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """At most `count` messages in any `per`."""

    count: int
    per: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """From `begin` to `end`, past midnight where that is the earlier. Alerts of `let_through` or above pass."""

    begin: time
    end: time
    let_through: Severity = Severity.CRITICAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When a digest goes out, in its channel's zone: on the hour where `at` is None; on every day, or on one `weekday`
    (0 is Monday)."""

    at: time | None = None
    weekday: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """`url` is an Apprise address, or that of a webhook, which `secret` signs; None is the console.

    `canary`: when it gets its daily test, in its zone. `rate` None: what its service is known to take. `zone` None: the
    rules' own.

    `fallback` names the channel that is told instead where this one refuses. It takes alerts; it may be left out.
    """

    id: str
    url: Secret | None
    language: Literal["ar", "en", "both"]
    min_severity: Severity = Severity.INFO
    operations: bool = False  # takes trouble of the monitor itself, no alerts
    canary: time | None = None
    rate: Rate | None = None
    fallback: str | None = None
    zone: str | None = None
    quiet_hours: QuietHours | None = None
    digest: Rhythm | None = None
    secret: Secret | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Beacon:
    """An address elsewhere that is asked as long as all is well: whoever watches it hears of our silence."""

    url: Secret
    every: timedelta
