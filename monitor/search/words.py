"""The words that an entry is found by: those of its haystacks, by which the rules themselves are chosen.

A word is written in bytes as `monitor.text.alphabet` writes it, one a letter, and in the index as the characters of
these numbers. Those of the body alone bear a mark, so that a search in headlines never meets them.
"""

from __future__ import annotations

import re
from functools import cache
from hashlib import blake2b
from importlib import resources
from typing import Final, NamedTuple

from monitor.store.views.search import Written
from monitor.text.alphabet import encode
from monitor.text.document import read_text
from monitor.text.haystack import WORD

BODY: Final = "\u0640"
"""Before the words of a body: tatweel, which no folded word has."""

FORM: Final = b"1"  # how words are kept; raise it when that changes

# What the tokenizer `ascii` of SQLite ends a word at ("FTS5", section 4.3.2). A sign may fold to several words (ﷺ).
_PIECE: Final = re.compile(rb"[0-9a-z\x80-\xff]+")


class EntryWords(NamedTuple):
    """`body`: those that are in the body alone."""

    head: frozenset[bytes]
    body: frozenset[bytes]


def words_of(entry: Written) -> EntryWords:
    head = _words(entry.title) | _words(entry.summary)
    return EntryWords(head, _words(entry.body) - head)


def _words(published: str) -> frozenset[bytes]:
    text = read_text(published)
    if text.plain_haystack is not None:
        return frozenset(WORD.findall(text.plain_haystack))
    return frozenset(piece for word in text.words for piece in _PIECE.findall(encode(word)))


def is_word(word: bytes) -> bool:
    """Whether the index has such words at all."""
    return _PIECE.fullmatch(word) is not None


def token(word: bytes) -> str:
    return word.decode("latin-1")


@cache
def form() -> bytes:
    """Differs where the normal form may: an index of another form is made anew."""
    digest = blake2b(FORM, digest_size=16)
    for file in sorted((resources.files("monitor") / "text").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".py"):
            digest.update(file.name.encode() + file.read_bytes())
    return digest.digest()
