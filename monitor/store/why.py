"""What became of an entry: found by what people know of it, with every decision about it and every message sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.model import DeliveryStatus, EntrysArticle, Hold, Kinship, Origin, Reason, Severity, Span
from monitor.store import article_reading, codec, story_codec
from monitor.store.migrate import short_hash
from monitor.store.read import Reader
from monitor.store.sql import Row
from monitor.store.wish_rows import Acknowledged, acknowledged

SHOWN = 10  # entries that a part of a headline finds, the newest


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldDelivery:
    """One message of an alert. `due_at` where it waits."""

    channel: str
    status: DeliveryStatus
    hold: Hold | None
    due_at: datetime | None
    sent_at: datetime | None
    attempts: int
    last_error: str | None
    answer: str | None
    stands_in_for: str | None
    unacknowledged_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextInChain:
    """Who is told next, and when, if nobody acknowledges it."""

    channel: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldAlert:
    id: str
    rule_id: str
    reason: Reason
    severity: Severity
    decided_at: datetime
    sources: int
    reports: int
    deliveries: tuple[ToldDelivery, ...]
    acknowledged: Acknowledged | None = None
    next_in_chain: NextInChain | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One verdict. `version` counts the texts that the entry has had, from 1, and `version_id` is that text's; `spans`
    are in it; `alerts` followed from it."""

    rule_id: str
    version: int
    version_id: int
    reason: Reason
    why: str
    severity: Severity
    decided_at: datetime
    alerts: tuple[ToldAlert, ...]
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The story that an entry is in, whose word the entry is, and why it came into it: `joined` says nothing of the one
    that began it."""

    story_id: int
    origin: Origin
    joined: Kinship
    owners: tuple[str, ...]  # of the story's reports, each once, in the order seen
    reports: int


@dataclass(frozen=True, slots=True)
class Texts:
    """One text of an entry, as published."""

    title: str
    summary: str
    body: str


@dataclass(frozen=True, slots=True)
class Tellers:
    """Who tells a story, each once, in the order of their first reports; how many reports there are."""

    owners: tuple[str, ...]
    reports: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An entry, and what became of it. `versions`: how many texts it has had; `edits`: how many of them its newsroom
    wrote later, the others came with the article. `decisions` in the order given. `article` None: the page that it
    links to was never wanted."""

    id: int
    feed_id: str
    title: str
    link: str | None
    published_at: datetime | None
    seen_at: datetime
    versions: int
    edits: int
    story: Told | None
    decisions: tuple[Decision, ...]
    article: EntrysArticle | None = None


_ALERT_ID = re.compile(r"\d+\.\d+")
_ENTRY = """
    SELECT entry.*, feed_key.feed_id,
        coalesce((SELECT title FROM entry AS later WHERE later.first_id = entry.id ORDER BY id DESC LIMIT 1), title)
            AS latest, (SELECT count(*) FROM entry AS later WHERE later.first_id = entry.id) + 1 AS versions,
        (SELECT count(*) FROM entry AS later JOIN completed_text ON version_id = later.id
            WHERE later.first_id = entry.id) AS completed
    FROM entry JOIN feed_key ON feed_key.feed = entry.feed WHERE entry.id = ? AND first_id IS NULL
"""
_BY_ADDRESS = (
    "SELECT id FROM entry WHERE link_hash = ? AND feed = ? AND link = ?",
    "SELECT id FROM entry WHERE guid_hash = ? AND feed = ? AND guid = ?",
)
_VERDICTS = """
    SELECT verdict.*, (
        SELECT count(*) FROM entry WHERE (id = verdict.entry_id OR first_id = verdict.entry_id)
            AND id <= verdict.version_id
    ) AS version FROM verdict WHERE entry_id = ? ORDER BY decided_us, version_id, rule_id
"""
_ALERTS = "SELECT * FROM alert WHERE entry_id = ? ORDER BY number"
_ALERTS_OF_STORY = "SELECT * FROM alert WHERE story_id = ? AND number < ? ORDER BY number DESC LIMIT ?"
_TELLERS = """
    SELECT owner, count(*) AS reports FROM report WHERE story_id = ? GROUP BY owner ORDER BY min(seen_us), min(entry_id)
"""
_DELIVERIES = "SELECT * FROM delivery WHERE alert_id = ? ORDER BY id"


def find(reader: Reader, asked: str) -> list[int]:
    """Ids of the entries meant, the newest first: by the id of an entry or an alert, an address, or words of the
    headline. Many words may fit many: at most ten."""
    asked = asked.strip()
    if _ALERT_ID.fullmatch(asked):
        return _ids(reader.rows("SELECT entry_id FROM alert WHERE id = ?", asked))
    if asked.isascii() and asked.isdigit() and len(asked) < 19:
        return _ids(reader.rows("SELECT coalesce(first_id, id) FROM entry WHERE id = ?", int(asked)))
    if is_address(asked):
        return _by_address(reader, asked)
    return _by_words(reader, asked)


def is_address(asked: str) -> bool:
    return asked.lower().startswith(("http://", "https://"))


def _by_address(reader: Reader, address: str) -> list[int]:
    """As it was published, or without what browsers and readers change in it."""
    plain = address.partition("#")[0]
    spelled = dict.fromkeys((address, plain, plain.rstrip("/"), plain.rstrip("/") + "/", *_other_scheme(plain)))
    found: set[int] = set()
    for feed in _ids(reader.rows("SELECT feed FROM feed_key")):
        for each in spelled:
            told = (short_hash(feed, each), feed, each)
            found.update(*(_ids(reader.rows(query, *told)) for query in _BY_ADDRESS))
    return sorted(found, reverse=True)[:SHOWN]


