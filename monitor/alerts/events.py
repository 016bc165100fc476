"""Alerts for machines: CloudEvents 1.0 in structured JSON, signed. What a receiver may rely on stands in
docs/reference/webhook.schema.json; a change that breaks it gets a new `type`."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from monitor.alerts.clean import safe_link
from monitor.alerts.fit import clip
from monitor.alerts.lines import LONGEST_HEADLINE
from monitor.model import Alert, Delivery, Figure, NamedFact, Recipient, Secret, SourceTold, Span
from monitor.text.clean import display

ALERT: Final = "org.monitor.alert.v1"
NOTICE: Final = "org.monitor.notice.v1"
LARGEST: Final = 64 * 1024  # bytes; CloudEvents 1.0, "Size Limits": what every intermediary must forward
SIGNATURE: Final = "X-Monitor-Signature"
ONE: Final = "application/cloudevents+json; charset=utf-8"
SEVERAL: Final = "application/cloudevents-batch+json; charset=utf-8"

Json = dict[str, Any]


def of_delivery(delivery: Delivery) -> Json:
    """The event of one alert to one recipient: the same at each try, so that a receiver can drop repeats by its id."""
    alert = delivery.alert
    return _small_enough(
        _event(
            id=_id(alert, delivery.recipient),
            source=f"urn:monitor:rule:{alert.rule_id}",
            type=ALERT,
            time=alert.decided_at,
            subject=f"story/{alert.story_id}",
            data=alert_data(alert)
            | {
                "stands_in_for": delivery.stands_in_for,
                "unacknowledged_since": _instant(delivery.unacknowledged_since),
            },
        )
    )


def of_notice(id: str, title: str, text: str, *, now: datetime) -> Json:
    """What the monitor says of itself."""
    data = {"title": title, "text": text}
    return _event(id=id, source="urn:monitor:operations", type=NOTICE, time=now, subject="operations", data=data)


def alert_data(alert: Alert) -> Json:
    """Everything of the alert. `title` and `summary` are as published, for `spans` count in them; `headline` and `url`
    are readable: without markup and what is invisible, and not escaped for any format."""
    return {
        "id": alert.id,
        "story": alert.story_id,
        "number": alert.number,
        "follows": alert.follows,
        "rule": {"id": alert.rule_id, "title": dict(alert.rule_title)},
        "severity": alert.severity.value,
        "reason": alert.reason.value,
        "why": alert.why,
        "before": dict(alert.before),
        "feed": {"id": alert.feed_id, "name": display(alert.feed_name)},
        "headline": clip(display(alert.title) or display(alert.summary), LONGEST_HEADLINE),
        "url": safe_link(alert.link) or None,
        "title": alert.title,
        "summary": alert.summary,
        "published_at": _instant(alert.published_at),
        "decided_at": _instant(alert.decided_at),
        "spans": [_span(span) for span in alert.spans],
        "facts": {
            "killed": _figure(alert.facts.killed),
            "wounded": _figure(alert.facts.wounded),
            "places": [_named(place) | _where(place) for place in alert.places],
            "events": [_named(event) for event in alert.events],
            "actors": [_named(actor) for actor in alert.actors],
            "tags": sorted(tag.value for tag in alert.facts.tags),
        },
        "sources": alert.sources,
        "reports": alert.reports,
        "told_by": [_source(source) for source in alert.told_by],
    }


def written(events: Sequence[Json], *, batch: bool) -> bytes:
    """JSON in UTF-8; halves of surrogate pairs, which no JSON reader has to take, are written as '?'."""
    text = json.dumps(list(events) if batch else events[0], ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def headers(body: bytes, *, batch: bool, secret: Secret | None, now: datetime) -> dict[str, str]:
    told = {"Content-Type": SEVERAL if batch else ONE}
    if secret is not None:
        told[SIGNATURE] = signature(body, secret.reveal(), at=int(now.timestamp()))
    return told


def signature(body: bytes, secret: str, *, at: int) -> str:
    """`t=UNIX,v1=HEX`: HMAC-SHA-256 of the time, a dot and the body, so that an old message cannot be sent anew."""
    mark = hmac.new(secret.encode("utf-8", "surrogateescape"), b"%d.%s" % (at, body), hashlib.sha256)
    return f"t={at},v1={mark.hexdigest()}"


def _event(*, id: str, source: str, type: str, time: datetime, subject: str, data: Json) -> Json:
    return {
        "specversion": "1.0",
        "id": id,
        "source": source,
        "type": type,
        "time": _instant(time),
        "subject": subject,
        "datacontenttype": "application/json",
        "data": data,
    }


def _small_enough(event: Json) -> Json:
    """With its longest texts cut, the summary first, where it would be larger than what all must let through."""
    for name in ("summary", "title"):
        excess = len(written([event], batch=False)) - LARGEST
        if excess <= 0:
            return event
        text = str(event["data"][name])
        low, high = 0, len(text)  # escapes make a character longer than it looks
        while low < high:
            middle = (low + high + 1) // 2
            cut = event | {"data": event["data"] | {name: text[:middle]}}
            low, high = (middle, high) if len(written([cut], batch=False)) <= LARGEST else (low, middle - 1)
        event = event | {"data": event["data"] | {name: text[:low]}}
    return event


def _id(alert: Alert, recipient: Recipient) -> str:
    """Also another than that of another monitor, whose stories have the same numbers."""
    told = "\n".join((alert.id, alert.decided_at.isoformat(), recipient.channel_id, recipient.key))
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:32]


def _instant(at: datetime | None) -> str | None:
    """RFC 3339, in UTC."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _span(span: Span) -> Json:
    return {"field": span.field, "start": span.start, "end": span.end, "clause": span.clause}


def _figure(figure: Figure | None) -> Json | None:
    return None if figure is None else {"least": figure.least, "most": figure.most, "span": _span(figure.span)}


def _named(fact: NamedFact) -> Json:
    return {"id": fact.id, "name": dict(fact.name)}


def _where(place: NamedFact) -> Json:
    return {"pcode": place.pcode or None, "lat": place.lat, "lon": place.lon}


def _source(source: SourceTold) -> Json:
    return {
        "name": display(source.name),
        "url": safe_link(source.link) or None,
        "told_at": _instant(source.told_at),
        "independent": source.independent,
    }
