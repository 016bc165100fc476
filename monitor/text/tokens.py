"""Words and sentences of a clean text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import regex

from monitor.text import particles
from monitor.text.fold import fold, fold_spelled, spell
from monitor.text.kept import Kept
from monitor.text.markup import PARAGRAPH
from monitor.text.particles import Parse, parses

# A run of letters of one script, or of digits; every change between them ends it (بـ10, 3صواريخ, F16). Marks,
# stretching and invisible characters inside belong to it; trailing marks too, so that a span shows the whole word.
# The modifier letters U+02B9 to U+02BF are apostrophes (Darʿa), not letters.
_APOSTROPHE = "'’‘ʼ`´′ʹʺʻʽʾʿ＇"
_INSIDE = r"[\p{M}\p{Cf}ـ]"


def _run(letters: str) -> str:
    return rf"{letters}++(?:{_INSIDE}++{letters}++)*+\p{{M}}*+"


_WORD = regex.compile(
    "|".join(
        (
            _run(r"[\p{Arabic}&&\p{L}]"),
            _run(r"\p{Nd}"),
            _run(r"[\p{Hebrew}&&\p{L}]"),
            _run(rf"[[\p{{L}}\p{{Nl}}\p{{No}}]--[\p{{Arabic}}\p{{Hebrew}}\u02b9-\u02bf{_APOSTROPHE}ـ]]"),
        )
    ),
    regex.V1,
)

# Behind a word: one dot or three and more, !, ?, … and what closes; two dots are a headline's colon.
_SENTENCE_END = regex.compile(r"(?:(?<!\.)\.(?:\.\.++)?+(?!\.)|[!?؟…۔。！？])[\p{Pe}\p{Pf}\"']*+$", regex.V1)
_PARAGRAPH = re.compile(rf"\n[^\S\n]*\n|{PARAGRAPH}")  # a blank line, or the end of a block of markup
_CHUNK = re.compile(r"\S+")
# Most chunks of Arabic news are one word of plain letters, perhaps with vowel signs, or a number, perhaps in signs that
# are part of no word. No two of these characters compose, so folding them needs no normalization (`fold_spelled`).
_PLAIN = re.compile('["«(\\[]*([\u0621-\u063a\u0641-\u064a][\u0621-\u063a\u0641-\u0652]*|[0-9]+)([،؛:.!؟…"»)\\]%]*)')
_TANWIN = ("\u064b\u0627", "\u0627\u064b")


class Surface:
    """What a word looks like, wherever it stands. Immutable; what is seldom asked for is made when it is."""

    __slots__ = ("_parses", "_spelled", "folded", "word")

    def __init__(self, word: str, folded: str) -> None:
        self.word = word
        self.folded = folded
        self._spelled: str | None = None
        self._parses: tuple[Parse, ...] | None = None

    @property
    def spelled(self) -> str:
        """The letters that folding makes one kept apart; as long as `folded`, or '' where they cannot be aligned."""
        if self._spelled is None:
            spelled = spell(self.word)
            self._spelled = spelled if len(spelled) == len(self.folded) else ""
        return self._spelled

    @property
    def tanwin(self) -> bool:
        """It ends in an alef that only carries tanwin (درعاً), so that alef is no letter of the word."""
        return self.word.endswith(_TANWIN)

    @property
    def parses(self) -> tuple[Parse, ...]:
        if self._parses is None:
            self._parses = parses(self.folded)
        return self._parses

    @property
    def remainders(self) -> tuple[str, ...]:
        return particles.remainders(self.folded)

    def writes(self, letter: str, at: int) -> bool:
        """Whether this very letter stands at `at`, which counts from the end (-1 is the last)."""
        return len(self.spelled) >= -at and self.spelled[at] == letter


class Token(NamedTuple):
    """One word. `start` and `end` are offsets of its chunk, so that all texts with that chunk share it.

    `glued`: nothing but an apostrophe stands between it and the token before (Dara'a).
    """

    surface: Surface
    start: int
    end: int
    glued: bool = False

    @property
    def folded(self) -> str:
        return self.surface.folded


class Chunk(NamedTuple):
    """What stands between white space: its words, and whether a sentence ends behind it. None ever ends within it."""

    tokens: tuple[Token, ...]
    ends: bool


def remainders(token: Token) -> tuple[str, ...]:
    """What the token may be after taking off each possible particle and article; itself first."""
    return token.surface.remainders


def surface(word: str) -> Surface:
    """How a run of letters reads."""
    return Surface(word, fold(word))


def chunk(written: str) -> Chunk:
    """The words of a text without white space."""
    known = _kept.get(written)
    if known is None:
        known = _read_plain(written) or _read_mixed(written)
        _kept.keep(written, known)
    return known


def read_chunks(chunks: Sequence[str]) -> list[Chunk]:
    """Each of them in turn."""
    return [known or chunk(written) for known, written in zip(_kept.newer(chunks), chunks, strict=True)]


_kept: Kept[Chunk] = Kept(1 << 15)  # some 25 MB


def plain_word(written: str) -> str | None:
    """The word of a chunk that is one word of Arabic letters, or a number, bare or in signs that belong to no word.

    `fold_spelled` folds it.
    """
    plain = _PLAIN.fullmatch(written)
    return plain and plain[1]


def _read_plain(written: str) -> Chunk | None:
    plain = _PLAIN.fullmatch(written)
    if plain is None:
        return None
    word, signs = plain.groups()
    token = Token(Surface(word, fold_spelled(word)), *plain.span(1))
    return Chunk((token,), bool(signs) and _ends_sentence((token,), signs))


def _read_mixed(written: str) -> Chunk:
    tokens = tuple(_tokens(written))
    tail = written[tokens[-1].end :] if tokens else written
    return Chunk(tokens, _ends_sentence(tokens, tail))


def _tokens(written: str) -> Iterator[Token]:
    before = -1
    for found in _WORD.finditer(written):
        start, end = found.span()
        look = surface(found.group())
        if look.folded:
            glued = start - before == 1 and before > 0 and written[before] in _APOSTROPHE
            yield Token(look, start, end, glued)
            before = end


def _ends_sentence(tokens: tuple[Token, ...], tail: str) -> bool:
    if tail == "." and tokens and len(tokens[-1].folded) == 1:
        return False  # an initial or a title is written so: د. أحمد
    return _SENTENCE_END.search(tail) is not None


def tokenize(text: str) -> tuple[Token, ...]:
    """The words in order."""
    return tuple(chain.from_iterable(each.tokens for each in read_chunks(text.split())))


def paragraph_ends(clean: str) -> list[int]:
    """Offsets of blank lines and of what stands for them, in order."""
    if "\n" not in clean and PARAGRAPH not in clean:
        return []
    return [found.start() for found in _PARAGRAPH.finditer(clean)]


def chunk_starts(clean: str) -> list[int]:
    """Where each chunk of `clean.split()` begins."""
    return [found.start() for found in _CHUNK.finditer(clean)]