def _other_scheme(address: str) -> Iterable[str]:
    scheme, _, rest = address.partition("://")
    other = "http" if scheme.lower() == "https" else "https"
    return f"{other}://{rest}", f"{other}://{rest.rstrip('/')}"


def _by_words(reader: Reader, text: str) -> list[int]:
    """Entries of whose title and summary all words are, in any spelling."""
    from monitor.text.document import read_text

    words = dict.fromkeys(read_text(text).words)
    if not words:
        return []
    has = " AND ".join(["words LIKE ? ESCAPE '!'"] * len(words))
    query = f"SELECT id FROM entry WHERE first_id IS NULL AND {has} ORDER BY id DESC LIMIT {SHOWN}"  # noqa: S608 - ours
    return _ids(reader.rows(query, *(f'%"{_escaped(word)}"%' for word in words)))


def _escaped(word: str) -> str:
    return re.sub("[!%_]", lambda found: f"!{found[0]}", word)


def _ids(rows: Iterable[Row]) -> list[int]:
    return [row[0] for row in rows]


def account(reader: Reader, entry_id: int, *, tellers: Tellers | None = None) -> Account | None:
    """`tellers`: of its story, where the caller knows them already."""
    rows = reader.rows(_ENTRY, entry_id)
    if not rows:
        return None
    row, alerts = rows[0], _alerts(reader, entry_id)
    return Account(
        id=row["id"],
        feed_id=row["feed_id"],
        title=row["latest"],
        link=row["link"],
        published_at=codec.instant_or_none(row["published_us"]),
        seen_at=codec.instant(row["written_us"]),
        versions=row["versions"],
        edits=row["versions"] - 1 - row["completed"],
        story=_story(reader, entry_id, tellers),
        decisions=tuple(_decisions(reader, entry_id, alerts)),
        article=article_reading.of_entry(reader.database, entry_id),
    )


def _decisions(reader: Reader, entry_id: int, alerts: Sequence[ToldAlert]) -> Iterable[Decision]:
    for row in reader.rows(_VERDICTS, entry_id):
        at = codec.instant(row["decided_us"])
        yield Decision(
            rule_id=row["rule_id"],
            version=row["version"],
            version_id=row["version_id"],
            reason=Reason[row["reason"]],
            why=row["why"],
            severity=Severity(row["severity"]),
            decided_at=at,
            alerts=tuple(each for each in alerts if (each.rule_id, each.decided_at) == (row["rule_id"], at)),
            spans=codec.load_spans(row["spans"]),
        )


def _alerts(reader: Reader, entry_id: int) -> list[ToldAlert]:
    return _told(reader, reader.rows(_ALERTS, entry_id))


def alerts_of_story(reader: Reader, story_id: int, *, below: int, limit: int) -> list[ToldAlert]:
    """Those of lower numbers, the highest first."""
    return _told(reader, reader.rows(_ALERTS_OF_STORY, story_id, below, limit))


def _told(reader: Reader, rows: Iterable[Row]) -> list[ToldAlert]:
    return [
        ToldAlert(
            id=row["id"],
            rule_id=row["rule_id"],
            reason=Reason[row["reason"]],
            severity=Severity(row["severity"]),
            decided_at=codec.instant(row["decided_us"]),
            sources=(told := story_codec.load_told(row["told"]))["sources"],
            reports=told["reports"],
            deliveries=tuple(_deliveries(reader, row["id"])),
            acknowledged=acknowledged(reader.database, row["id"]),
            next_in_chain=_next_in_chain(reader, row["id"]),
        )
        for row in rows
    ]


def _deliveries(reader: Reader, alert_id: str) -> Iterable[ToldDelivery]:
    for row in reader.rows(_DELIVERIES, alert_id):
        status = DeliveryStatus(row["status"])
        waits = status in (DeliveryStatus.PENDING, DeliveryStatus.RETRYING)
        yield ToldDelivery(
            channel=row["channel_id"],
            status=status,
            hold=Hold[row["hold"]] if row["hold"] else None,
            due_at=codec.instant(row["next_try_us"]) if waits else None,
            sent_at=codec.instant_or_none(row["sent_us"]),
            attempts=row["attempts"],
            last_error=row["last_error"],
            answer=row["answer"],
            stands_in_for=row["stands_in_for"],
            unacknowledged_since=codec.instant_or_none(row["unacknowledged_us"]),
        )


def _next_in_chain(reader: Reader, alert_id: str) -> NextInChain | None:
    rows = reader.rows("SELECT channels, due_us FROM chain WHERE alert_id = ?", alert_id)
    if not rows:
        return None
    return NextInChain(channel=json.loads(rows[0]["channels"])[0], due_at=codec.instant(rows[0]["due_us"]))


def texts_of(reader: Reader, decision: Decision) -> Texts | None:
    """What was judged; None where that text is not kept any more."""
    rows = reader.rows("SELECT title, summary, body FROM entry WHERE id = ?", decision.version_id)
    return Texts(rows[0]["title"], rows[0]["summary"], rows[0]["body"]) if rows else None


def tellers_of(reader: Reader, story_id: int) -> Tellers:
    found = reader.rows(_TELLERS, story_id)
    return Tellers(tuple(row["owner"] for row in found), sum(row["reports"] for row in found))


def _story(reader: Reader, entry_id: int, tellers: Tellers | None) -> Told | None:
    rows = reader.rows("SELECT * FROM report WHERE entry_id = ?", entry_id)
    if not rows:
        return None
    row = rows[0]
    tellers = tellers or tellers_of(reader, row["story_id"])
    return Told(
        story_id=row["story_id"],
        origin=Origin(newsroom=row["newsroom"], owner=row["owner"], credited=row["credited"]),
        joined=story_codec.load_kinship(row["kinship"]),
        owners=tellers.owners,
        reports=tellers.reports,
    )
