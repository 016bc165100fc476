"""Spelling twins: one word that half of the outlets write one way and half the other (أمريكا and أميركا).

They belong to the term, which is looked for under each of its spellings; a text is never changed. Only one word in two
spellings is here, never two words of one meaning. What folding makes one already (مسؤول and مسئول) needs no line.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from monitor.text.fold import fold

_ARTICLE = "ال"


class _Group(NamedTuple):
    spellings: tuple[str, ...]
    beginnings: bool


def twins(word: str) -> tuple[str, ...]:
    """Every spelling of a word as `spell` gives it, without its article: its own first, none twice."""
    folded = fold(word)
    return tuple(dict.fromkeys((word, *_others(word, folded))))


def twins_of_name(name: str) -> tuple[str, ...]:
    """Every spelling of a name of one or more words, with or without articles: its own first, none twice.

    Its twins are written alike throughout: who writes أميركا once writes it so again.
    """
    words = name.split()
    spelled = [_with_article(word) for word in words]
    count = max(map(len, spelled), default=1)
    names = (" ".join(twin[min(at, len(twin) - 1)] for twin in spelled) for at in range(count))
    return tuple(dict.fromkeys((name, *names)))


def _with_article(word: str) -> tuple[str, ...]:
    if word.startswith(_ARTICLE) and len(word) > len(_ARTICLE) + 1:
        return tuple(_ARTICLE + twin for twin in twins(word.removeprefix(_ARTICLE)))
    return twins(word)


def _others(word: str, folded: str) -> Iterator[str]:
    for group in _groups():
        for spelling in group.spellings:
            if folded == fold(spelling) or (group.beginnings and folded.startswith(fold(spelling))):
                yield from (other + word[len(spelling) :] for other in group.spellings)


@cache
def _groups() -> tuple[_Group, ...]:
    """Lines of spellings with a tab between; a line that begins with # is a comment."""
    text = (files("monitor.text") / "twins.tsv").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return tuple(_Group(tuple(word.rstrip("-") for word in line), line[0].endswith("-")) for line in lines)
