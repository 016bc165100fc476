"""Writing a rules file that somebody changed on a page: whole or not at all, and only over what they looked at."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final

from monitor.regular import MAX_BYTES, read_regular

BACKUP: Final = ".bak"  # behind the file's name: what it was before the last change made on a page
_ONE_AT_A_TIME: Final = Lock()


class NotWritten(Exception):
    """Why a file was left as it is: `key` is of the words of the pages, `told` what is filled in there."""

    def __init__(self, key: str, **told: str) -> None:
        super().__init__(key)
        self.key, self.told = key, told


@dataclass(frozen=True, slots=True)
class Opened:
    """A rules file as it was read. `path` is as the configuration names it, `real` where that leads; `digest` the
    SHA-256 of `raw`."""

    path: Path
    real: Path
    raw: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()

    @property
    def is_link(self) -> bool:
        return os.path.abspath(self.path) != str(self.real)  # noqa: PTH100 - Path.absolute leaves '..' in

    @property
    def text(self) -> str:
        """Without a byte order mark. Raises NotWritten for what is no text."""
        try:
            return self.raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise NotWritten("saving.no_text", file=str(self.path)) from error

    def with_text(self, text: str) -> bytes:
        mark = b"\xef\xbb\xbf" if self.raw.startswith(b"\xef\xbb\xbf") else b""
        return mark + text.encode("utf-8")


def opened(path: Path) -> Opened:
    """Raises NotWritten for one that cannot be read."""
    real = Path(os.path.realpath(path))
    try:
        raw = read_regular(real, MAX_BYTES + 1)
    except OSError as error:
        raise NotWritten("saving.unreadable", file=str(path), why=_why(error)) from error
    return Opened(path, real, raw)


def hindrance(file: Opened) -> NotWritten | None:
    """Why it could not be written now, as far as that can be told before."""
    try:
        found = file.real.stat()
    except OSError as error:
        return NotWritten("saving.unreadable", file=str(file.path), why=_why(error))
    if not found.st_mode & 0o222 or not os.access(file.real, os.W_OK):
        return NotWritten("saving.read_only", file=str(file.real))
    if not os.access(file.real.parent, os.W_OK | os.X_OK):
        return NotWritten("saving.folder", folder=str(file.real.parent))
    return None


def write(file: Opened, raw: bytes, *, digest: str) -> Path:
    """Put `raw` in its place, with mode, owner and attributes as they are; what it was stays beside it, at the path
    that is answered. `digest` is of what the reader looked at. Raises NotWritten."""
    with _ONE_AT_A_TIME:
        found = hindrance(file)
        if found:
            raise found
        try:
            return _write(file, raw, digest)
        except OSError as error:
            raise _told(file, error) from error


def _write(file: Opened, raw: bytes, digest: str) -> Path:
    was = file.real.stat()
    backup = file.real.with_name(file.real.name + BACKUP)
    before = read_regular(file.real, MAX_BYTES + 1)
    with _Beside(backup, before, file.real, was) as kept, _Beside(file.real, raw, file.real, was) as new:
        if hashlib.sha256(before).hexdigest() != digest or read_regular(file.real, MAX_BYTES + 1) != before:
            raise NotWritten("saving.changed", file=str(file.path))
        kept.put()
        new.put()
    return backup


class _Beside:
    """A file in the folder of another, complete and on the disk before it takes the other's name; gone if it never
    does."""

    def __init__(self, target: Path, raw: bytes, like: Path, was: os.stat_result) -> None:
        self._target = target
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        self._path: Path | None = Path(name)
        try:
            with os.fdopen(handle, "wb") as made:
                made.write(raw)
                _as_it_was(made.fileno(), like, was)
                made.flush()
                os.fsync(made.fileno())
        except BaseException:
            self._path.unlink()
            raise

    def put(self) -> None:
        assert self._path is not None
        self._path.replace(self._target)
        self._path = None
        folder = os.open(self._target.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def __enter__(self) -> _Beside:
        return self

    def __exit__(self, *_: object) -> None:
        if self._path is not None:
            self._path.unlink(missing_ok=True)


def _as_it_was(handle: int, like: Path, was: os.stat_result) -> None:
    """Raises OSError where the owner cannot be kept: others could then not read, or write, what they could."""
    made = os.fstat(handle)
    if (made.st_uid, made.st_gid) != (was.st_uid, was.st_gid):
        os.fchown(handle, was.st_uid, was.st_gid)
    os.fchmod(handle, stat.S_IMODE(was.st_mode))
    if hasattr(os, "listxattr"):
        with suppress(OSError):  # a file system without any
            for name in os.listxattr(like):
                os.setxattr(handle, name, os.getxattr(like, name))


def _told(file: Opened, error: OSError) -> NotWritten:
    if error.errno in (errno.EBUSY, errno.EXDEV):
        return NotWritten("saving.mounted", file=str(file.real), folder=str(file.real.parent))
    if error.errno == errno.EROFS:
        return NotWritten("saving.folder", folder=str(file.real.parent))
    if error.errno == errno.EPERM:
        return NotWritten("saving.owner", file=str(file.real))
    return NotWritten("saving.failed", file=str(file.real), why=_why(error))


def _why(error: OSError) -> str:
    return error.strerror or str(error)
