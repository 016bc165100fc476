"""Articles of feeds with `full_text`: which are to be read, by whom, and what came of it.

A feed makes us ask for no more than this, whatever it publishes: see `WAITING`, `A_DAY`, `ROUNDS`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from monitor.model import Entry, Fingerprint, Line, WantedArticle
from monitor.store import codec, entry_rows, evidence_rows
from monitor.store.migrate import short_hash
from monitor.store.sql import Connection, Database, claiming, locking

WAITING: Final = 50  # articles of one feed that wait at a time; of more the oldest are left
A_DAY: Final = 300  # entries of one feed whose articles are wanted within a day; the busiest newsrooms publish as many
ROUNDS: Final = 3  # how often one entry's is read: once, and for the first edits of the entry
APART: Final = timedelta(seconds=2)  # between two articles of a feed
# What is not read by then is not asked for any more: its feed did not want it for a while, or nobody was there to ask.
STALE: Final = timedelta(days=3)
LONGEST_WAIT: Final = timedelta(hours=7)  # that anybody lets one wait for its next try; longer is a wrong clock
LEFT: Final = "more came than are read"
TOO_LATE: Final = "nobody read it in time"
_DAY_US: Final = 86_400_000_000

# What waits is little beside what was read, and has an index of its own.
WAITING_OF_FEED: Final = "SELECT count(*) FROM article INDEXED BY article_due WHERE feed = ? AND due_us IS NOT NULL"
# Without those that were left before anybody asked for them: else a feed of more than its share would have none, ever.
_OF_DAY = """
    SELECT count(*) FROM (
        SELECT 1 FROM article INDEXED BY article_asked
        WHERE (state <> 'left' OR attempts > 0 OR rounds > 1) AND feed = ? AND wanted_us > ? LIMIT ?
    ) AS asked
"""
# But one that somebody reads at this moment.
_LEAVE_OLDEST = """
    UPDATE article SET state = 'left', due_us = NULL, lease_until_us = NULL, ended_us = :now, error = :left
    WHERE entry_id = (
        SELECT entry_id FROM article INDEXED BY article_due WHERE feed = :feed AND due_us IS NOT NULL
            AND (lease_until_us IS NULL OR lease_until_us <= :now)
        ORDER BY wanted_us, entry_id LIMIT 1
    ) RETURNING entry_id
"""
_WANT = """
    INSERT OR IGNORE INTO article (entry_id, feed, link, raw, state, wanted_us, due_us, ended_us, error)
    VALUES (:entry_id, :feed, :link, :raw, :state, :now, :due, :ended, :error)
"""
_VERSION = "SELECT id FROM entry WHERE (id = :entry_id OR first_id = :entry_id) AND text = :text"
_SHOWN = f"UPDATE article SET link = :link, raw = :raw, shown_id = ({_VERSION}) WHERE entry_id = :entry_id"  # noqa: S608
_SHOWN_OTHERWISE = """
    SELECT sighting.raw FROM sighting JOIN article ON article.entry_id = sighting.entry_id
    WHERE sighting.feed = ? AND article.due_us IS NOT NULL AND article.raw <> sighting.raw AND sighting.raw IN ({marks})
"""
_WANT_AGAIN = """
    UPDATE article SET state = 'wanted', wanted_us = :due, due_us = :due, attempts = 0, rounds = rounds + 1
    WHERE entry_id = :entry_id AND due_us IS NULL AND rounds < :rounds AND state <> 'left' AND :waiting > (
        SELECT count(*) FROM article AS other INDEXED BY article_due
        WHERE other.feed = article.feed AND other.due_us IS NOT NULL
    )
"""
# One of a feed at a time, so that neither its polls nor those of others stand in a long line at one host.
_DUE = """
    SELECT entry_id, feed_id, link, attempts, due_us FROM (
        SELECT article.entry_id, feed_key.feed_id, article.link, article.attempts, article.due_us,
            row_number() OVER (PARTITION BY article.feed ORDER BY article.due_us, article.entry_id) AS turn
        FROM article INDEXED BY article_due JOIN feed_key ON feed_key.feed = article.feed
        WHERE article.due_us <= :by AND article.wanted_us > :since
            AND feed_key.feed_id IN (SELECT value FROM json_each(:asked))
            AND (article.lease_until_us IS NULL OR article.lease_until_us <= :now)
    ) AS due WHERE turn = 1 ORDER BY due_us, entry_id LIMIT :limit
