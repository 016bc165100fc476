"""Spelling twins: one word that half of the outlets write one way and half the other (أمريكا and أميركا).

They belong to the term, which is looked for under each of its spellings; a text is never changed. Only one word in two
spellings is here, never two words of one meaning. What folding makes one already (مسؤول and مسئول) needs no line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import islice, product
from typing import NamedTuple

from monitor.text.fold import fold, spell

_ARTICLE = "ال"
_MOST_SPELLINGS = 64
_BETWEEN_WORDS = re.compile(r"([\W_]+)")


class _Group(NamedTuple):
    spellings: tuple[str, ...]
    folded: tuple[str, ...]
    beginnings: bool


def twins(word: str) -> tuple[str, ...]:
    """Every spelling of a word as `spell` gives it, without its article: its own first, no two folding to one."""
    folded = fold(word)
    others = {fold(other): other for other in _others(word, folded)}
    return (word, *(other for spelling, other in others.items() if spelling != folded))


def twins_of_name(name: str) -> tuple[str, ...]:
    """Every spelling of a name of one or more words, with or without articles: its own first, none twice.

    At most 64, which takes six words with twins in one name.
    """
    words = [_with_article(word) for word in _BETWEEN_WORDS.split(spell(name))]
    if max(map(len, words)) == 1:
        return (name,)
    return tuple(dict.fromkeys("".join(spelling) for spelling in islice(product(*words), _MOST_SPELLINGS)))


def _with_article(word: str) -> tuple[str, ...]:
    if word.startswith(_ARTICLE) and len(word) > len(_ARTICLE) + 1:
        return tuple(_ARTICLE + twin for twin in twins(word.removeprefix(_ARTICLE)))
    return twins(word)


def _others(word: str, folded: str) -> Iterator[str]:
    for group in _groups():
        for spelling, known in zip(group.spellings, group.folded, strict=True):
            if folded == known or (group.beginnings and folded.startswith(known)):
                yield from (other + word[len(spelling) :] for other in group.spellings)


@cache
def _groups() -> tuple[_Group, ...]:
    """Lines of spellings with a tab between; a line that begins with # is a comment."""
    text = (files("monitor.text") / "twins.tsv").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    groups = ((tuple(word.rstrip("-") for word in line), line[0].endswith("-")) for line in lines)
    return tuple(_Group(words, tuple(map(fold, words)), beginnings) for words, beginnings in groups)
