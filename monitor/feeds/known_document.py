"""How much of a document has to be read, told by the marks of the last one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from monitor.feeds.known import By, Marks, context, digest
from monitor.feeds.known_cut import cut
from monitor.feeds.parts import Parts


@dataclass(frozen=True, slots=True)
class Document:
    """`parts` hold the entries that are to be read, at the places `new`; `digests` are of all entries.

    `warning` is what decoding had to say.
    """

    parts: Parts
    new: Sequence[int]
    by: By
    digests: Sequence[bytes]
    warning: str = ""

    @property
    def is_full(self) -> bool:
        return len(self.new) == len(self.digests)

    def context(self, base_url: str) -> bytes:
        return context(self.parts, base_url)

    def standing(self, last: Marks) -> Marks:
        """Of the last marks those whose entries are in this document and are not to be read again."""
        return replace(last, marks={each: last.marks[each] for each in self.digests if each in last.marks})


def whole(body: bytes, parts: Parts, warning: str) -> Document:
    """Everything is to be read. Marked by its bytes if cutting them comes to the very same parts."""
    found = None if warning else cut(body, ())
    new = range(len(parts.entries))
    if found is not None and found.parts == parts:
        return Document(parts, new, By.BYTES, found.digests)
    return Document(parts, new, By.TEXT, _digests(parts), warning)


def new_by_bytes(body: bytes, last: Marks | None) -> Document | None:
    if last is None or last.by is not By.BYTES:
        return None
    found = cut(body, last.marks)
    return None if found is None else Document(found.parts, found.new, By.BYTES, found.digests)


def new_by_text(parts: Parts, warning: str, last: Marks | None) -> Document | None:
    if last is None or last.by is not By.TEXT:
        return None
    digests = _digests(parts)
    new = [at for at, each in enumerate(digests) if each not in last.marks]
    fresh = replace(parts, entries=tuple(parts.entries[at] for at in new))
    return Document(fresh, new, By.TEXT, digests, warning)


def _digests(parts: Parts) -> list[bytes]:
    return [digest(entry.encode("utf-8", "surrogatepass")) for entry in parts.entries]
