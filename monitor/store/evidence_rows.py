"""What was seen of entries that matched, or wait for their articles: written with them, compressed, each page and each
rule's text once."""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict
from typing import Final

from monitor.model import Evidence, PageSeen, RuleText
from monitor.store import codec
from monitor.store.sql import Connection, locking

_LEVEL: Final = 3  # of zlib: a third of the time of its default, for a twentieth more bytes

_NAMED: Final = "KEY SHARE"  # not removed before what is written next refers to it
_PAGE: Final = "SELECT id FROM evidence_page WHERE sha256 = ? AND fetched_us = ?"
_ADD_PAGE: Final = (
    "INSERT INTO evidence_page (sha256, fetched_us, told, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
)
_ADD: Final = "INSERT OR IGNORE INTO evidence (version_id, page_id, told, sha256, item) VALUES (?, ?, ?, ?, ?)"
_DROP: Final = """
    DELETE FROM evidence
    WHERE version_id IN (SELECT id FROM entry WHERE id = :entry_id OR first_id = :entry_id)
        AND NOT EXISTS (SELECT 1 FROM verdict WHERE entry_id = :entry_id)
"""
_TEXT: Final = "SELECT id FROM rule_text WHERE sha256 = ?"
_ADD_TEXT: Final = "INSERT INTO rule_text (sha256, text) VALUES (?, ?) ON CONFLICT DO NOTHING"
_ADD_RULE: Final = "INSERT OR IGNORE INTO evidence_rule (version_id, rule_id, text_id) VALUES (?, ?, ?)"


def write(db: Connection, version_id: int, seen: Evidence, rule_ids: list[str]) -> None:
    """A version that has evidence keeps it: what was seen first. `rule_ids`: of the rules that matched it."""
    told: dict[str, object] = {
        "size": seen.size,
        "cut": seen.is_cut,
        "encoding": seen.encoding,
        "note": codec.clean(seen.note),
    }
    told |= {"article": True} if seen.of_article else {}
    packed = _packed(seen.item) if seen.item is not None else None
    db.execute(_ADD, (version_id, _page(db, seen.page), json.dumps(told), seen.sha256, packed))
    for rule_id in rule_ids:
        if rule_id in seen.rules:
            db.execute(_ADD_RULE, (version_id, codec.clean(rule_id), _text(db, seen.rules[rule_id])))


def drop_unmatched(db: Connection, entry_id: int) -> None:
    """Nobody waits for the entry's article any more; what was kept for it goes, where no rule ever matched."""
    db.execute(_DROP, {"entry_id": entry_id})


def _page(db: Connection, page: PageSeen) -> int:
    at = codec.microseconds(page.fetched_at)
    while True:
        row = db.execute(locking(db, _PAGE, _NAMED), (page.sha256, at)).fetchone()
        if row is not None:
            return int(row[0])
        body = _packed(page.body) if page.body is not None else None
        added = db.execute(_ADD_PAGE, (page.sha256, at, _told(page), body))
        if added.rowcount == 1:
            return int(added.lastrowid or 0)


def _told(page: PageSeen) -> bytes:
    told = {
        "feed": page.feed_id,
        "address": page.address,
        "url": page.url,
        "exchange": asdict(page.exchange) if page.exchange is not None else None,
        "size": page.size,
        "monitor": page.monitor,
        "normal_form": page.normal_form,
        "cut": page.is_cut,
        "note": page.note,
    }
    return _packed(json.dumps(told, ensure_ascii=False).encode("utf-8", "replace"))


def _text(db: Connection, rule: RuleText) -> int:
    while True:
        row = db.execute(locking(db, _TEXT, _NAMED), (rule.sha256,)).fetchone()
        if row is not None:
            return int(row[0])
        packed = _packed(rule.text.encode("utf-8", "surrogatepass"))
        added = db.execute(_ADD_TEXT, (rule.sha256, packed))
        if added.rowcount == 1:
            return int(added.lastrowid or 0)


def _packed(data: bytes) -> bytes:
    return zlib.compress(data, _LEVEL)
