"""Names of places among the words of a query, read as names: بدير الزور shall find ديرالزور.

Words side by side are looked for each by itself, which finds دير قديم في الزور and misses the name without its space.
Who searches does not know that; so what spells a place in two words or more becomes `name:"…"`, which is shown, and
can be saved in a rule. What is quoted, or bears a prefix, stays as it is.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from monitor.errors import Problem
from monitor.language import Lexicon, Rule
from monitor.model import FieldName
from monitor.rules.query_words import Mistake, Piece, pieces
from monitor.search.sought import HEADLINES, QueryRefused, rule_of
from monitor.text.fold import unify_ta
from monitor.text.particles import parses
from monitor.text.tokens import folded_words

_MOST: Final = 5  # words of a name


class Read(NamedTuple):
    """`query` as it was understood."""

    query: str
    rule: Rule
    hints: tuple[Problem, ...]


def understood(
    query: str,
    lexicon: Lexicon,
    *,
    as_written: bool = False,
    search_in: Sequence[FieldName] = HEADLINES,
    languages: Sequence[str] = (),
) -> Read:
    """What people type, as a rule. Raises QueryRefused, with places in what was typed."""
    read = query if as_written else with_names(query, lexicon)
    if read != query:
        with contextlib.suppress(QueryRefused):  # the places of its mistakes would be none of theirs
            return Read(read, *rule_of(read, lexicon, search_in=search_in, languages=languages))
    return Read(query, *rule_of(query, lexicon, search_in=search_in, languages=languages))


def with_names(query: str, lexicon: Lexicon) -> str:
    """The query with names read as such; the same text where there is none, or it cannot be read."""
    try:
        row = list(pieces(query))
    except Mistake:
        return query
    read, end = "", 0
    at = 0
    while at < len(row):
        count, name = _name_at(row, at, lexicon)
        if count:
            last = row[at + count - 1]
            read += f'{query[end : row[at].start]}name:"{name}"'
            end = last.start + len(last.text)
        at += count or 1
    return read + query[end:]


def _name_at(row: Sequence[Piece], at: int, lexicon: Lexicon) -> tuple[int, str]:
    """The longest name that begins with this piece: of how many pieces, and how it is spelled."""
    if at and row[at - 1].kind == "prefix":
        return 0, ""
    words: list[str] = []
    for piece in row[at : at + _MOST]:
        if piece.kind != "word" or piece.text.endswith("*"):
            break
        words.append(piece.text)
    spelled = _spelled(lexicon)
    for count in range(len(words), 0, -1):
        for letters in _readings(words[:count]):
            if letters in spelled:
                return count, spelled[letters]
    return 0, ""


def _readings(words: Sequence[str]) -> Iterator[str]:
    """The letters of the words together, with what may be attached to the first and without."""
    folded = [word for each in words for word in folded_words(each)]
    if folded:
        rest = "".join(folded[1:])
        yield from (unify_ta(parse.rest + rest) for parse in parses(folded[0]) if not parse.article)


_known: list[tuple[Lexicon, Mapping[str, str]]] = []


def _spelled(lexicon: Lexicon) -> Mapping[str, str]:
    """By their letters, the spellings that have several words. Kept for one lexicon: a new one is the rules' changed
    one."""
    for known, spelled in _known:
        if known is lexicon:
            return spelled
    found: dict[str, str] = {}
    for place in lexicon.places.values():
        for spelling in (*place.terms, *place.guarded):
            if (" " in spelling or "-" in spelling) and '"' not in spelling:
                found.setdefault(unify_ta("".join(folded_words(spelling))), spelling)
    _known[:] = [(lexicon, found)]
    return found
