"""A form of sentences: an English text with holes, and the Arabic one with the same holes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from typing import Final

# U+2068 and U+2069 (UAX #9, explicit directional isolates): what stands between them cannot disorder the line.
FSI, PDI = "\u2068", "\u2069"
LISTS: Final = frozenset({"names", "schemes", "languages", "others"})
"""Holes where several names may stand, joined in English."""
HOLE: Final = re.compile(r"<([a-z]+)(\*?)>")
_COUNTED: Final = re.compile(r"<([a-z]+)((?:\|[^|<>]+){4})>")
_SOME: Final[Mapping[str, str]] = {"n": r"[-+\d.,]+", "m": r"[-+\d.,]+", "who": r"\S+?"}
"""What stands in holes of these names: numbers, one word."""
_TANWIN: Final = "\u064b\u0627"
_JOINTS: Final = {", ": "، ", " or ": " أو ", " and ": " و"}
_WRITTEN: Final = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Form:
    """`begin`, `end`: what stands before its first hole and behind its last, for most sentences are told apart by that.
    `letters`: how many characters stand outside its holes. `inner`: the names of holes that are said in Arabic."""

    english: str
    arabic: str
    begin: str
    end: str
    letters: int
    inner: frozenset[str]

    def parts(self, sentence: str) -> Mapping[str, str] | None:
        if not sentence.startswith(self.begin) or not sentence.endswith(self.end):
            return None
        found = _pattern(self.english).fullmatch(sentence)
        return found.groupdict() if found else None

    @property
    def holes(self) -> frozenset[str]:
        return frozenset(name for name, _ in HOLE.findall(self.english))


def forms(sentences: Mapping[str, str]) -> Iterator[Form]:
    for english, arabic in sentences.items():
        outside = HOLE.sub("\0", english).split("\0")
        inner = frozenset(name for name, star in HOLE.findall(english) if star)
        yield Form(english, arabic, outside[0], outside[-1], sum(map(len, outside)), inner)


@cache
def _pattern(english: str) -> re.Pattern[str]:
    """The first hole of a name takes what stands there; others of the same name must be the same.

    A hole ends where what follows it stands first, up to the next hole that takes anything, and is not tried at any
    later place: where a sentence does not fit so, it fits in no other way, and to try them all would take minutes of a
    long one that nearly fits."""
    holes = list(HOLE.finditer(english))
    repeats = len({hole[1] for hole in holes}) < len(holes)
    pattern, piece, met = re.escape(english[: holes[0].start()] if holes else english), "", set[str]()
    for hole, following in zip_longest(holes, holes[1:]):
        name, some = hole[1], _SOME.get(hole[1]) or (".*?" if hole[2] else ".+?")
        piece += f"(?P={name})" if name in met else f"(?P<{name}>{some})"
        piece += re.escape(english[hole.end() : following.start() if following else None])
        met.add(name)
        if following is None or following[1] not in _SOME:
            pattern += piece if repeats or following is None else f"(?>{piece})"
            piece = ""
    return re.compile(pattern, re.DOTALL)


def filled(form: Form, found: Mapping[str, str], inner: Mapping[str, str]) -> str:
    """The Arabic sentence. What is not Arabic by nature is isolated, each piece as a whole."""
    arabic = _COUNTED.sub(lambda count: _counted(found[count[1]], count[2].split("|")[1:]), form.arabic)

    def part(hole: re.Match[str]) -> str:
        told = found[hole[1]]
        if not told:
            return ""
        return inner.get(hole[1]) or (_listed(told) if hole[1] in LISTS else _isolated(told))

    def written(code: re.Match[str]) -> str:
        return _isolated(HOLE.sub(lambda hole: found[hole[1]], code[1]))

    pieces = []
    end = 0
    for code in _WRITTEN.finditer(arabic):
        pieces += [HOLE.sub(part, arabic[end : code.start()]), written(code)]
        end = code.end()
    return "".join([*pieces, HOLE.sub(part, arabic[end:])])


def _counted(number: str, nouns: list[str]) -> str:
    """A number with its noun: one, two, a few (3 to 10), many (11 and more), as Arabic counts; 100 to 102, like every
    hundred, take the many without tanwin."""
    one, two, few, many = nouns
    digits = number.replace(",", "")
    if not digits.isdigit():
        return f"{_isolated(number)} {many}"
    count = int(digits)
    if count in (1, 2):
        return one if count == 1 else two
    last = count % 100
    return f"{number} {few if 3 <= last <= 10 else many.replace(_TANWIN, '') if last <= 2 and count else many}"


def isolated(arabic: str) -> str:
    """An Arabic text without holes, what is written between backticks isolated."""
    return _WRITTEN.sub(lambda code: _isolated(code[1]), arabic)


def _listed(names: str) -> str:
    """Each name isolated, joined as Arabic joins them."""
    return "".join(_JOINTS.get(piece) or _isolated(piece) for piece in re.split(r"(, | or | and )", names))


def _isolated(text: str) -> str:
    """A name in English quotation marks gets Arabic ones."""
    if len(text) > 2 and text[0] == text[-1] == "'" and "'" not in text[1:-1]:
        return f"«{FSI}{text[1:-1]}{PDI}»"
    return f"{FSI}{text}{PDI}"
