"""Values with valid defaults, so that a test names only what it is about."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.model import (
    Alert,
    Entry,
    Facts,
    Feed,
    Fingerprint,
    IngestEntry,
    Match,
    Origin,
    Reason,
    Recipient,
    Secret,
    Severity,
    Sketch,
    Span,
    Verdict,
)
from monitor.ports import Store

NOW = datetime(2026, 3, 4, 5, 6, 7, 890123, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DESK = Recipient(channel_id="desk", key="only")
FIELD = Recipient(channel_id="field", key="only")


def feed(feed_id: str = "local") -> Feed:
    return Feed(
        id=feed_id,
        url=Secret(f"https://{feed_id}.example/feed"),
        address=f"https://{feed_id}.example/feed",
        name=feed_id,
        source=feed_id,
        every=timedelta(minutes=5),
    )


def feeds(*ids: str) -> list[Feed]:
    return [feed(each) for each in ids]


def digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def verdict(rule_id: str = "strikes", reason: Reason = Reason.FIRST_REPORT, spans: Sequence[Span] = ()) -> Verdict:
    return Verdict(match=Match(rule_id=rule_id, severity=Severity.HIGH, spans=tuple(spans)), reason=reason)


def item(
    title: str = "غارة على أطراف البلدة",
    *,
    summary: str = "",
    body: str = "",
    feed_id: str = "local",
    guid: str = "",
    link: str | None = None,
    published_at: datetime | None = None,
    markup: str = "",
    known_id: int | None = None,
    story_id: int | None = None,
    verdicts: Sequence[Verdict] = (),
    facts: Facts | None = None,
    origin: Origin | None = None,
) -> IngestEntry:
    """An entry to write; `markup` changes how it was published without changing its text. It is a report if there is a
    verdict."""
    origin = origin or Origin(newsroom=feed_id, owner=feed_id)
    entry = Entry(
        feed_id=feed_id, guid=guid, link=link, title=title, summary=summary, body=body, published_at=published_at
    )
    mark = Fingerprint(
        raw=digest(f"{guid} {link} {title} {summary} {body} {markup}"),
        text=digest(f"{title} {summary} {body}"),
        headline=digest(title),
        words=frozenset(f"{title} {summary}".split()),
    )
    return IngestEntry(
        entry=entry,
        fingerprint=mark,
        known_id=known_id,
        story_id=story_id,
        verdicts=tuple(verdicts),
        sketch=replace(
            sketch(mark, facts or Facts(), told_at=published_at or NOW, keys=[key(title)]), newsroom=origin.newsroom
        )
        if verdicts
        else None,
        origin=origin if verdicts else None,
    )


def key(title: str) -> int:
    """What the stories of this headline are found by."""
    return int.from_bytes(digest(title)[:8], "big", signed=True)


def sketch(mark: Fingerprint, facts: Facts, *, told_at: datetime, keys: Sequence[int]) -> Sketch:
    return Sketch(
        text=mark.text,
        headline=mark.headline,
        grams=frozenset({0, 7, 2**32 - 1}),
        facts=facts,
        told_at=told_at,
        language="ar",
        keys=tuple(keys),
        words=(9, 2**31, 4),
        title=2,
        spots=frozenset({11}),
        names=frozenset({13, 2**31 + 1}),
        marks=frozenset({"again", "night"}),
    )


def alert(story_id: int, number: int = 1, *, rule_id: str = "strikes", decided_at: datetime = NOW) -> Alert:
    return Alert(
        id=f"{story_id}.{number}",
        story_id=story_id,
        number=number,
        rule_id=rule_id,
        rule_title={"ar": "غارات", "en": "Strikes"},
        severity=Severity.HIGH,
        reason=Reason.FIRST_REPORT,
        feed_id="local",
        feed_name="الجريدة المحلية",
        title="غارة على أطراف البلدة",
        summary="قال شهود إن الغارة وقعت فجرا 🛑",
        link="https://local.example/1",
        published_at=NOW - MINUTE,
        decided_at=decided_at,
        spans=(Span(field="title", start=0, end=4, clause="event strike"),),
    )


def tell(
    store: Store, title: str = "غارة", *recipients: Recipient, seen_at: datetime = NOW, rule_id: str = "strikes"
) -> Alert:
    """Write an entry that begins a story, and its alert to these recipients (the desk alone if none is named)."""
    with store.ingest() as tx:
        entry_id, story_id, number = tx.write(item(title, verdicts=[verdict(rule_id)]), seen_at=seen_at)
        assert story_id is not None
        told = alert(story_id, number, rule_id=rule_id, decided_at=seen_at)
        assert tx.alert(entry_id, told, recipients or (DESK,))
    return told
