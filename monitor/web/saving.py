"""Writing a rules file from a page: only if it is still what its author was shown, and only if the whole configuration
is sound with it. What it held before is kept in the state directory."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Final, Literal

from monitor import config as configuration
from monitor.config import Config
from monitor.errors import MonitorError
from monitor.regular import MAX_BYTES, read_regular
from monitor.reload import objections
from monitor.web.desk import Desk

Reason = Literal[
    "unknown",
    "unreadable",
    "changed",
    "large",
    "tests",
    "forbidden",
    "read_only",
    "foreign",
    "mounted",
    "full",
    "broken",
]

KEPT: Final = "replaced"
"""The folder of the state directory where files are kept as they were."""
MOST_KEPT: Final = 50  # files, of all rules files together

_REASONS: Final[dict[int, Reason]] = {
    errno.EACCES: "forbidden",
    errno.EPERM: "forbidden",
    errno.EROFS: "read_only",
    errno.EBUSY: "mounted",  # a file that is mounted by itself cannot be replaced, as in a container
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
}
_ONE_AT_A_TIME: Final = Lock()


class NotSaved(MonitorError):
    """Nothing was written. `saving.REASON` of the words says why and what to do; `detail` may add to it, for people."""

    def __init__(self, reason: Reason, path: Path, detail: str = "") -> None:
        super().__init__(f"{path} was not written: {reason} {detail}".strip())
        self.reason, self.path, self.detail = reason, path, detail


@dataclass(frozen=True, slots=True)
class Draft:
    """A file as it is: what a page shows, and later gives back to say what it was made from."""

    path: Path
    raw: bytes
    digest: str  # SHA-256, in hex

    @property
    def text(self) -> str:
        """Without a byte order mark; `with_text` puts it back. Line ends are as they are."""
        return self.raw.decode("utf-8-sig")

    def with_text(self, text: str) -> bytes:
        """A form gives lines back with CRLF: they become what the file has."""
        ends = "\r\n" if b"\r\n" in self.raw else "\n"
        return self.exactly(text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", ends))

    def exactly(self, text: str) -> bytes:
        """What was made of `text`, line ends as they are."""
        mark = b"\xef\xbb\xbf" if self.raw.startswith(b"\xef\xbb\xbf") else b""
        return mark + text.encode("utf-8")


def opened(desk: Desk, path: Path) -> Draft:
    """A rules file of the desk to be changed. Raises NotSaved for one that is none, or cannot be read."""
    if path not in desk.config.files:
        raise NotSaved("unknown", path)
    try:
        raw = read_regular(path, MAX_BYTES + 1)
        raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise NotSaved("unreadable", path, getattr(error, "strerror", None) or str(error)) from error
    if len(raw) > MAX_BYTES:
        raise NotSaved("large", path)
    return Draft(path, raw, hashlib.sha256(raw).hexdigest())


def judged(desk: Desk, path: Path, raw: bytes) -> Config:
    """What the rules would be with this in the file; nothing is written. Raises ConfigError with every problem, and
    NotSaved where a running monitor would not take them over: a test of a rule that fails, no feed left."""
    config = configuration.load_with(desk.path, {path: raw}, environ=desk.environ)
    against = objections(desk.config, config)
    if against:
        raise NotSaved("tests", path, against)
    return config


def save(desk: Desk, path: Path, raw: bytes, *, shown: str, now: datetime) -> Config:
    """Write `raw` in the place of what the file held, and let the desk go by it. `shown`: the digest of the draft that
    it was made from. Raises NotSaved and ConfigError; the file is then as it was.

    The file keeps its owner, group and permissions; of a symbolic link, the file that it leads to is written.
    """
    with _ONE_AT_A_TIME:
        draft = opened(desk, path)
        if draft.digest != shown:
            raise NotSaved("changed", path)
        if draft.raw == raw:
            return desk.config
        config = judged(desk, path, raw)
        try:
            _keep(desk.state, draft, now)
            _replace(draft, raw)
        except OSError as error:
            raise NotSaved(_REASONS.get(error.errno or 0, "broken"), path, error.strerror or str(error)) from error
        desk.take(config)
        return config


# --- files


def _replace(draft: Draft, raw: bytes) -> None:
    """All or nothing. Raises OSError, and NotSaved."""
    target = Path(os.path.realpath(draft.path))
    was = target.stat()
    if not os.access(target, os.W_OK):  # replacing asks only for the folder; who may not write the file should not
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    with _beside(target) as (descriptor, fresh):
        _as_it_was(descriptor, was, draft.path)
        _write(descriptor, raw)
        # Once more, as late as can be: an editor may have saved while the rules were judged.
        if configuration.digest_of(target) != draft.digest:
            raise NotSaved("changed", draft.path)
        fresh.replace(target)
    _settle(target.parent)


@contextlib.contextmanager
def _beside(target: Path) -> Iterator[tuple[int, Path]]:
    """An empty file in the same folder, for this user alone; gone at the end, unless it has become the target."""
    fresh = target.with_name(f".{target.name}.{os.getpid()}.new")
    fresh.unlink(missing_ok=True)  # left by a process of this number that was killed
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor, fresh
    finally:
        os.close(descriptor)
        fresh.unlink(missing_ok=True)


def _as_it_was(descriptor: int, was: os.stat_result, path: Path) -> None:
    """Raises NotSaved where the file would belong to somebody else."""
    here = os.fstat(descriptor)
    if (here.st_uid, here.st_gid) != (was.st_uid, was.st_gid):
        try:
            os.fchown(descriptor, was.st_uid, was.st_gid)
        except OSError as error:
            raise NotSaved("foreign", path) from error
    os.fchmod(descriptor, stat.S_IMODE(was.st_mode))


def _write(descriptor: int, raw: bytes) -> None:
    left = memoryview(raw)
    while left:
        left = left[os.write(descriptor, left) :]
    os.fsync(descriptor)


def _settle(folder: Path) -> None:
    """So that the new name outlives a power failure; some file systems cannot say so of a folder."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _keep(state: Path, draft: Draft, now: datetime) -> None:
    """What the file holds, for whoever wants it back. For this user alone: a rules file may hold what should not stand
    in it."""
    folder = state / KEPT
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = folder / f"{now.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}-{draft.path.name}"
    descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        _write(descriptor, draft.raw)
    finally:
        os.close(descriptor)
    for old in sorted(folder.iterdir())[:-MOST_KEPT]:
        old.unlink(missing_ok=True)