"""
# Others may have claimed some of them since.
_FREE = """
    SELECT entry_id FROM article WHERE entry_id IN (SELECT CAST(value AS BIGINT) FROM json_each(:ids))
        AND due_us <= :by AND (lease_until_us IS NULL OR lease_until_us <= :now)
"""
_LEASE = "UPDATE article SET lease_until_us = ? WHERE entry_id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"
_HELD = """
    SELECT entry_id FROM article WHERE lease_until_us = ?
        AND entry_id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))
"""
# Whoever claims it anew has a lease that ends later; one that ends sooner is ours, of before the clock was set back.
_IS_OURS = "entry_id = :entry_id AND lease_until_us <= :until"
_RELEASE = f"UPDATE article SET lease_until_us = NULL, due_us = coalesce(:due, due_us) WHERE {_IS_OURS}"  # noqa: S608
_UNREAD = f"""
    UPDATE article SET state = CASE WHEN :due IS NULL THEN 'unread' ELSE 'wanted' END, due_us = :due,
        lease_until_us = NULL, attempts = attempts + 1, error = :error,
        ended_us = CASE WHEN :due IS NULL THEN :now ELSE ended_us END
    WHERE {_IS_OURS} AND due_us IS NOT NULL
"""  # noqa: S608
_IS_WANTED = "SELECT 1 FROM article WHERE entry_id = ? AND link = ? AND due_us IS NOT NULL"
_WAITS = "SELECT 1 FROM article WHERE entry_id = ? AND due_us IS NOT NULL"
_READ = """
    UPDATE article SET state = 'read', due_us = NULL, lease_until_us = NULL, attempts = 0, ended_us = :now, error = '',
        page = :page
    WHERE entry_id = :entry_id
"""
_HAS_BODY = f"""
    UPDATE article SET version_id = ({_VERSION}), shown_id = ({_VERSION}) WHERE entry_id = :entry_id
"""  # noqa: S608
_COMPLETED = f"INSERT OR IGNORE INTO completed_text (version_id) {_VERSION}"
# Numbers of versions that were removed are given anew, to any entry.
_LINE = """
    SELECT entry.id, feed_key.feed_id, entry.guid, entry.link, entry.published_us, shown.updated_us, shown.author,
        shown.title, shown.summary, shown.body, article.raw, version.body AS article
    FROM article JOIN entry ON entry.id = article.entry_id JOIN feed_key ON feed_key.feed = entry.feed
        JOIN entry AS shown ON shown.id = coalesce(
            (SELECT id FROM entry WHERE id = article.shown_id AND article.entry_id IN (id, first_id)),
            (SELECT max(id) FROM entry WHERE first_id = article.entry_id),
            article.entry_id)
        LEFT JOIN entry AS version ON version.id = article.version_id
            AND article.entry_id IN (version.id, version.first_id)
    WHERE article.entry_id = ?
"""
_BODY = """
    SELECT version.body FROM article JOIN entry AS version ON version.id = article.version_id
    WHERE article.entry_id = :id AND (version.id = :id OR version.first_id = :id)
"""
_IS_ANOTHERS = """
    SELECT 1 FROM article INDEXED BY article_by_page
    WHERE feed = :feed AND page = :page AND link <> :link LIMIT 1
"""
_SHIFT = "UPDATE article SET due_us = due_us + :us, lease_until_us = lease_until_us + :us WHERE due_us IS NOT NULL"
_END_LEASES = "UPDATE article SET lease_until_us = NULL WHERE due_us IS NOT NULL AND lease_until_us IS NOT NULL"
_LEAVE_STALE = """
    UPDATE article SET state = 'left', due_us = NULL, lease_until_us = NULL, ended_us = :now, error = :left
    WHERE feed = :feed AND due_us IS NOT NULL AND wanted_us <= :since RETURNING entry_id
