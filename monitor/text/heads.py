"""With which words something can begin, and how to look that up for many things at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

_START = 3  # letters


class HeadStem(NamedTuple):
    """Remainders that begin with `root` and end with one of `endings`; with `article` only behind one."""

    root: str
    endings: Collection[str]
    article: bool = False


class Heads(NamedTuple):
    """The remainders with which something can begin: these words, these stems, and whatever starts with a prefix."""

    words: frozenset[str] = frozenset()
    stems: tuple[HeadStem, ...] = ()
    prefixes: tuple[str, ...] = ()

    def include(self, remainder: str) -> bool:
        return (
            remainder in self.words
            or remainder.startswith(self.prefixes)
            or any(remainder.startswith(root) and remainder[len(root) :] in endings for root, endings, _ in self.stems)
        )


class HeadIndex:
    """The heads of many patterns, so that those which include a remainder are looked up and not tried one by one."""

    def __init__(self, heads: Iterable[Heads]) -> None:
        self._words: dict[str, list[int]] = {}
        self._stems: dict[str, list[tuple[Collection[str], int]]] = {}
        self._prefixes: dict[str, list[int]] = {}
        for number, head in enumerate(heads):
            for word in head.words:
                self._words.setdefault(word, []).append(number)
            for root, endings, _ in head.stems:
                self._stems.setdefault(root, []).append((endings, number))
            for prefix in head.prefixes:
                self._prefixes.setdefault(prefix, []).append(number)
        # How long the roots are that begin so: words that begin like no root are most, and need one look.
        self._lengths = _lengths_by_start(self._stems)
        self._starts = sorted({len(start) for start in self._lengths})
        self._prefix_lengths = sorted({len(prefix) for prefix in self._prefixes})
        self._shortest_prefix = min(self._prefix_lengths, default=0)
        self._prefix_starts = frozenset(prefix[: self._shortest_prefix] for prefix in self._prefixes)

    def that_include(self, remainders: Iterable[str]) -> tuple[int, ...]:
        """The numbers, counted from 0 in the order given, of the heads that include one of these; in order."""
        numbers: list[int] = []
        words, stems, starts, lengths = self._words, self._stems, self._starts, self._lengths
        for rest in remainders:
            if rest in words:
                numbers += words[rest]
            for start in starts:
                begun = rest[:start]
                if begun in lengths:
                    for cut in lengths[begun]:
                        root = rest[:cut]
                        if root in stems:
                            ending = rest[cut:]
                            numbers += [number for endings, number in stems[root] if ending in endings]
            if self._prefixes and rest[: self._shortest_prefix] in self._prefix_starts:  # hardly ever
                for length in self._prefix_lengths:
                    numbers += self._prefixes.get(rest[:length], ())
        return tuple(sorted(set(numbers))) if numbers else ()


def _lengths_by_start(roots: Iterable[str]) -> dict[str, tuple[int, ...]]:
    lengths: dict[str, set[int]] = {}
    for root in roots:
        lengths.setdefault(root[:_START], set()).add(len(root))
    return {start: tuple(sorted(those)) for start, those in lengths.items()}
