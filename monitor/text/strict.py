"""Letters that folding makes one, told apart again where the author of a word asks for it.

A form is compared with the token letter by letter. What a token does not write (a hamza, a ya that might be either) is
never held against it, but for shadda, which hardly anyone writes: who asks for that wants the token that has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from unicodedata import normalize

from monitor.language import Strictness
from monitor.text.fold import spell
from monitor.text.particles import Parse
from monitor.text.tokens import Surface

_SHADDA = "\u0651"
_TANWIN = ("\u064b\u0627", "\u0627\u064b")
_REPLACED = 2  # letters at a word's end that an ending may take the place of: ة, ون
_HAMZA = frozenset("أإآ")
_YA = frozenset("يى")


@dataclass(frozen=True, slots=True)
class Base:
    """A word or plural as its author wrote it: its letters, which of them carry shadda, and whether its last alef only
    carries tanwin."""

    letters: str
    doubled: frozenset[int]
    tanwin: bool


@dataclass(frozen=True, slots=True)
class Strict:
    """What the author of one word is strict about. `bases` are the word and its own plurals."""

    letters: frozenset[Strictness]
    bases: tuple[Base, ...]

    def of(self, written: str) -> Callable[[Surface, Parse, str], bool]:
        """Whether a token, `written` with its marks, is a form (root+ending, as spelled) in the letters that matter."""
        return partial(self._accepts, written)

    def _accepts(self, written: str, word: Surface, parse: Parse, how: str) -> bool:
        made = how.replace("+", "")
        there = word.spelled[-len(parse.rest) :]
        if len(made) == len(there) and any(self._differ(*pair) for pair in zip(made, there, strict=True)):
            return False
        if "tanwin" in self.letters and made.endswith("ا") and word.tanwin != self._carries_tanwin(how):
            return False
        return "shadda" not in self.letters or self._doubled(how, len(made)) <= _doubled_from_end(written, len(made))

    def _differ(self, made: str, there: str) -> bool:
        if "hamza" in self.letters and made in _HAMZA and there in _HAMZA:
            return made != there
        return "yaa" in self.letters and made in _YA and there in _YA and made != there

    def _carries_tanwin(self, how: str) -> bool:
        return how.endswith("+ا") or any(base.tanwin and base.letters == how for base in self.bases)

    def _doubled(self, how: str, length: int) -> frozenset[int]:
        """Which letters of a form carry shadda, counted from its end, as far as the author's spelling tells."""
        return frozenset(at - length for at in self._doubled_from_start(how))

    def _doubled_from_start(self, how: str) -> frozenset[int]:
        """By what the author wrote of which the form is made: the word itself, or else a plural of his."""
        begins = 0
        for part in how.split("+"):
            for base in self.bases:
                if base.letters.startswith(part) and len(part) >= len(base.letters) - _REPLACED:
                    return frozenset(begins + at for at in base.doubled if at < len(part))
            begins += len(part)
        return frozenset()


def asks_nothing(letters: Strictness, written: Iterable[str], made: Iterable[str]) -> bool:
    """Whether being strict about these changes nothing for what an author wrote and the forms made of it."""
    match letters:
        case "hamza":
            return not any(_HAMZA.intersection(form) for form in made)
        case "yaa":
            return not any(_YA.intersection(form) for form in made)
        case "tanwin":
            return not any(form.endswith("ا") for form in made)
        case "shadda":
            return not any(map(_doubled_letters, written))


def strict_about(letters: Iterable[Strictness], bases: Iterable[str]) -> Strict:
    return Strict(frozenset(letters), tuple(map(_base, bases)))


def _base(written: str) -> Base:
    letters, marked = spell(written), _doubled_letters(written)
    article = 2 if letters.startswith("ال") and len(letters) > 3 else 0  # forms are made without it
    return Base(letters[article:], frozenset(at - article for at in marked if at >= article), written.endswith(_TANWIN))


def _doubled_from_end(written: str, length: int) -> frozenset[int]:
    letters = len(spell(written))
    return frozenset(at - letters for at in _doubled_letters(written) if at >= letters - length)


def _doubled_letters(written: str) -> frozenset[int]:
    """The letters that carry shadda, counted from 0."""
    at, doubled = -1, set()
    for char in normalize("NFC", written):
        if char == _SHADDA:
            doubled.add(at)
        elif spell(char):
            at += 1
    return frozenset(doubled - {-1})