"""
_STALE_FEEDS = "SELECT DISTINCT feed FROM article WHERE due_us IS NOT NULL AND wanted_us <= ? ORDER BY feed"
_NOT_LATER = "UPDATE article SET due_us = :now WHERE due_us > :latest"


# --- within a poll's transaction


def want(db: Connection, feed: int, entry_id: int, *, link: str, raw: bytes, now: datetime) -> None:
    """An entry is new. It is left where the feed had its share of today; where too many wait, the oldest is."""
    us = codec.microseconds(now)
    left = db.execute(_OF_DAY, (feed, us - _DAY_US, A_DAY)).fetchone()[0] >= A_DAY
    waiting = db.execute(WAITING_OF_FEED, (feed,)).fetchone()[0]
    told = {
        "entry_id": entry_id,
        "feed": feed,
        "link": codec.clean(link),
        "raw": raw[: entry_rows.RAW_BYTES],
        "state": "left" if left else "wanted",
        "now": us,
        "due": None if left else us + waiting * (APART // timedelta(microseconds=1)),
        "ended": us if left else None,
        "error": LEFT if left else "",
    }
    if not left and waiting >= WAITING:
        _leave(db, _LEAVE_OLDEST, {"feed": feed, "now": us, "left": LEFT})
    db.execute(_WANT, told)
    if left:
        evidence_rows.drop_unmatched(db, entry_id)


def shown(db: Connection, entry_id: int, mark: Fingerprint, *, link: str) -> None:
    """The feed shows an entry in a form that it did not show last; its version of this text is stored."""
    told = {"entry_id": entry_id, "link": codec.clean(link), "raw": mark.raw[: entry_rows.RAW_BYTES], "text": mark.text}
    db.execute(_SHOWN, told)


def want_again(db: Connection, entry_id: int, *, now: datetime) -> None:
    """An entry was edited; of no effect where its article was never wanted, or often enough, or too many wait."""
    again = {"entry_id": entry_id, "due": codec.microseconds(now), "rounds": ROUNDS, "waiting": WAITING}
    if not db.execute(_WANT_AGAIN, again).rowcount and not db.execute(_WAITS, (entry_id,)).fetchone():
        evidence_rows.drop_unmatched(db, entry_id)


def is_wanted(db: Connection, wanted: WantedArticle) -> bool:
    """Whether it still is, at that address."""
    return db.execute(_IS_WANTED, (wanted.entry_id, codec.clean(wanted.link))).fetchone() is not None


def read(db: Connection, entry_id: int, page: str, *, now: datetime) -> None:
    feed = db.execute("SELECT feed FROM article WHERE entry_id = ?", (entry_id,)).fetchone()
    found = short_hash(feed["feed"], page) if feed else None
    db.execute(_READ, {"entry_id": entry_id, "page": found, "now": codec.microseconds(now)})
    evidence_rows.drop_unmatched(db, entry_id)


def has_body(db: Connection, entry_id: int, text: bytes, *, completed: bool) -> None:
    """The version of this text has a body from the page. `completed`: that is all that is new in it."""
    told = {"entry_id": entry_id, "text": text}
    db.execute(_HAS_BODY, told)
    if completed:
        db.execute(_COMPLETED, told)


# --- due times


def shift(db: Connection, us: int) -> None:
    db.execute(_SHIFT, {"us": us})


def take_over(db: Connection, now_us: int) -> None:
    """Nobody reads any. What the clock, set back meanwhile, would hold up is due now."""
    db.execute(_END_LEASES)
    latest = now_us + LONGEST_WAIT // timedelta(microseconds=1)
    db.execute(_NOT_LATER, {"now": now_us, "latest": latest})


def stale_feeds(db: Connection, now: datetime) -> list[int]:
    """Those of which an article waits that nobody will ask for any more."""
    return [row[0] for row in db.execute(_STALE_FEEDS, (codec.microseconds(now - STALE),)).fetchall()]


def leave_stale(db: Connection, feed: int, now: datetime) -> None:
    """What nobody will ask for any more waits no longer. The caller holds the feed."""
    told = {"feed": feed, "now": codec.microseconds(now), "since": codec.microseconds(now - STALE), "left": TOO_LATE}
    _leave(db, _LEAVE_STALE, told)


def _leave(db: Connection, query: str, told: Mapping[str, object]) -> None:
    for row in db.execute(query, told).fetchall():
        evidence_rows.drop_unmatched(db, row["entry_id"])


# --- outside of one


class Articles:
    """For the loop that reads them. Safe from any thread; each method is one short transaction, or reads alone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(
        self, feed_ids: Sequence[str], now: datetime, *, ahead: timedelta, limit: int, lease: timedelta
    ) -> list[WantedArticle]:
        """Lease at most `limit` that will be due within `ahead`, one of a feed, the longest due first."""
        told = {
            "asked": json.dumps([codec.clean(feed_id) for feed_id in feed_ids]),
            "now": codec.microseconds(now),
            "by": codec.microseconds(now + ahead),
            "since": codec.microseconds(now - STALE),
            "limit": limit,
        }
        with self._database.read() as db:
            if db.execute(_DUE, told).fetchone() is None:
                return []

        until = codec.microseconds(now + lease)

        def claim(db: Connection) -> list[WantedArticle]:
            rows = db.execute(_DUE, told).fetchall()
            free = locking(db, _FREE, "UPDATE SKIP LOCKED")
            held = {
                row[0] for row in db.execute(free, {**told, "ids": json.dumps([row[0] for row in rows])}).fetchall()
            }
            due = [
                WantedArticle(entry_id=row[0], feed_id=row[1], link=row[2], until=now + lease, attempts=row[3])
                for row in rows
                if row[0] in held
            ]
            db.execute(_LEASE, (until, json.dumps([each.entry_id for each in due])))
            return due

        def held(db: Connection, claimed: Sequence[WantedArticle]) -> list[WantedArticle]:
            told = (until, json.dumps([each.entry_id for each in claimed]))
            ours = {row[0] for row in db.execute(_HELD, told).fetchall()}
            return [each for each in claimed if each.entry_id in ours]

        return self._database.do(claiming(claim, held))

    def line(self, entry_id: int) -> Line | None:
        """None where nothing is stored of the entry any more."""
        with self._database.read() as db:
            row = db.execute(_LINE, (entry_id,)).fetchone()
            if row is None:
                return None
            known = entry_rows.load(db, [entry_id])[0]
        own, article = row["body"], row["article"] or ""
        has_article = bool(article) and len(article) >= len(own)
        entry = replace(entry_rows.entry_of(row), body=article if has_article else own)
        return Line(entry=entry, known=known, raw=row["raw"], has_article=has_article)

    def is_anothers(self, wanted: WantedArticle, page: str) -> bool:
        """Whether the article of another entry of its feed, to which another link leads, was found at this address."""
        with self._database.read() as db:
            feed = entry_rows.feed_number(db, wanted.feed_id) or 0
            told = {
                "feed": feed,
                "page": short_hash(feed, page),
                "link": codec.clean(wanted.link),
            }
            return db.execute(_IS_ANOTHERS, told).fetchone() is not None

    def unread(self, wanted: WantedArticle, error: str, *, now: datetime, again_at: datetime | None) -> None:
        """A try was in vain. Without `again_at` it was the last. Of no effect where the lease had ended and another has
        the article, or has done with it: that one's word counts."""
        told = {
            **_lease(wanted),
            "error": codec.clean(error),
            "due": codec.microseconds_or_none(again_at),
            "now": codec.microseconds(now),
        }

        def note(db: Connection) -> None:
            if db.execute(_UNREAD, told).rowcount and again_at is None:
                evidence_rows.drop_unmatched(db, wanted.entry_id)

        self._database.do(note)

    def release(self, wanted: WantedArticle, *, due_at: datetime | None = None) -> None:
        """Give up the lease of one that was not tried; without `due_at` it stays as due as it was. As `unread` where it
        had ended."""
        told = {**_lease(wanted), "due": codec.microseconds_or_none(due_at)}
        self._database.do(lambda db: db.execute(_RELEASE, told))


