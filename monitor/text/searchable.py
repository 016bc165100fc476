"""A whole field folded, with the way back: what a regular expression looks at."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass

import regex

from monitor.text.fold import fold, fold_letters
from monitor.text.tokens import Token

_WHITE_SPACE = regex.compile(r"\s+")
_CLUSTER = regex.compile(r"\P{M}\p{M}*|\p{M}+")


@dataclass(frozen=True, slots=True)
class Searchable:
    """`text`, and for each of its characters the half-open range of the clean text that it stands for."""

    text: str
    starts: array[int]
    ends: array[int]

    def clean_range(self, start: int, end: int) -> tuple[int, int] | None:
        if not 0 <= start < end <= len(self.text):
            return None
        return self.starts[start], self.ends[end - 1]


def searchable(clean: str, tokens: Iterable[Token]) -> Searchable:
    made = _Made(clean)
    for token in tokens:
        made.gap(token.start)
        made.word(token.folded, token.start, token.end)
    made.gap(len(clean))
    return Searchable("".join(made.pieces), made.starts, made.ends)


class _Made:
    """A folded field in the making; `at` is how far we came in the clean text."""

    def __init__(self, clean: str) -> None:
        self._clean = clean
        self._at = 0
        self.pieces: list[str] = []
        self.starts, self.ends = array("I"), array("I")

    def gap(self, end: int) -> None:
        """What stands between words: folded character by character, white space as one space."""
        start, self._at = self._at, end
        gap = self._clean[start:end]
        if gap == " ":
            self._add(gap, start, end)
        elif gap:
            self._gap(gap, start)

    def _gap(self, gap: str, start: int) -> None:
        for offset, char in enumerate(gap, start):
            folded = _WHITE_SPACE.sub(" ", fold_letters(char))
            if folded == " " and self.pieces and self.pieces[-1].endswith(" "):
                self.ends[-1] = offset + 1
            elif folded:
                self._add(folded, offset, offset + 1)

    def word(self, word: str, start: int, end: int) -> None:
        """Letter by letter where each folds by itself; the rare others as one piece."""
        self._at = end
        if len(word) == end - start:
            self._add_each(word, start)
            return
        clusters = [
            (fold(cluster.group()), cluster.start(), cluster.end())
            for cluster in _CLUSTER.finditer(self._clean, start, end)
        ]
        if "".join(folded for folded, _, _ in clusters) != word:
            clusters = [(word, start, end)]
        for folded, first, last in clusters:
            self._add(folded, first, last)

    def _add_each(self, folded: str, start: int) -> None:
        self.pieces.append(folded)
        self.starts.extend(range(start, start + len(folded)))
        self.ends.extend(range(start + 1, start + len(folded) + 1))

    def _add(self, folded: str, start: int, end: int) -> None:
        self.pieces.append(folded)
        self.starts.extend([start] * len(folded))
        self.ends.extend([end] * len(folded))
