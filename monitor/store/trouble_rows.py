"""What is wrong with monitor itself: the rows that are remembered, and what is read to find out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from monitor.store import codec
from monitor.store.sql import Database, Row
from monitor.trouble import Finding, Kind, Sends, Trouble

_KINDS = {kind.value: kind for kind in Kind}
_CANARIES_OVER = timedelta(days=7)  # what waits longer was given up

_REPLACE = """
    INSERT INTO trouble
        (key, kind, subject, since_us, facts, patience_us, passes, begun_us, over_us, times, told, said_us)
    VALUES
        (:key, :kind, :subject, :since_us, :facts, :patience_us, :passes, :begun_us, :over_us, :times, :told, :said_us)
    ON CONFLICT (key) DO UPDATE SET kind = excluded.kind, subject = excluded.subject, since_us = excluded.since_us,
        facts = excluded.facts, patience_us = excluded.patience_us, passes = excluded.passes,
        begun_us = excluded.begun_us, over_us = excluded.over_us, times = excluded.times, told = excluded.told,
        said_us = excluded.said_us
"""
# Each of these reads an index of few rows, so that a look costs next to nothing while all is well.
_WAITING = """
    SELECT channel_id, count(*) AS waiting,
        min(CASE WHEN hold IS NOT NULL AND attempts = 0 THEN next_try_us ELSE created_us END) AS since_us
    FROM delivery WHERE status IN ('pending', 'retrying')
        AND NOT (status = 'pending' AND hold IS NOT NULL AND next_try_us > :now)
    GROUP BY channel_id
"""
_RETRYING = """
    SELECT channel_id, status, attempts, last_try_us, last_error FROM delivery
    WHERE status = 'retrying' AND last_try_us IS NOT NULL ORDER BY last_try_us
"""
_DEAD = """
    SELECT channel_id, status, attempts, last_try_us, last_error
    FROM delivery INDEXED BY delivery_dead_by_time  -- of a year's dead ones those of the last days are asked for
    WHERE status = 'dead' AND last_try_us >= :since ORDER BY last_try_us
"""
_LAST_SENT = "SELECT max(sent_us) FROM delivery WHERE status = 'sent' AND channel_id = ?"
_CANARIES = """
    SELECT channel_id, count(*) AS waiting FROM alert JOIN delivery ON alert_id = alert.id
    WHERE decided_us >= :since AND rule_id = :rule_id AND status IN ('pending', 'retrying') GROUP BY channel_id
"""
_TIMES = """
    SELECT min(coalesce(published_us, written_us), written_us) AS at FROM entry JOIN feed_key USING (feed)
    WHERE feed_id = :feed_id AND first_id IS NULL
        AND min(coalesce(published_us, written_us), written_us) BETWEEN :since AND :until ORDER BY 1
"""
_MATCHES = """
    SELECT rule_id, feed_key.feed_id, count(*) FROM verdict JOIN entry ON entry.id = verdict.entry_id
    JOIN feed_key ON feed_key.feed = entry.feed
    WHERE decided_us >= :since GROUP BY rule_id, feed_key.feed_id ORDER BY rule_id, feed_key.feed_id