def _lease(wanted: WantedArticle) -> dict[str, object]:
    return {"entry_id": wanted.entry_id, "until": codec.microseconds(wanted.until)}


def shown_otherwise(db: Connection, feed_id: str, raws: Collection[bytes]) -> frozenset[bytes]:
    """Of these forms, which the feed has shown before, those of entries that wait for their articles and that it showed
    in another form since then."""
    feed = entry_rows.feed_number(db, feed_id)
    short = {raw[: entry_rows.RAW_BYTES]: raw for raw in raws}
    return frozenset(short[row["raw"]] for row in entry_rows.in_chunks(db, _SHOWN_OTHERWISE, [*short], (feed,)))


def bodies(db: Connection, feed_id: str, entries: Sequence[Entry]) -> dict[int, tuple[int, str]]:
    """The id and the article's text of the stored entry that each of these may be a version of, by their positions;
    only where there is one."""
    feed = entry_rows.feed_number(db, feed_id)
    if feed is None:
        return {}
    found = {}
    for entry in entries:
        for known_id in reversed(entry_rows.sharing(db, feed, guid=entry.guid, link=entry.link)):
            row = db.execute(_BODY, {"id": known_id}).fetchone()
            if row is not None:
                found[entry.position] = (known_id, str(row[0]))
                break
    return found
