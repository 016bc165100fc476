"""The words of a clean text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, overload

import regex

from monitor.text import alphabet, particles
from monitor.text.fold import fold, spell
from monitor.text.particles import Parse, parses

# A run of letters of one script, or of digits; every change between them ends it (بـ10, 3صواريخ, F16). Marks,
# stretching and invisible characters inside belong to it; trailing marks too, so that a span shows the whole word.
# The modifier letters U+02B9 to U+02BF are apostrophes (Darʿa), not letters.
APOSTROPHES = "'’‘ʼ`´′ʹʺʻʽʾʿ＇"


def _run(letters: str, inside: str, marks: str) -> str:
    return rf"{letters}++(?:{inside}++{letters}++)*+{marks}*+"


_WORD = regex.compile(
    "|".join(
        _run(letters, r"[\p{M}\p{Cf}ـ]", r"\p{M}")
        for letters in (
            r"[\p{Arabic}&&\p{L}]",
            r"\p{Nd}",
            r"[\p{Hebrew}&&\p{L}]",
            rf"[[\p{{L}}\p{{Nl}}\p{{No}}]--[\p{{Arabic}}\p{{Hebrew}}\u02b9-\u02bf{APOSTROPHES}ـ]]",
        )
    ),
    regex.V1,
)
# The same for plain texts (see `haystack`), which have no other letters and marks than these: four times as quick.
_PLAIN_WORD = re.compile(
    "|".join(
        _run(f"[{letters}]", f"[{alphabet.MARKS}]", f"[{alphabet.MARKS[1:9]}]")
        for letters in (alphabet.LETTERS + alphabet.VARIANTS, f"0-9{alphabet.DIGITS}", f"A-Za-z{alphabet.LATIN}")
    )
)
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

    def begins(self, letters: str, at: int) -> bool:
        """Whether these very letters, if there are any, stand from `at` on, which counts from the end."""
        return letters != "" and len(self.spelled) >= -at and self.spelled.startswith(letters, at)


class Token(NamedTuple):
    """One word in one text. `start` and `end` are offsets of the clean text.

    `glued`: nothing but an apostrophe stands between it and the token before (Dara'a).
    """

    surface: Surface
    start: int
    end: int
    glued: bool

    @property
    def folded(self) -> str:
        return self.surface.folded


def writes_no_article(word: Surface, behind: str) -> bool:
    """Whether the ال before `behind` is a root's: it has its hamza in ألغاز (riddles) and إلقاء (throwing)."""
    at = -len(behind) - len(particles.ARTICLE)
    return word.writes("أ", at) or word.writes("إ", at)


def remainders(token: Token) -> tuple[str, ...]:
    """What the token may be after taking off each possible particle and article; itself first."""
    return token.surface.remainders


def surface(word: str) -> Surface:
    """How a run of letters reads."""
    return Surface(word, fold(word))


class Tokens(Sequence[Token]):
    """The words of a clean text in order. Each is read when it is asked for: of most texts only a few ever are."""

    def __init__(self, clean: str, *, plain: bool = False) -> None:
        """`plain`: whether it has a `plain_haystack`."""
        self._clean = clean
        self.places = _places(clean, plain=plain)
        """Where each stands in the clean text, half-open; never empty, sorted, disjoint."""
        self._read: dict[int, Token] = {}

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, number: int) -> Token: ...

    @overload
    def __getitem__(self, number: slice) -> tuple[Token, ...]: ...

    def __getitem__(self, number: int | slice) -> Token | tuple[Token, ...]:
        if isinstance(number, slice):
            return tuple(map(self.__getitem__, range(*number.indices(len(self.places)))))
        token = self._read.get(number)
        if token is None:
            number = range(len(self.places))[number]
            token = self._read[number] = self._token(number)
        return token

    def __iter__(self) -> Iterator[Token]:
        return map(self.__getitem__, range(len(self.places)))

    def _token(self, number: int) -> Token:
        start, end = self.places[number]
        before = self.places[number - 1][1] if number else -1
        glued = start - before == 1 and before > 0 and self._clean[before] in APOSTROPHES
        return Token(surface(self._clean[start:end]), start, end, glued)


def _places(clean: str, *, plain: bool) -> list[tuple[int, int]]:
    if plain:
        return [found.span() for found in _PLAIN_WORD.finditer(clean)]
    return list(_folding(clean))


def _folding(clean: str) -> Iterable[tuple[int, int]]:
    """Isolated forms of vowel signs are letters to Unicode, and fold to nothing."""
    return (found.span() for found in _WORD.finditer(clean) if fold(found.group()))


def folded_words(clean: str) -> list[str]:
    """The folded word of every token in order, for texts of which most tokens are never read.

    Folded all at once, a line each, for nothing in `fold` reaches over the end of a line.
    """
    return fold("\n".join(_WORD.findall(clean))).split()


def tokenize(text: str) -> tuple[Token, ...]:
    return tuple(Tokens(text))
