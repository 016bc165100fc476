"""Logs: one event a line, `key=value` for people, JSON for machines. On standard error; no headlines, no secrets."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Literal

Format = Literal["text", "json"]

# Attributes that every record has (logging.LogRecord); what else stands in it was passed as `extra`.
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_QUIET = ("apscheduler", "apprise", "urllib3", "asyncio")  # libraries: their warnings only

_hidden: set[str] = set()


def hide(secrets: Iterable[str]) -> None:
    """From now on no log line shows these texts. The last of several guards: nothing logs a secret on purpose."""
    _hidden.update(secret for secret in secrets if len(secret) >= 4)


def set_up(level: int, form: Format) -> None:
    """Send everything of `level` and above to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Discreet(json_line if form == "json" else key_values))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it warns each second that a tick still runs


class _Discreet(logging.Formatter):
    def __init__(self, line: Callable[[logging.LogRecord], str]) -> None:
        super().__init__()
        self._line = line

    def format(self, record: logging.LogRecord) -> str:
        line = self._line(record)
        for secret in _hidden:
            line = line.replace(secret, "***")
        return line


def key_values(record: logging.LogRecord) -> str:
    """`2026-11-22T11:05:00.000Z warning poll.failed feed=enabbaladi why=timeout`, and a traceback on further lines.

    These are set in: an error may quote a feed, which must not write lines of ours.
    """
    pairs = "".join(f" {key}={_quoted(value)}" for key, value in _fields(record).items())
    shown = f"{_time(record)} {record.levelname.lower()} {one_line(record.getMessage())}{pairs}"
    return "\n".join([shown, *(f"  {one_line(line)}" for line in _traceback(record).split("\n") if line)])


def json_line(record: logging.LogRecord) -> str:
    line = {"at": _time(record), "level": record.levelname.lower(), "event": record.getMessage(), **_fields(record)}
    if record.exc_info:
        line["error"] = _traceback(record)
    shown = json.dumps(line, ensure_ascii=False, default=str)
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in shown)


def one_line(text: str) -> str:
    """Escapes what would break a line or command a terminal (C0, C1, and the bidirectional controls)."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def _fields(record: logging.LogRecord) -> dict[str, object]:
    return {key: value for key, value in vars(record).items() if key not in _STANDARD}


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _traceback(record: logging.LogRecord) -> str:
    return logging.Formatter().formatException(record.exc_info) if record.exc_info else ""


def _quoted(value: object) -> str:
    text = one_line(str(value))
    return json.dumps(text, ensure_ascii=False) if not text or set(text) & set(' "=') else text
