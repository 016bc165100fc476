"""Has `monitor check` anything to do? Most runs of a check that cron starts every minute have not.

They are answered here, by reading alone and with as little imported as can be: the rules files are as they were when a
check last read them (`remembered`), no feed is due, nothing waits to be sent, nobody else polls. Then the check as a
whole would do nothing and say nothing, and a test compares both. In any doubt the answer is None, and the check as a
whole finds out.

Rules that wait for entries make no work: only a poll can show a silence (`stories.silence`), and a check that polls
looks.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import sys
import time

from monitor import remembered
from monitor.compiled import Shelf

TYPE_CHECKING = False  # that of `typing` would cost its import
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

AHEAD = 30  # seconds; what will be due so soon is due now (`cli.passes` tells why)

_HARMLESS = frozenset({"MONITOR_CONFIG", "MONITOR_STATE", "MONITOR_CONTACT"})
_OPTIONS = {"-c": "config", "--config": "config", "-s": "state", "--state": "state"}

# What a check would poll, take over after a crash or a clock that was set back, or send (`store.feed_rows`,
# `store.outbox`); and whether it knows every feed. What is held and not due yet makes no work.
# Alerts that nobody acknowledged (`store.chain_rows`) do when the next channel is due, and articles that are to be read
# (`store.article_rows`) while their feeds want it.
_QUESTION = """
    SELECT
        (SELECT count(*) FROM json_each(:asked)) - (SELECT count(*) FROM json_each(:asked) AS asked
            JOIN feed_state ON feed_state.feed_id = asked.value)
        + (SELECT count(*) FROM json_each(:asked) AS asked JOIN feed_state ON feed_state.feed_id = asked.value
            WHERE next_poll_us <= :ahead OR lease_until_us IS NOT NULL
                OR (next_poll_us > :now AND (last_polled_us IS NULL OR last_polled_us > :now)))
        + (SELECT count(*) FROM delivery WHERE status IN ('pending', 'retrying') AND NOT (
            status = 'pending' AND hold IS NOT NULL AND next_try_us > :ahead AND lease_until_us IS NULL
            AND created_us <= :now))
        + (SELECT count(*) FROM chain WHERE due_us <= :ahead)
        + (SELECT count(*) FROM article INDEXED BY article_due JOIN feed_key ON feed_key.feed = article.feed
            WHERE due_us <= :ahead AND wanted_us > :now - 259200000000
                AND feed_key.feed_id IN (SELECT value FROM json_each(:reading)))
"""


def idle_check(arguments: Sequence[str], environ: Mapping[str, str]) -> tuple[str, ...] | None:
    """For the arguments behind `check`: the warnings to print, if that is all there is to do; None to find out by
    doing it."""
    where = _where(arguments, environ)
    if where is None or not _as_usual(environ):
        return None
    config, state = where
    known = remembered.load(Shelf(state, writes=False), config, environ)
    if known is None or known.data["feed_ids"] == "[]":  # a check without feeds is a mistake, and told
        return None
    if known.data["is_never_idle"]:
        return None
    return tuple(known.data["shown"]) if _is_idle(state, known) else None


def _where(arguments: Sequence[str], environ: Mapping[str, str]) -> tuple[str, str] | None:
    """The rules file and the state directory; None where more was said than that."""
    told = {"config": environ.get("MONITOR_CONFIG") or "rules.yaml", "state": environ.get("MONITOR_STATE") or "state"}
    left = list(arguments)
    while left:
        name, equals, value = left.pop(0).partition("=")
        if name not in _OPTIONS or (equals and not name.startswith("--")) or not (equals or left):
            return None
        told[_OPTIONS[name]] = value if equals else left.pop(0)
    return (told["config"], told["state"]) if all(told.values()) else None


def _as_usual(environ: Mapping[str, str]) -> bool:
    """Nobody looks on, who would want an account, and nothing in the environment wants more of a check."""
    if any(name.startswith("MONITOR_") and name not in _HARMLESS for name in environ):
        return False
    certificates = environ.get("SSL_CERT_FILE")
    return (not certificates or _is_readable(certificates)) and sys.stderr is not None and not sys.stderr.isatty()


def _is_readable(path: str) -> bool:
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            file.read(1)
    except OSError:
        return False
    return True


def _is_idle(state: str, known: remembered.Remembered) -> bool:
    try:
        return _is_nobodys(os.path.join(state, "poll.lock")) and _asks_nothing(state, known)  # noqa: PTH118
    except (OSError, sqlite3.Error):
        return False


def _is_nobodys(lock: str) -> bool:
    """Whether no other process polls."""
    descriptor = os.open(lock, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    finally:
        os.close(descriptor)
    return True


def _asks_nothing(state: str, known: remembered.Remembered) -> bool:
    path = os.path.abspath(os.path.join(state, "monitor.db"))  # noqa: PTH100, PTH118
    quoted = path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    db = sqlite3.connect(f"file:{quoted}?mode=ro", uri=True, timeout=1.0)
    try:
        if db.execute("PRAGMA user_version").fetchone()[0] != known.data["schema"]:
            return False
        now = time.time_ns() // 1000  # as `clock` has it, without its imports
        asked, reading = known.data["feed_ids"], known.data["reading"]
        told = {"asked": asked, "reading": reading, "now": now, "ahead": now + AHEAD * 1_000_000}
        return bool(db.execute(_QUESTION, told).fetchone()[0] == 0)
    finally:
        db.close()
