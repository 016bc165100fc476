"""Every pattern of every rule, found in one pass over a text's words.

A pattern names the words with which it can begin (`heads`), or how they begin (`head_prefixes`). So a word is looked
up once, whatever the number of rules, and only patterns that may begin there are tried.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import lru_cache

from monitor.language import KnownPlace, Plain
from monitor.rules.spellings import Spelling, spellings
from monitor.text.document import Text
from monitor.text.terms import Found, Pattern, compile_item, remainders
from monitor.text.tokens import Token

KEPT_LETTERS = 48  # a longer word is none; keeping it would let a hostile feed fill the memory


class Vocabulary:
    """The patterns of a ruleset, each with a number; what is written in many rules is compiled once."""

    def __init__(self) -> None:
        self.patterns: list[Pattern] = []
        self._numbers: dict[Hashable, frozenset[int]] = {}

    def of_item(self, item: Plain) -> frozenset[int]:
        if item not in self._numbers:
            self._numbers[item] = self._add(compile_item(item))
        return self._numbers[item]

    def of_place(self, place: KnownPlace) -> frozenset[int]:
        """Every spelling, those with endings where their language puts endings on names."""
        numbers = [self._of_spelling(each) for each in spellings(place)]
        return frozenset[int]().union(*numbers)

    def _of_spelling(self, spelling: Spelling) -> frozenset[int]:
        if spelling not in self._numbers:
            self._numbers[spelling] = self._add([spelling.pattern()])
        return self._numbers[spelling]

    def _add(self, patterns: Iterable[Pattern]) -> frozenset[int]:
        first = len(self.patterns)
        self.patterns.extend(patterns)
        return frozenset(range(first, len(self.patterns)))


class Index:
    """Finds patterns, known by their place in `patterns`, in a text. Immutable; safe from any thread."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self.patterns = tuple(patterns)
        self._heads = _by(lambda pattern: pattern.heads, patterns)
        self._prefixes = _by(lambda pattern: pattern.head_prefixes, patterns)
        self._prefix_lengths = sorted({len(prefix) for prefix in self._prefixes})
        self._shortest = min(self._prefix_lengths, default=0)
        self._prefix_starts = frozenset(prefix[: self._shortest] for prefix in self._prefixes)
        self._kept = lru_cache(maxsize=1 << 16)(self._that_begin_with)

    def find(self, text: Text) -> tuple[dict[int, list[Found]], dict[int, str]]:
        """Where each pattern occurs, in reading order, and what each pattern that raised said."""
        found: dict[int, list[Found]] = defaultdict(list)
        broken: dict[int, str] = {}
        for position, token in enumerate(text.tokens):
            for number in self._may_begin(token):
                try:
                    occurrence = self.patterns[number].at(text, position)
                except Exception as error:  # noqa: BLE001  one pattern must not cost other rules their alert
                    broken[number] = f"{type(error).__name__}: {error}"
                else:
                    if occurrence is not None:
                        found[number].append(occurrence)
        return found, broken

    def _may_begin(self, token: Token) -> tuple[int, ...]:
        """News repeats its words, so what may begin at a word is kept: a long word is none, and not worth the room."""
        look_up = self._kept if len(token.folded) <= KEPT_LETTERS else self._that_begin_with
        return look_up(remainders(token))

    def _that_begin_with(self, words: tuple[str, ...]) -> tuple[int, ...]:
        numbers: set[int] = set()
        for word in words:
            numbers.update(self._heads.get(word, ()))
            if word[: self._shortest] in self._prefix_starts:  # hardly ever
                for length in self._prefix_lengths:
                    numbers.update(self._prefixes.get(word[:length], ()))
        return tuple(sorted(numbers))


def _by(keys: Callable[[Pattern], Iterable[str]], patterns: Sequence[Pattern]) -> dict[str, tuple[int, ...]]:
    numbers: dict[str, list[int]] = defaultdict(list)
    for number, pattern in enumerate(patterns):
        for key in keys(pattern):
            numbers[key].append(number)
    return {key: tuple(those) for key, those in numbers.items()}
