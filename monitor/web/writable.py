"""Whether a rules file could be written from here, told before somebody has typed: nothing is written to find out."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from monitor.web.saving import Reason

_MOUNTS: Final = Path("/proc/self/mountinfo")


def hindrance(path: Path) -> Reason | None:
    """Why the file would not be written, as far as can be told without trying; None where nothing is against it.

    Files are replaced, so their folder has to be writable, too. Of a symbolic link, the file that it leads to is meant.
    """
    target = Path(os.path.realpath(path))
    try:
        owner = target.stat().st_uid
        is_read_only = bool(os.statvfs(target.parent).f_flag & os.ST_RDONLY)
    except OSError:
        return "unreadable"
    if is_read_only:
        return "read_only"
    if target in _mounted():
        return "mounted"
    if not os.access(target, os.W_OK) or not os.access(target.parent, os.W_OK | os.X_OK):
        return "forbidden"
    return "foreign" if os.geteuid() not in (0, owner) else None


def hindered(paths: Iterable[Path]) -> list[tuple[Path, Reason]]:
    """Those that would not be written, each with the reason."""
    return [(path, why) for path in paths if (why := hindrance(path)) is not None]


def _mounted() -> frozenset[Path]:
    """What something is mounted on; nothing where the system does not tell."""
    try:
        lines = _MOUNTS.read_bytes().splitlines()
    except OSError:
        return frozenset()
    return frozenset(Path(os.fsdecode(_unescaped(line.split(b" ")[4]))) for line in lines if line.count(b" ") > 4)


def _unescaped(written: bytes) -> bytes:
    """Spaces and their like stand as three octal digits (proc(5))."""
    first, *rest = written.split(b"\\")
    return first + b"".join(bytes((int(each[:3], 8),)) + each[3:] for each in rest)
