"""A document cut by its bytes into what was read before and what is new, without decoding what was.

Cutting after decoding and cleaning (`parts.split`) is always right, but costs as much for what is known as for what is
new. Here an entry is found in the bytes as they came, and only where that must come to the same. The document is UTF-8
without damage, and without anything that `decode` mends by looking at the whole. Its entries stand in one row with only
white space between them; none holds the name of its own element a second time, be it in a comment. Every section
(comment, CDATA, instruction) is closed in the piece where it opens: then, as all else that `clean` mends stands between
two brackets, each piece is cleaned by itself to what it is in the whole; and what `split` finds in the cleaned pieces
are the very same entries. In any doubt the answer is None.

A known entry was looked at in this way when it was new. As every piece before it is sound, it stands where it stood: in
no comment, no CDATA and no other entry.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, replace

from monitor.feeds.clean import clean, drop_controls
from monitor.feeds.decode import decode
from monitor.feeds.known import digest
from monitor.feeds.parts import LONGEST_HEAD, MOST_ATTRIBUTES, MOST_ENTRIES, MOST_TAGS, NoFeed, Parts, has_root, split
from monitor.feeds.twice import is_suspected

FIRST = re.compile(rb"<(item|entry)(?=[\s/>])", re.IGNORECASE)
_GAP = re.compile(rb"[ \t\r\n]*")
_SECTIONS = ((b"<![CDATA[", b"]]>"), (b"<!--", b"-->"), (b"<?", b"?>"))
_ANY_SECTION = re.compile(rb"<[!?]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """`parts` holds the new entries only; `new` are their places in the document. `digests` are of all its entries."""

    parts: Parts
    new: tuple[int, ...]
    digests: tuple[bytes, ...]


def cut(body: bytes, known: Container[bytes]) -> Cut | None:
    """`known`: digests of entries that this function gave as new from an earlier document."""
    first = FIRST.search(body)
    if first is None or not _is_small(body):
        return None
    entries, end = row(body, first.start(), first[1])
    head, tail = body[: first.start()], body[end:]
    if not 0 < len(entries) <= MOST_ENTRIES or len(head) + len(tail) > LONGEST_HEAD or FIRST.search(tail):
        return None
    digests = tuple(map(digest, entries))
    new = tuple(at for at, each in enumerate(digests) if each not in known)
    fresh = [entries[at] for at in new]
    if any(entry.count(b"<" + first[1]) > 1 for entry in fresh) or not all(map(_is_closed, (head, *fresh))):
        return None
    # Where all is known something must stand in its place, or `split` would take the tail for the end of the head.
    parts = _parts(head, fresh or [b"<%b></%b>" % (first[1], first[1])], tail)
    if parts is None:
        return None
    return Cut(parts=parts if fresh else replace(parts, entries=()), new=new, digests=digests)


def _is_small(body: bytes) -> bool:
    """Whether `split` can have no reason to reduce all entries. (An '=' can also come of a reference.)"""
    if len(body) < min(MOST_TAGS, MOST_ATTRIBUTES):
        return True
    return body.count(b"<") <= MOST_TAGS and body.count(b"=") + body.count(b"&") <= MOST_ATTRIBUTES


def row(body: bytes, start: int, name: bytes) -> tuple[list[bytes], int]:
    """The entries of one name that follow each other with only white space between them, and where the last ends."""
    opening, closing = b"<" + name, b"</" + name + b">"
    entries: list[bytes] = []
    at, end = start, start
    while len(entries) <= MOST_ENTRIES and body.startswith(opening, at) and (stop := body.find(closing, at)) >= 0:
        end = stop + len(closing)
        entries.append(body[at:end])
        at = _GAP.match(body, end).end()  # type: ignore[union-attr]  # it matches everywhere
    return entries, end


def _is_closed(piece: bytes) -> bool:
    """Whether every section that opens here closes here, read as `clean` reads them."""
    at = 0
    while found := _ANY_SECTION.search(piece, at):
        opening, closing = next((each for each in _SECTIONS if piece.startswith(each[0], found.start())), (b"<!", b""))
        end = piece.find(closing, found.start() + len(opening))  # a declaration ends at once: its '<' becomes a sign
        if end < 0:
            return False
        at = end + len(closing)
    return True


def _parts(head: bytes, entries: list[bytes], tail: bytes) -> Parts | None:
    text = _text(b"".join((head, *entries, tail)))
    if text is None:
        return None
    before, *cleaned, after = (clean(piece.decode("utf-8")) for piece in (_bare(head), *entries, tail))
    try:
        parts = split("".join((before, *cleaned, after)))
    except NoFeed:
        return None
    return parts if parts.entries == tuple(cleaned) and has_root(before, after) else None


def _text(rest: bytes) -> str | None:
    """None unless the bytes are nothing but good UTF-8 of which every character stays as it is."""
    try:
        plain = _bare(rest).decode("utf-8")
    except UnicodeDecodeError:
        return None
    # That text was encoded twice a document shows only as a whole: one word of it is a doubt.
    stays = decode(rest, None).text == plain == drop_controls(plain) and not is_suspected(plain)
    return plain if stays else None


def _bare(head: bytes) -> bytes:
    return head.removeprefix(b"\xef\xbb\xbf")
