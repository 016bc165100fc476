"""Words and sentences of a clean text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import regex

from monitor.text.fold import fold, spell
from monitor.text.particles import ARTICLE, Parse, parses

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

# Between two words: one dot or three and more, !, ?, … before white space; two dots are a headline's colon. U+2029
# stands for the end of a block of markup.
_SENTENCE_END = regex.compile(
    r"(?:(?<!\.)\.(?:\.\.++)?+(?!\.)|[!?؟…۔。！？])[\p{Pe}\p{Pf}\"']*+(?=\s)|\n[^\S\n]*+\n|\u2029", regex.V1
)
_TANWIN = ("\u064b\u0627", "\u0627\u064b")
_CACHED_LETTERS = 48  # a longer word is none; caching it would let a hostile feed fill the memory


@dataclass(frozen=True, slots=True)
class Surface:
    """What a word looks like, wherever it stands.

    `spelled` keeps the letters that folding makes one, as long as `folded`, or is '' where they cannot be aligned.
    `tanwin`: it ends in an alef that only carries tanwin (درعاً), so that alef is no letter of the word.
    """

    folded: str
    spelled: str
    tanwin: bool
    parses: tuple[Parse, ...]
    remainders: tuple[str, ...]

    def writes(self, letter: str, at: int) -> bool:
        """Whether this very letter stands at `at`, which counts from the end (-1 is the last)."""
        return len(self.spelled) >= -at and self.spelled[at] == letter

    def begins(self, letters: str | None, at: int) -> bool:
        """Whether these very letters, if there are any, stand from `at` on, which counts from the end."""
        return bool(letters) and len(self.spelled) >= -at and self.spelled.startswith(letters or "", at)


class Token(NamedTuple):
    """One word in one text. `start` and `end` are offsets of the clean text; `sentence` counts from 0 in the field.

    `glued`: nothing but an apostrophe stands between it and the token before (Dara'a). A tuple, because a poll makes
    hundreds of thousands of them.
    """

    surface: Surface
    start: int
    end: int
    sentence: int
    glued: bool = False

    @property
    def folded(self) -> str:
        return self.surface.folded


def writes_no_article(word: Surface, behind: str) -> bool:
    """Whether the ال before `behind` is a root's: it has its hamza in ألغاز (riddles) and إلقاء (throwing)."""
    at = -len(behind) - len(ARTICLE)
    return word.writes("أ", at) or word.writes("إ", at)


def remainders(token: Token) -> tuple[str, ...]:
    """What the token may be after taking off each possible particle and article; itself first, no two alike."""
    return token.surface.remainders


def surface(word: str) -> Surface:
    """How a run of letters reads. Alike for every place where it stands, so it is kept, within bounds."""
    return _kept_surface(word) if len(word) <= _CACHED_LETTERS else _surface(word)


def _surface(word: str) -> Surface:
    folded, spelled = fold(word), spell(word)
    readings = parses(folded) if folded else ()
    return Surface(
        folded=folded,
        spelled=spelled if len(spelled) == len(folded) else "",
        tanwin=word.endswith(_TANWIN),
        parses=readings,
        remainders=tuple(dict.fromkeys(parse.rest for parse in readings)),
    )


_kept_surface = lru_cache(maxsize=1 << 16)(_surface)


def tokenize(clean: str) -> tuple[Token, ...]:
    return tuple(_tokens(clean))


def _tokens(clean: str) -> Iterator[Token]:
    before, sentence, letters = 0, 0, 0
    for found in _WORD.finditer(clean):
        start, end = found.span()
        look = surface(found.group())
        if not look.folded:
            continue
        gap = clean[before:start]
        if before and gap != " " and _ends_sentence(gap, letters):
            sentence += 1
        yield Token(look, start, end, sentence, before > 0 and len(gap) == 1 and gap in _APOSTROPHE)
        before, letters = end, len(look.folded)


def _ends_sentence(gap: str, letters_before: int) -> bool:
    found = _SENTENCE_END.search(gap)
    if found is None:
        return False
    # An initial or a title is written so: د. أحمد
    return not (letters_before == 1 and gap.startswith(". ") and found.start() == 0)
