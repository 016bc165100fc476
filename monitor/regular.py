"""Reading files whole, and only what is a file. It imports little: it stands at the beginning of every check."""

from __future__ import annotations

import hashlib
import os
import stat

MAX_BYTES = 1 << 20
"""Of one rules file. Of a larger one just enough is read to see that it is."""
MAX_SECRET_BYTES = 1 << 16


def read_regular(path: str | os.PathLike[str], limit: int) -> bytes:
    """At most `limit` bytes of a regular file. A pipe or device could block or never end: OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError("not a regular file")
        return file.read(limit)


def digest_of(path: str | os.PathLike[str]) -> str:
    """The SHA-256 of a rules file in hex, '' if it cannot be read."""
    try:
        return hashlib.sha256(read_regular(path, MAX_BYTES + 1)).hexdigest()
    except (OSError, ValueError):
        return ""


def secret_in(path: str | os.PathLike[str]) -> str | None:
    """What a file with a secret holds, without the space around it; None for nothing. Raises OSError, ValueError."""
    try:
        return read_regular(path, MAX_SECRET_BYTES).decode("utf-8-sig").strip() or None
    except FileNotFoundError:
        return None
