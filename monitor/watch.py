"""Have files changed? By looking now and then: it works the same on every file system, in containers too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

Digests = Mapping[Path, str]


class Watch:
    """Tells of a change once it has come to rest: a file that is still being written is left alone.

    It compares contents, so an edit that came while the one before was being read is seen as well. `digest` gives a
    file's content as a short text, '' for one that cannot be read.
    """

    def __init__(self, known: Digests, digest: Callable[[Path], str]) -> None:
        self._digest = digest
        self.follow(known)

    def follow(self, known: Digests) -> None:
        """From now on these files, whose contents are known as given."""
        self._known = dict(known)
        self._last = self._known

    def settled_change(self) -> bool:
        """Whether a content differs from what is known and has not changed since the last look."""
        now = {path: self._digest(path) for path in self._known}
        settled = now != self._known and now == self._last
        self._last = now
        return settled
