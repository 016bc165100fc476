"""Logs: one event a line, `key=value` for people, JSON for machines. On standard error; no headlines, no secrets.

Every line carries `run_id`, the same as long as the process lives, so that the lines of one start can be found among
those of many.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Literal

from monitor.hidden import hide, mask

__all__ = ["Format", "hide", "json_line", "key_values", "one_line", "set_up", "show_traceback"]

Format = Literal["text", "json"]

# Attributes that every record has (logging.LogRecord); what else stands in it was passed as `extra`.
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_QUIET = ("apscheduler", "apprise", "urllib3", "asyncio")  # libraries: their warnings only


def set_up(level: int, form: Format) -> None:
    """Send everything of `level` and above to standard error; from now on no traceback shows a secret either."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines(_LINES[form], run_id=os.urandom(4).hex()))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it warns each second that a tick still runs
    threading.excepthook = _thread_died


def _thread_died(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        show_traceback(args.exc_type, args.exc_value, args.exc_traceback)


def show_traceback(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What ends a process or a thread by surprise, on standard error, without what is hidden."""
    print(_in_lines(_shown(kind, error, trace)), file=sys.stderr)


class _Lines(logging.Formatter):
    def __init__(self, line: Callable[[logging.LogRecord], str], *, run_id: str) -> None:
        super().__init__()
        self._line, self._run_id = line, run_id

    def format(self, record: logging.LogRecord) -> str:
        record.run_id = self._run_id
        return mask(self._line(record))  # once more: what was put together may be what no part was


def key_values(record: logging.LogRecord) -> str:
    """`2026-11-22T11:05:00.000Z warning poll.failed feed=enabbaladi why=timeout`, and a traceback on further lines,
    each of which is set in: whoever made the error's text cannot make a line that looks like one of ours."""
    pairs = "".join(f" {key}={_quoted(value)}" for key, value in _fields(record).items())
    shown = f"{_time(record)} {record.levelname.lower()} {one_line(mask(record.getMessage()))}{pairs}"
    return f"{shown}\n{_in_lines(_traceback(record))}" if record.exc_info else shown


def json_line(record: logging.LogRecord) -> str:
    event = mask(record.getMessage())
    line = {"at": _time(record), "level": record.levelname.lower(), "event": event, **_fields(record)}
    if record.exc_info:
        line["error"] = _traceback(record)
    return _escaped(json.dumps(line, ensure_ascii=False, default=str))


_LINES = {"text": key_values, "json": json_line}


def one_line(text: str) -> str:
    """Escapes what would break a line or command a terminal (C0, C1, and the bidirectional controls)."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def _escaped(line: str) -> str:
    """JSON stays the same value: json.dumps leaves C1, bidirectional controls and lone surrogates as they are."""
    return line if line.isprintable() else "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in line)


def _in_lines(text: str) -> str:
    return "\n".join(f"  {one_line(line)}" for line in text.split("\n"))


def _fields(record: logging.LogRecord) -> dict[str, object]:
    """Masked before anything is quoted or escaped, after which a secret may look another way."""
    return {key: _masked(value) for key, value in vars(record).items() if key not in _STANDARD}


def _masked(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    return mask(str(value))


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _traceback(record: logging.LogRecord) -> str:
    kind, error, trace = record.exc_info if record.exc_info else (None, None, None)
    return _shown(kind, error, trace) if kind and error else ""


def _shown(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> str:
    return mask("".join(traceback.format_exception(kind, error, trace)).rstrip("\n"))


def _quoted(value: object) -> str:
    text = str(value)
    quoted = not text or set(text) & set(' "=')
    return _escaped(json.dumps(text, ensure_ascii=False)) if quoted else one_line(text)
