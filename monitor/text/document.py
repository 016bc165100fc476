"""What was published, and its normal form, with the way back to the original characters."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import accumulate, chain

from monitor.model import Entry, FieldName, Fingerprint
from monitor.text.clean import clean
from monitor.text.fold import unify_ta
from monitor.text.guess import guess_language
from monitor.text.mapped import Mapped
from monitor.text.searchable import Searchable, searchable
from monitor.text.tokens import Chunk, Token, chunk_starts, paragraph_ends, read_chunks

_HASH_BYTES = 16  # 128 bits: no two of the entries a lifetime brings collide


@dataclass(frozen=True)
class Text:
    """One field of an entry. Offsets that leave this class are code points of `published`.

    Not for sharing between threads.
    """

    published: str
    mapped: Mapped

    @property
    def clean(self) -> str:
        """Without markup, escapes and wrong encoding; tokens refer to it."""
        return self.mapped.text

    @cached_property
    def chunks(self) -> list[str]:
        """What stands between white space, as it stands in the clean text. The words of all of them are `tokens`."""
        return self.clean.split()

    # What follows is made when it is asked for: most texts hold nothing that any rule waits for.

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        return tuple(chain.from_iterable(each.tokens for each in self._read))

    @cached_property
    def _read(self) -> list[Chunk]:
        return read_chunks(self.chunks)

    @cached_property
    def _first_tokens(self) -> list[int]:
        """For each chunk the number of its first token, or of the next if it has none."""
        return list(accumulate((len(each.tokens) for each in self._read), initial=0))[:-1]

    @cached_property
    def _chunk_starts(self) -> list[int]:
        return chunk_starts(self.clean)

    @cached_property
    def _sentence_starts(self) -> list[int]:
        """The first token of each sentence but the first; in order."""
        ends = {
            first + len(each.tokens) for first, each in zip(self._first_tokens, self._read, strict=True) if each.ends
        }
        for end in paragraph_ends(self.clean):
            following = bisect_right(self._chunk_starts, end)
            ends.add(self._first_tokens[following] if following < len(self._read) else len(self.tokens))
        return sorted(ends - {0})

    def sentence(self, token: int) -> int:
        """Which sentence a token stands in; counts from 0."""
        return bisect_right(self._sentence_starts, token)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Where the tokens [first, last) stand: half-open, never empty. `last` is greater than `first`."""
        start, _ = self.place(first)
        _, end = self.place(last - 1)
        return self.mapped.source(start, end)

    def place(self, token: int) -> tuple[int, int]:
        """Where a token stands in the clean text."""
        holder = bisect_right(self._first_tokens, token) - 1
        start = self._chunk_starts[holder]
        return start + self.tokens[token].start, start + self.tokens[token].end

    @property
    def folded(self) -> str:
        """The whole field folded, every run of white space one space: for regular expressions."""
        return self._searchable.text

    def folded_span(self, start: int, end: int) -> tuple[int, int] | None:
        """Where `folded[start:end]` stands, or None if nothing of it was published (an empty match)."""
        found = self._searchable.clean_range(start, end)
        return None if found is None else self.mapped.source(*found)

    @cached_property
    def _searchable(self) -> Searchable:
        places = [self.place(number) for number in range(len(self.tokens))]
        return searchable(self.clean, self.tokens, places)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The normal words in order; ة and ه are one here, as sloppy copies of a text take one for the other."""
        return tuple(unify_ta(token.folded) for token in self.tokens)


# A headline of fewer words ("عاجل", "آخر الأخبار") is not one story wherever it stands. In 24,203 Arabic headlines of
# three newsrooms 1 % have fewer than four words.
TELLING = 4


@dataclass(frozen=True)
class Document:
    entry: Entry
    title: Text
    summary: Text
    body: Text

    def field(self, name: FieldName) -> Text:
        return {"title": self.title, "summary": self.summary, "body": self.body}[name]

    @cached_property
    def fingerprint(self) -> Fingerprint:
        fields = (self.title.words, self.summary.words, self.body.words)
        return Fingerprint(
            raw=raw_hash(self.entry),
            text=_hash(map(" ".join, fields)),
            headline=_hash(
                (" ".join(self.title.words),) if len(self.title.words) >= TELLING else map(" ".join, fields)
            ),
            words=frozenset(self.title.words + self.summary.words),
        )

    @cached_property
    def language(self) -> str:
        """A best guess by the letters of title and summary, or of the body if they have none; see `guess_language`."""
        return guess_language(f"{self.title.clean}\n{self.summary.clean}") or guess_language(self.body.clean)


def read(entry: Entry) -> Document:
    """Never raises, whatever was published."""
    return Document(
        entry=entry,
        title=read_text(entry.title),
        summary=read_text(entry.summary),
        body=read_text(entry.body),
    )


def read_text(published: str) -> Text:
    """Never raises, whatever was published. Time and memory are linear in its length."""
    return Text(published=published, mapped=clean(published))


def raw_hash(entry: Entry) -> bytes:
    """Of guid, link and all text exactly as published. Cheap: no normal form is needed."""
    return _hash((entry.guid, entry.link or "", entry.title, entry.summary, entry.body))


def _hash(parts: Iterable[str]) -> bytes:
    """Of the parts and of where each ends. What was published may hold lone surrogates."""
    digest = blake2b(digest_size=_HASH_BYTES)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.digest()
