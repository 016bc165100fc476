"""The directory that the state lives in."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from monitor.errors import StateError

DATABASE = "monitor.db"
MARK = "monitor.id"  # the generation of the database that was last used here; outlives the database
POLL_LOCK = "poll.lock"

# File systems that machines share. WAL needs memory shared by all who open the database ("Write-Ahead Logging",
# section 1), and their locks are advisory at best.
_SHARED = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "ncpfs", "9p", "virtiofs", "davfs"}
    | {"ceph", "glusterfs", "lustre", "gpfs", "beegfs", "ocfs2", "gfs2"}
    | {"fuse.sshfs", "fuse.glusterfs", "fuse.s3fs", "fuse.rclone", "fuse.davfs"}
)


def prepare(directory: Path) -> None:
    """Create the directory if it is not there, for this user alone. An existing one keeps its permissions."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StateError(
            f"{directory} cannot be the state directory: {error.strerror}. Name another with --state."
        ) from error


def has_content(path: Path) -> bool:
    """Whether the file is there and not empty."""
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:
        return False
    except OSError as error:
        raise StateError(f"{path} cannot be read: {error.strerror}. Give this user permission to read it.") from error


def read_mark(directory: Path) -> str | None:
    """The generation that was last used here; None if none was, or it cannot be read."""
    try:
        return (directory / MARK).read_text("ascii").strip() or None
    except (OSError, ValueError):
        return None


def write_mark(directory: Path, generation: str) -> None:
    """Replace it whole. On a disk that takes nothing it stays as it is, and the next opening writes it."""
    fresh = directory / f".{MARK}.new"
    try:
        fresh.write_text(generation + "\n", "ascii")
        fresh.chmod(0o600)
        fresh.replace(directory / MARK)
    except OSError:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)


def network_file_system(directory: Path, mounts: Path = Path("/proc/self/mounts")) -> str | None:
    """The type of the network file system that the directory is on. None if it is on none, or nobody can tell.

    Two machines that write one database there can destroy it, and a lock may not hold. It is a warning and no
    refusal, because a single machine on a sound NFS server works. Only Linux has the table of mounts.
    """
    kind = file_system(directory, mounts)
    return kind if kind in _SHARED else None


def file_system(directory: Path, mounts: Path = Path("/proc/self/mounts")) -> str:
    """The type of the file system that the directory is on; '' where nobody can tell."""
    try:
        table = mounts.read_text("utf-8", "surrogateescape")
    except OSError:
        return ""
    return _type_of(os.path.realpath(directory), table)


def _type_of(path: str, table: str) -> str:
    """Of the innermost mount; of several on one point the last, which hides the others."""
    best, kind = "", ""
    for line in table.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = _unescape(fields[1])
        if _holds(point, path) and len(point) >= len(best):
            best, kind = point, fields[2]
    return kind


def _holds(point: str, path: str) -> bool:
    return point == "/" or path == point or path.startswith(point + "/")


def _unescape(field: str) -> str:
    """proc(5): space, tab, newline and backslash are written in octal."""
    for code, character in ((r"\040", " "), (r"\011", "\t"), (r"\012", "\n"), (r"\134", "\\")):
        field = field.replace(code, character)
    return field
