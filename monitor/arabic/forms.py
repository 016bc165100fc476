"""A form of sentences: an English text with holes, and the Arabic one with the same holes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

# U+2068 and U+2069 (UAX #9, explicit directional isolates): what stands between them cannot disorder the line.
FSI, PDI = "\u2068", "\u2069"
LISTS: Final = frozenset({"names", "schemes", "languages", "others"})
"""Holes where several names may stand, joined in English."""
HOLE: Final = re.compile(r"<([a-z]+)(\*?)>")
_JOINTS: Final = {", ": "، ", " or ": " أو ", " and ": " و"}
_WRITTEN: Final = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Form:
    """`letters`: how many characters stand outside its holes. `inner`: the names of holes that are said in Arabic."""

    english: re.Pattern[str]
    arabic: str
    letters: int
    inner: frozenset[str]

    def parts(self, sentence: str) -> Mapping[str, str] | None:
        found = self.english.fullmatch(sentence)
        return found.groupdict() if found else None


def forms(sentences: Mapping[str, str]) -> Iterator[Form]:
    for english, arabic in sentences.items():
        inner = frozenset(name for name, star in HOLE.findall(english) if star)
        yield Form(_pattern(english), arabic, len(HOLE.sub("", english)), inner)


def _pattern(english: str) -> re.Pattern[str]:
    """The first hole of a name takes what stands there; others of the same name must be the same. `<who>`: one word.

    A hole ends where what follows it stands first, and is not tried at any later place: where a sentence does not fit
    so, it fits in no other way, and to try them all would take minutes of a long one that nearly fits."""
    holes = list(HOLE.finditer(english))
    names = [hole[1] for hole in holes]
    pattern, met = re.escape(english[: holes[0].start()] if holes else english), set[str]()
    for number, hole in enumerate(holes, 1):
        name, is_last = hole[1], number == len(holes)
        behind = re.escape(english[hole.end() : None if is_last else holes[number].start()])
        some = r"\S+?" if name == "who" else ".*?" if hole[2] else ".+?"
        piece = (f"(?P={name})" if name in met else f"(?P<{name}>{some})") + behind
        pattern += piece if is_last or names.count(name) > 1 else f"(?>{piece})"
        met.add(name)
    return re.compile(pattern, re.DOTALL)


def filled(form: Form, found: Mapping[str, str], inner: Mapping[str, str]) -> str:
    """The Arabic sentence. What is not Arabic by nature is isolated, each piece as a whole."""

    def part(hole: re.Match[str]) -> str:
        told = found[hole[1]]
        if not told:
            return ""
        return inner.get(hole[1]) or (_listed(told) if hole[1] in LISTS else _isolated(told))

    def written(code: re.Match[str]) -> str:
        return _isolated(HOLE.sub(lambda hole: found[hole[1]], code[1]))

    pieces = []
    end = 0
    for code in _WRITTEN.finditer(form.arabic):
        pieces += [HOLE.sub(part, form.arabic[end : code.start()]), written(code)]
        end = code.end()
    return "".join([*pieces, HOLE.sub(part, form.arabic[end:])])


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
