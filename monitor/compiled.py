"""What was made of the rules files, kept in the state directory so that the next start need not make it again.

A file here saves work and nothing else: if anything about it is odd (torn, of another version, not ours), it counts as
not there, and one that cannot be written is done without.

Who may make us load one: marshal and pickle are safe only with data that we wrote. So a file, and the folder that it is
in, must belong to the user that we run as, and nobody else may have permission to write to either. Whoever can write
there all the same is this user or root, and can replace our code and rules as well. A digest keyed with a secret would
add nothing: the key would have to lie where the file does. The digest in it is against torn files alone, which could
crash the reader.

Secrets are never written here, nor anything made of them.
"""

from __future__ import annotations

import os
import stat
import sys
from hashlib import blake2b

from monitor import __version__

FOLDER = "cache"
_MAGIC = b"monitor1"
_HEAD = len(_MAGIC) + 32  # bytes
_MOST_BYTES = 1 << 28


class Shelf:
    """The folder of these files; it need not be there. `writes` False: it is only read."""

    def __init__(self, state: str | os.PathLike[str], *, writes: bool = True) -> None:
        self.folder = os.path.join(state, FOLDER)  # noqa: PTH118 - pathlib takes as long to import as Python to start
        self._writes = writes

    def load(self, name: str, key: bytes) -> bytes | None:
        """What was saved under this name and key; None if there is no such thing, or it is not to be trusted."""
        try:
            with _Folder(self.folder) as folder:
                raw = folder.read(name)
        except (OSError, ValueError):
            return None
        head, payload = raw[:_HEAD], raw[_HEAD:]
        return payload if head == _head(key, payload) else None

    def save(self, name: str, key: bytes, payload: bytes) -> None:
        """All or nothing; silently nothing where it cannot be written."""
        if not self._writes:
            return
        try:
            if not os.path.isdir(self.folder):  # noqa: PTH112
                os.mkdir(self.folder, 0o700)  # noqa: PTH102
            with _Folder(self.folder) as folder:
                folder.replace(name, _head(key, payload) + payload)
        except (OSError, ValueError):
            return


def _head(key: bytes, payload: bytes) -> bytes:
    """What a file begins with: a digest of its key and of all that follows."""
    digest = blake2b(key, digest_size=32)
    digest.update(payload)
    return _MAGIC + digest.digest()


def key_of(*parts: str | bytes) -> bytes:
    """A key that differs where any of these or the installed code does."""
    digest = blake2b(_code(), digest_size=32)
    for part in parts:
        raw = part if isinstance(part, bytes) else part.encode("utf-8", "surrogateescape")
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return digest.digest()


# --- files that are ours


class _Folder:
    """An open folder. Raises OSError, and ValueError for what somebody else could have written."""

    def __init__(self, path: str) -> None:
        self._descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)

    def __enter__(self) -> _Folder:
        _refuse_foreign(os.fstat(self._descriptor))
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)

    def read(self, name: str) -> bytes:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        with os.fdopen(os.open(name, flags, dir_fd=self._descriptor), "rb") as file:
            found = os.fstat(file.fileno())
            _refuse_foreign(found)
            if not stat.S_ISREG(found.st_mode):
                raise ValueError("not a file")
            return file.read(_MOST_BYTES)

    def replace(self, name: str, raw: bytes) -> None:
        """No fsync: what a power failure leaves torn is seen by its digest, and made anew."""
        scratch = f"{name}.{os.getpid()}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            with os.fdopen(os.open(scratch, flags, 0o600, dir_fd=self._descriptor), "wb") as file:
                file.write(raw)
            os.replace(scratch, name, src_dir_fd=self._descriptor, dst_dir_fd=self._descriptor)
        except BaseException:  # Ctrl-C too must leave no litter; it goes on to whoever asked
            self._remove(scratch)
            raise

    def _remove(self, name: str) -> None:
        try:
            os.unlink(name, dir_fd=self._descriptor)
        except OSError:
            return


def _refuse_foreign(found: os.stat_result) -> None:
    if found.st_uid != os.geteuid() or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise ValueError("not ours alone")


# --- the installed code


def _code() -> bytes:
    """Differs after an upgrade of Python, of monitor, or of what it is installed with: name, size and time of each of
    our files, as Python itself judges whether its own compiled files are up to date, and the time of each folder of
    packages."""
    digest = blake2b(f"{__version__} {sys.version} {sys.platform} {os.environ.get('HOME')}".encode(), digest_size=32)
    for folder in sys.path:
        if folder.endswith(("site-packages", "dist-packages")):
            digest.update(f"{folder} {_changed(folder)}\n".encode("utf-8", "surrogateescape"))
    for line in sorted(_files(os.path.dirname(__file__))):  # noqa: PTH120
        digest.update(line.encode("utf-8", "surrogateescape"))
    return digest.digest()


def _changed(folder: str) -> int:
    try:
        return os.stat(folder).st_mtime_ns  # noqa: PTH116
    except OSError:
        return 0


def _files(folder: str) -> list[str]:
    found: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_file():
                about = entry.stat()
                found.append(f"{entry.path} {about.st_size} {about.st_mtime_ns}\n")
            elif entry.is_dir() and entry.name != "__pycache__":
                found += _files(entry.path)
    return found
