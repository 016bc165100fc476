"""What is asked of a sending process: a message or an event, with all that it must know to send it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from monitor.alerts import events
from monitor.alerts.clean import safe_link
from monitor.alerts.render import Message
from monitor.model import ONLY, Alert, Channel, Delivery, Secret, Severity

Request = dict[str, Any]

# What colour and icon a service gives the message (Apprise's notification types).
TYPES: Final[dict[Severity, str]] = {
    Severity.CRITICAL: "failure",
    Severity.HIGH: "warning",
    Severity.MEDIUM: "warning",
    Severity.LOW: "info",
    Severity.INFO: "info",
}
_TAG = re.compile(r"[A-Za-z0-9_.-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A message to one recipient. `alternative`: the body as plain text, where it is something else. `id` is the same
    for each try; `thread` is what the service called the message that this one follows."""

    key: str
    message: Message
    severity: Severity
    id: str
    alternative: str = ""
    link: str = ""
    tags: tuple[str, ...] = ()
    rtl: bool = False
    thread: str | None = None

    def request(self, url: Secret) -> Request:
        return {
            "do": "send",
            "url": url.reveal(),
            "key": self.key,
            "title": self.message.title,
            "body": self.message.body,
            "format": self.message.format,
            "alternative": self.alternative,
            "type": TYPES[self.severity],
            "severity": self.severity.value,
            "link": self.link,
            "tags": list(self.tags),
            "rtl": self.rtl,
            "id": f"{self.id} {self.key}",
            "thread": self.thread,
        }


def of_alert(channel: Channel, delivery: Delivery, message: Message, alternative: str) -> Post:
    alert = delivery.alert
    return Post(
        key=delivery.recipient.key,
        message=message,
        severity=alert.severity,
        id=alert.id,
        alternative=alternative,
        link=safe_link(alert.link),
        tags=tuple(tag for tag in (alert.severity.value, alert.rule_id) if _TAG.fullmatch(tag)),
        rtl=channel.language != "en",
        thread=delivery.thread,
    )


def of_digest(channel: Channel, deliveries: Sequence[Delivery], message: Message, alternative: str) -> Post:
    """As severe as the most severe of them. It hangs on nothing."""
    alerts = [delivery.alert for delivery in deliveries]
    return Post(
        key=deliveries[0].recipient.key,
        message=message,
        severity=max((alert.severity for alert in alerts), key=lambda each: each.rank),
        id=digest_id(alerts),
        alternative=alternative,
        rtl=channel.language != "en",
    )


def of_notice(channel: Channel, id: str, message: Message, alternative: str) -> Post:
    """To everybody behind the channel."""
    return Post(
        key=ONLY,
        message=message,
        severity=Severity.HIGH,
        id=id,
        alternative=alternative,
        rtl=channel.language != "en",
    )


def digest_id(alerts: Sequence[Alert]) -> str:
    """The same for the same alerts, so that a repeated digest is known for one."""
    named = "\n".join(sorted(alert.id for alert in alerts))
    return f"digest {hashlib.sha256(named.encode('utf-8', 'replace')).hexdigest()[:24]}"


def to_machine(channel: Channel, url: Secret, told: Sequence[events.Json], *, now: datetime) -> Request:
    """The events in one request: alone as itself, several as a batch."""
    batch = len(told) > 1
    body = events.written(told, batch=batch)
    return {
        "do": "post",
        "url": url.reveal(),
        "body": body.decode(),
        "headers": events.headers(body, batch=batch, secret=channel.secret, now=now),
    }
