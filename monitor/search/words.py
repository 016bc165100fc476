"""The words that an entry is found by: those of its haystacks, by which the rules themselves are chosen.

A word is written in bytes as `monitor.text.alphabet` writes it, one a letter, and in the index as the characters of
these numbers. Those of the body alone bear a mark, so that a search in headlines never meets them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from hashlib import blake2b
from importlib import resources
from typing import Final, NamedTuple

from monitor.model import Entry
from monitor.search.gazetteer import PlaceReader
from monitor.store.views.search import Written
from monitor.text.alphabet import encode
from monitor.text.document import Text, read
from monitor.text.haystack import WORD

BODY: Final = "\u0640"
"""Before the words of a body: tatweel, which no folded word has."""

FORM: Final = b"2"  # how words are kept; raise it when that changes

# What decides which words a text has, by folder; all that is there where nothing is named.
_MAKE_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "text": (),
    "lexicon/places": (),
    "lexicon": ("announced.py", "article.py", "load.py", "tree.py", "words.py"),
    "rules": ("evidence.py", "index.py", "scan.py", "spellings.py"),
    "search": ("gazetteer.py", "words.py"),
}

# What the tokenizer `ascii` of SQLite ends a word at ("FTS5", section 4.3.2). A sign may fold to several words (ﷺ).
_PIECE: Final = re.compile(rb"[0-9a-z\x80-\xff]+")


class EntryWords(NamedTuple):
    """`body`: those that are in the body alone. `places`: the words of places, as they are kept."""

    head: frozenset[bytes]
    body: frozenset[bytes]
    places: frozenset[str]


def words_of(entry: Written, reader: PlaceReader) -> EntryWords:
    document = read(Entry(feed_id="", title=entry.title, summary=entry.summary, body=entry.body))
    head = _words(document.title) | _words(document.summary)
    return EntryWords(head, _words(document.body) - head, reader.read(document))


def _words(text: Text) -> frozenset[bytes]:
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
    """Differs where the normal form may, or which places a text names: an index of another form is made anew."""
    digest, ours = blake2b(FORM, digest_size=16), resources.files("monitor")
    for folder, names in _MAKE_WORDS.items():
        for file in sorted((ours / folder).iterdir(), key=lambda file: file.name):
            if file.name.endswith((".py", ".yaml")) and (not names or file.name in names):
                digest.update(file.name.encode() + file.read_bytes())
    return digest.digest()
