"""What was seen of the entries of a story as their feeds served them, with the texts that were read from it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from monitor.model import Exchange, PageSeen
from monitor.store import codec
from monitor.store.read import Reader

MOST: Final = 1000  # versions of one story

# By the story's entries, found by their index; evidence and rules by their keys.
_VERSIONS: Final = """
    SELECT entry.id, coalesce(entry.first_id, entry.id) AS entry_id, entry.link, entry.title, entry.summary, entry.body,
        entry.published_us, entry.written_us, feed_key.feed_id,
        evidence.page_id, evidence.told, evidence.sha256, evidence.item IS NOT NULL AS has_item
    FROM entry JOIN feed_key ON feed_key.feed = entry.feed LEFT JOIN evidence ON evidence.version_id = entry.id
    WHERE entry.story_id = ? AND entry.id > ?
        AND (evidence.version_id IS NOT NULL OR EXISTS (SELECT 1 FROM verdict WHERE version_id = entry.id))
    ORDER BY entry.id LIMIT ?
"""
_NUMBER: Final = "SELECT count(*) FROM entry WHERE (id = :entry OR first_id = :entry) AND id <= :id"
_RULES: Final = """
    SELECT rule_id, sha256 FROM evidence_rule JOIN rule_text ON rule_text.id = text_id
    WHERE version_id = ? ORDER BY rule_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What is known of the bytes of one version's element. `sha256` and `size` are of all of them; `is_kept` also of a
    part, then `is_cut`. `note`: why not. `of_article`: see `Evidence`."""

    sha256: str
    size: int
    is_kept: bool
    is_cut: bool
    encoding: str
    note: str
    of_article: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A version that rules matched, or that led to the article in which they did: that has no `rules`. `number` counts
    the texts of its entry from 1. `item` and `page_id` are None where nothing was kept: it was matched by an older
    monitor, or told by no document. `rules`: digests by their ids."""

    version_id: int
    entry_id: int
    number: int
    feed_id: str
    link: str | None
    title: str
    summary: str
    body: str
    published_at: datetime | None
    seen_at: datetime
    page_id: int | None
    item: Item | None
    rules: Mapping[str, str]


def of_story(reader: Reader, story_id: int, *, after: int = 0, limit: int = MOST) -> tuple[Seen, ...]:
    """Every such version of it, in the order seen. `after`: those behind that one."""
    return tuple(_seen(reader, row) for row in reader.rows(_VERSIONS, story_id, after, limit))


def story_of(reader: Reader, asked: str) -> int | None:
    """By a story's number or the id of one of its alerts; None for what is not kept."""
    number, _, rest = asked.strip().partition(".")
    if not all(part.isascii() and part.isdigit() and len(part) < 19 for part in (number, *([rest] if _ else []))):
        return None
    if rest:
        found = reader.rows("SELECT story_id FROM alert WHERE id = ?", f"{number}.{rest}")
    else:
        found = reader.rows("SELECT id FROM story WHERE id = ?", int(number))
    return int(found[0][0]) if found else None


def item_of(reader: Reader, version_id: int) -> bytes | None:
    return _one(reader, "SELECT item FROM evidence WHERE version_id = ?", version_id)


def body_of(reader: Reader, page_id: int) -> bytes | None:
    return _one(reader, "SELECT body FROM evidence_page WHERE id = ?", page_id)


def rule_text(reader: Reader, sha256: str) -> str | None:
    found = _one(reader, "SELECT text FROM rule_text WHERE sha256 = ?", bytes.fromhex(sha256))
    return None if found is None else found.decode("utf-8", "surrogatepass")


def pages(reader: Reader, page_ids: Sequence[int]) -> dict[int, PageSeen]:
    """Without their bodies."""
    query = "SELECT id, sha256, fetched_us, told FROM evidence_page WHERE id = ?"
    return {page_id: _page(row) for page_id in page_ids for row in reader.rows(query, page_id)}


def _one(reader: Reader, query: str, key: object) -> bytes | None:
    rows = reader.rows(query, key)
    return None if not rows or rows[0][0] is None else zlib.decompress(rows[0][0])


def _seen(reader: Reader, row: Any) -> Seen:
    with reader.database.read() as db:
        number = db.execute(_NUMBER, {"entry": row["entry_id"], "id": row["id"]}).fetchone()[0]
    return Seen(
        version_id=row["id"],
        entry_id=row["entry_id"],
        number=number,
        feed_id=row["feed_id"],
        link=row["link"],
        title=row["title"],
        summary=row["summary"],
        body=row["body"],
        published_at=codec.instant_or_none(row["published_us"]),
        seen_at=codec.instant(row["written_us"]),
        page_id=row["page_id"],
        item=_item(row) if row["told"] is not None else None,
        rules={rule["rule_id"]: rule["sha256"].hex() for rule in reader.rows(_RULES, row["id"])},
    )


def _item(row: Any) -> Item:
    told = json.loads(row["told"])
    return Item(
        sha256=row["sha256"].hex() if row["sha256"] is not None else "",
        size=told["size"],
        is_kept=bool(row["has_item"]),
        is_cut=told["cut"],
        encoding=told["encoding"],
        note=told["note"],
        of_article=told.get("article", False),
    )


def _page(row: Any) -> PageSeen:
    told = json.loads(zlib.decompress(row["told"]))
    return PageSeen(
        feed_id=told["feed"],
        address=told["address"],
        url=told["url"],
        fetched_at=codec.instant(row["fetched_us"]),
        exchange=_exchange(told["exchange"]),
        sha256=row["sha256"],
        size=told["size"],
        monitor=told["monitor"],
        normal_form=told["normal_form"],
        is_cut=told["cut"],
        note=told["note"],
    )


def _exchange(told: dict[str, Any] | None) -> Exchange | None:
    if told is None:
        return None
    headers = {side: tuple((name, value) for name, value in told[side]) for side in ("request", "response")}
    return Exchange(**{**told, **headers})
