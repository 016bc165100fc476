"""Sessions that were left before their time, on disk: a process that comes anew, or beside this one, knows them."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Final

FILE: Final = "web.ended"
MOST: Final = 20_000  # lines that are read; nobody leaves that often within a session's life


class Ended:
    """Safe from any thread. A line of the file is a session's id and when it would have ended, in seconds since 1970.
    Where it cannot be written, what was left is known to this process alone."""

    def __init__(self, state: Path) -> None:
        self._path, self._lock = state / FILE, Lock()
        self._own: dict[str, float] = {}
        self._read: dict[str, float] = {}
        self._seen: tuple[int, int] | None = None

    def __contains__(self, session: str) -> bool:
        with self._lock:
            self._look()
            return session in self._own or session in self._read

    def add(self, session: str, *, ends_at: datetime, now: datetime) -> None:
        """Raises OSError; it counts all the same."""
        with self._lock:
            self._look()
            self._own[session] = ends_at.timestamp()
            known = self._read | self._own
            self._own = {each: end for each, end in self._own.items() if end > now.timestamp()}
            self._write({each: end for each, end in known.items() if end > now.timestamp()})

    def _look(self) -> None:
        try:
            about = self._path.stat()
            seen = about.st_mtime_ns, about.st_ino
            if seen != self._seen:
                self._read = dict(_lines(self._path.read_text(encoding="ascii", errors="replace")))
                self._seen = seen
        except OSError:
            return

    def _write(self, known: dict[str, float]) -> None:
        """Whole, under another name first."""
        fresh = self._path.with_name(f".{FILE}.{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.writelines(f"{session} {end:.0f}\n" for session, end in known.items())
        fresh.replace(self._path)


def _lines(text: str) -> list[tuple[str, float]]:
    found = []
    for line in text.splitlines()[-MOST:]:
        session, _, end = line.partition(" ")
        if end.isdigit():
            found.append((session, float(end)))
    return found
