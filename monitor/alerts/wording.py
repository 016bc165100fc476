"""What a channel is told, in words: in the format of its service, its language and its size."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final, Literal

from monitor.alerts import events
from monitor.alerts.fit import Limits
from monitor.alerts.render import Format, Message, Templates, notice, render, render_digest
from monitor.model import Alert, Delivery

WITH_TEXT: Final = frozenset(("html", "matrix"))  # formats beside which a service takes plain text

Worded = tuple[Message, str]  # and the same as plain text, '' where the service takes none


@dataclass(frozen=True, slots=True)
class Shape:
    """How a service takes a message."""

    format: Format
    limits: Limits


@dataclass(frozen=True, slots=True)
class Preview:
    """A message as it would be sent; `limits` None: to a machine, which takes it whole."""

    message: Message
    limits: Limits | None


@dataclass(frozen=True, slots=True)
class Wording:
    """`links`: where an alert's message leads. `templates`: the operator's own, by format."""

    language: Literal["ar", "en", "both"]
    zone: tzinfo
    now: datetime
    links: Callable[[Alert], Mapping[str, str]]
    templates: Templates

    def alert(self, delivery: Delivery, shape: Shape) -> Worded:
        links = self.links(delivery.alert)

        def write(format: Format) -> Message:
            return render(
                delivery.alert,
                language=self.language,
                zone=self.zone,
                now=self.now,
                limits=shape.limits,
                attempt=delivery.attempts + 1,
                repeated=delivery.doubts > 0,
                stands_in_for=delivery.stands_in_for,
                unacknowledged_since=delivery.unacknowledged_since,
                format=format,
                links=links,
                templates=self.templates,
            )

        return _with_text(write, shape)

    def digest(self, deliveries: Sequence[Delivery], shape: Shape) -> Worded:
        """One alone is an alert."""
        if len(deliveries) == 1:
            return self.alert(deliveries[0], shape)
        alerts = [delivery.alert for delivery in deliveries]
        links = {alert.id: self.links(alert) for alert in alerts}

        def write(format: Format) -> Message:
            return render_digest(
                alerts,
                language=self.language,
                zone=self.zone,
                now=self.now,
                limits=shape.limits,
                format=format,
                links=links,
                templates=self.templates,
            )

        return _with_text(write, shape)

    def notice(self, title: str, body: str, shape: Shape) -> Worded:
        def write(format: Format) -> Message:
            return notice(title, body, shape.limits, format=format, language=self.language)

        return _with_text(write, shape)


def _with_text(write: Callable[[Format], Message], shape: Shape) -> Worded:
    message = write(shape.format)
    if message.text_alternative or shape.format not in WITH_TEXT:
        return message, message.text_alternative
    return message, write("text").body


def machine_preview(made: Sequence[events.Json]) -> Preview:
    """The event, or the batch of them, that a webhook would be sent."""
    shown = json.dumps(made if len(made) > 1 else made[0], ensure_ascii=False, indent=2)
    return Preview(Message(title="", body=shown), None)