"""


@dataclass(frozen=True, slots=True)
class TroubleRows:
    """Safe from any thread, as its database is."""

    database: Database

    def load(self) -> dict[str, Trouble]:
        """By key; a kind that another version of monitor wrote is passed over."""
        with self.database.read() as db:
            rows = db.execute("SELECT * FROM trouble ORDER BY begun_us, key").fetchall()
        return {row["key"]: _trouble(row) for row in rows if row["kind"] in _KINDS}

    def save(self, changed: Iterable[Trouble], gone: Iterable[str]) -> None:
        with self.database.write() as db:
            db.executemany("DELETE FROM trouble WHERE key = ?", [(codec.clean(key),) for key in gone])
            db.executemany(_REPLACE, map(_columns, changed))

    def sends(self, *, now: datetime, canary_rule: str, given_up_over: timedelta) -> dict[str, Sends]:
        """By channel id; channels that owe nothing are left out. What was given up longer ago does not count.

        Each answer is of one moment or two.
        """
        with self.database.read() as db:
            rows = db.execute(_WAITING, {"now": codec.microseconds(now)})
            waiting = {row["channel_id"]: _waiting(row) for row in rows}
            retrying = db.execute(_RETRYING).fetchall()
            dead = db.execute(_DEAD, {"since": codec.microseconds(now - given_up_over)}).fetchall()
            since = codec.microseconds(now - _CANARIES_OVER)
            canaries = dict(map(tuple, db.execute(_CANARIES, {"since": since, "rule_id": canary_rule})))
            asked = {*waiting, *(row["channel_id"] for row in dead)}
            sent = {each: int(db.execute(_LAST_SENT, (each,)).fetchone()[0] or 0) for each in asked}
        found = {each: waiting.get(each, Sends()) for each in asked}
        for row in [*dead, *retrying]:
            if row["last_try_us"] > sent[row["channel_id"]]:
                found[row["channel_id"]] = _after(found[row["channel_id"]], row)
        return {each: replace(sends, canaries=canaries.get(each, 0)) for each, sends in found.items()}

    def gaps(self, feed_id: str, *, over: timedelta, until: datetime) -> list[timedelta]:
        """The times between a feed's entries, as they were published, or first seen where that is not known."""
        told = {
            "feed_id": codec.clean(feed_id),
            "since": codec.microseconds(until - over),
            "until": codec.microseconds(until),
        }
        with self.database.read() as db:
            times = [row[0] for row in db.execute(_TIMES, told)]
        return [timedelta(microseconds=later - earlier) for earlier, later in pairwise(times)]

    def matches(self, *, since: datetime) -> dict[str, dict[str, int]]:
        """How often each rule matched in each feed."""
        counted: dict[str, dict[str, int]] = {}
        with self.database.read() as db:
            for rule_id, feed_id, count in db.execute(_MATCHES, {"since": codec.microseconds(since)}):
                counted.setdefault(rule_id, {})[feed_id] = count
        return counted


def _waiting(row: Row) -> Sends:
    return Sends(waiting_since=codec.instant(row["since_us"]), waiting=row["waiting"])


def _after(sends: Sends, row: Row) -> Sends:
    """With what a delivery that failed since the last that arrived says."""
    error = row["last_error"] or sends.error
    if row["status"] == "dead":
        at = codec.instant(row["last_try_us"])
        return replace(sends, given_up=sends.given_up + 1, given_up_at=at, error=error)
    return replace(sends, tries=max(sends.tries, row["attempts"]), error=error)


def _columns(trouble: Trouble) -> dict[str, object]:
    finding = trouble.finding
    return {
        "key": codec.clean(trouble.key),
        "kind": finding.kind.value,
        "subject": codec.clean(finding.subject),
        "since_us": codec.microseconds_or_none(finding.since),
        "facts": json.dumps(dict(finding.facts), ensure_ascii=True),
        "patience_us": finding.patience // timedelta(microseconds=1),
        "passes": finding.passes,
        "begun_us": codec.microseconds(trouble.begun_at),
        "over_us": codec.microseconds_or_none(trouble.over_at),
        "times": trouble.times,
        "told": trouble.told,
        "said_us": codec.microseconds_or_none(trouble.said_at),
    }


def _trouble(row: Row) -> Trouble:
    finding = Finding(
        kind=_KINDS[row["kind"]],
        subject=row["subject"],
        since=codec.instant_or_none(row["since_us"]),
        facts=json.loads(row["facts"]),
        patience=timedelta(microseconds=row["patience_us"]),
        passes=bool(row["passes"]),
    )
    return Trouble(
        finding=finding,
        begun_at=codec.instant(row["begun_us"]),
        over_at=codec.instant_or_none(row["over_us"]),
        times=row["times"],
        told=bool(row["told"]),
        said_at=codec.instant_or_none(row["said_us"]),
    )
