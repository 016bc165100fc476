"""A file that one thread writes while another reads what is there already; neither waits for a slow line."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterator
from threading import Condition
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

PIECE: Final = 64 * 1024  # bytes


class NobodyReads(Exception):
    """Who was to have it has gone: there is no use in writing on."""


class Growing(io.RawIOBase):
    """On disk, without a name. Written from its beginning to its end: there is no way back in it."""

    def __init__(self) -> None:
        super().__init__()
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - `leave` closes it
        self._changed = Condition()
        self._waiting = bytearray()  # not on disk yet: thousands of small pieces come
        self._there = self._read = 0  # bytes
        self._is_whole = self._is_left = False
        self._error: Exception | None = None

    # --- who writes

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer) -> int:
        """Raises NobodyReads, and OSError where the disk is full."""
        more = memoryview(data).cast("B")
        self._waiting += more
        if len(self._waiting) >= PIECE:
            with self._changed:
                self._put()
        return len(more)

    def finish(self, error: Exception | None = None) -> None:
        """Nothing more will come; with `error` although there is more."""
        with self._changed:
            try:
                self._put()
            except (OSError, NobodyReads) as broke:
                error = error or broke
            self._is_whole, self._error = True, error
            self._changed.notify_all()

    def _put(self) -> None:
        if self._is_left:
            raise NobodyReads
        while self._waiting:
            count = os.pwrite(self._file.fileno(), self._waiting, self._there)
            self._there += count
            del self._waiting[:count]
        self._changed.notify_all()

    # --- who reads

    def size(self) -> int | None:
        """In bytes; None as long as it grows. Raises what was wrong with writing."""
        with self._changed:
            if self._error is not None:
                raise self._error
            return self._there if self._is_whole else None

    def await_more(self) -> None:
        """Until there is something to read, or nothing more will come. Raises what was wrong with writing, if there is
        nothing else."""
        with self._changed:
            self._changed.wait_for(lambda: self._there > self._read or self._is_whole)
            if self._error is not None and self._there == self._read:
                raise self._error

    def pieces(self) -> Iterator[bytes]:
        """To the end; waits for what is still to be written. Raises what was wrong with writing, in its place."""
        while True:
            self.await_more()
            with self._changed:
                piece = os.pread(self._file.fileno(), PIECE, self._read)
            if not piece:
                return
            self._read += len(piece)
            yield piece

    def leave(self) -> None:
        """It is not wanted any more: who writes hears of it with the next piece. Idempotent."""
        with self._changed:
            self._is_left = True
            self._file.close()
