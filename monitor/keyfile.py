"""Keys that we make ourselves, each in a file of its own in the state directory."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path
from typing import Final

from monitor.errors import StateError

KEY_BYTES: Final = 32


def key_in(path: Path, *, loss: str) -> bytes:
    """The key of this file, made if there is none. Raises StateError for one that others may know, or that is damaged:
    made anew without a word, all that was made with it would be worth nothing. `loss` says what that would be."""
    try:
        return read(path, loss=loss) or keep(path, secrets.token_bytes(KEY_BYTES), loss=loss)
    except OSError as error:
        raise StateError(f"{path} cannot be used: {error.strerror}. Give this user permission to it.") from error


def read(path: Path, *, loss: str) -> bytes | None:
    """None where there is none. Raises StateError and OSError."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        about = os.fstat(descriptor)
        key = file.read(KEY_BYTES + 1) if stat.S_ISREG(about.st_mode) else b""
    if about.st_uid != os.geteuid() or about.st_mode & 0o077:
        raise StateError(f"{path} could be read by others. Remove it: a new one is made, and {loss}.")
    if len(key) != KEY_BYTES:
        raise StateError(f"{path} is damaged. Remove it: a new one is made, and {loss}.")
    return key


def keep(path: Path, key: bytes, *, loss: str) -> bytes:
    """Written whole under another name first. If there is one by then, that is the key. Raises StateError, OSError."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(descriptor)
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(fresh)
    finally:
        fresh.unlink(missing_ok=True)
    return read(path, loss=loss) or key
