"""Was the state read whole a short while ago, and has nobody but us written to it since?

Cron starts a check every minute; to read each page of a large state every time would cost more than to ask a hundred
feeds. What we left is known by the file's number, size and time: a copy put in its place, a file cut short, a byte
changed by hand all show there. What the disk itself spoils does not, so all is read once a day.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

from monitor.compiled import Shelf
from monitor.store import codec

NAME = "sound"
EVERY = timedelta(days=1)


class Vouched:
    """For one database file. What is kept on the shelf saves work and nothing else."""

    def __init__(self, shelf: Shelf, path: Path) -> None:
        self._shelf, self._path = shelf, path

    def checked_at(self, *, now: datetime) -> datetime | None:
        """When it was read whole; None if it is to be read now."""
        raw = self._shelf.load(NAME, self._key)
        if raw is None:
            return None
        checked, _, left = raw.partition(b" ")
        at = codec.instant(int(checked))
        return at if left == self._left() and timedelta(0) <= now - at < EVERY else None

    def leave(self, checked_at: datetime) -> None:
        """We have closed it, and it was sound then. Nothing is noted while others use it."""
        left = self._left()
        if left:
            self._shelf.save(NAME, self._key, b"%d %b" % (codec.microseconds(checked_at), left))

    @property
    def _key(self) -> bytes:
        return os.fsencode(self._path.absolute())

    def _left(self) -> bytes:
        """What the file is known by; nothing where a log beside it holds more."""
        try:
            if self._path.with_name(self._path.name + "-wal").exists():
                return b""
            found = self._path.stat()
        except OSError:
            return b""
        return b"%d %d %d" % (found.st_ino, found.st_size, found.st_mtime_ns)
