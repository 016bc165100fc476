"""Have files changed? By looking now and then: it works the same on every file system, in containers too."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

Signature = tuple[tuple[str, int, int, int], ...]


def signature(files: Iterable[Path]) -> Signature:
    """Name, inode, size and time of each; a file that is missing has zeros. Editors replace files, hence the inode."""
    return tuple(_stamp(file) for file in sorted(files))


def _stamp(file: Path) -> tuple[str, int, int, int]:
    try:
        found = file.stat()
    except OSError:
        return str(file), 0, 0, 0
    return str(file), found.st_ino, found.st_size, found.st_mtime_ns


class Watch:
    """Tells of a change once it has come to rest: a file that is still being written is left alone."""

    def __init__(self, files: Iterable[Path]) -> None:
        self.follow(files)

    def follow(self, files: Iterable[Path]) -> None:
        """From now on these; as they are now is how they are known."""
        self._files = tuple(files)
        self._known = self._last = signature(self._files)

    def settled_change(self) -> bool:
        """Whether the files differ from what is known and have not changed since the last look. True once a change."""
        now = signature(self._files)
        settled = now != self._known and now == self._last
        self._last = now
        if settled:
            self._known = now
        return settled
