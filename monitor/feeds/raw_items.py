"""The bytes of single entries in a document as it came, found again after it was read.

The marks of the document (`known`) tell what was read: of one marked by its bytes, its entries are cut as they were cut
then. Of any other each piece is only believed if, decoded, it has the very digest of the text that was read for the
entry. Where that fails there is no answer: then the whole document is the evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from monitor.feeds.clean import clean
from monitor.feeds.known import By, Marks, digest, make_mark, read_marks
from monitor.feeds.known_cut import FIRST, row
from monitor.feeds.parts import MOST_ENTRIES
from monitor.model import Entry

# What Arabic and most other feeds are written in. In another encoding no piece has the digest of what was read.
_CODECS: Final = ("utf-8", "cp1256", "iso8859-6", "cp1252", "cp1254", "cp1251")


@dataclass(frozen=True, slots=True)
class RawItem:
    """`encoding`: in which the bytes read as the entry."""

    data: bytes
    encoding: str


def raw_items(body: bytes, marks: bytes | None, window: int, entries: Sequence[Entry]) -> dict[int, RawItem]:
    """By the entries' positions; who could not be found is left out. `marks` and `window`: of what was parsed."""
    known = read_marks(marks)
    pieces = _pieces(body, known)
    if known is None or len(pieces) != window:
        return {}
    found = ((entry.position, _proven(pieces[entry.position], entry, known)) for entry in entries)
    return {position: item for position, item in found if item is not None}


def _pieces(body: bytes, known: Marks | None) -> list[bytes]:
    """All elements of the first entry's name, in order; only such a document is cut whose entries have the same."""
    first = FIRST.search(body)
    if first is None or known is None:
        return []
    if known.by is By.BYTES:
        return row(body, first.start(), first[1])[0]
    pieces: list[bytes] = []
    opening, closing = b"<" + first[1], b"</" + first[1] + b">"
    at = first.start()
    while at >= 0 and len(pieces) <= MOST_ENTRIES:
        end = body.find(closing, at)
        if end < 0:
            break
        pieces.append(body[at : end + len(closing)])
        at = body.find(opening, end)
    return pieces


def _proven(piece: bytes, entry: Entry, known: Marks) -> RawItem | None:
    if known.by is By.BYTES:
        return RawItem(piece, "utf-8")
    for codec in _CODECS:
        read = digest(clean(piece.decode(codec, "replace")).encode("utf-8", "surrogatepass"))
        if known.marks.get(read) == make_mark(read, entry.guid, entry.link):
            return RawItem(piece, codec)
    return None
