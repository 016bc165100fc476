"""Whose word a text is by its own account: the agency that it was taken from, and not one that it is about.

Two ways to say so are told apart. A *stated* source stands where nothing else does: «المصدر: رويترز», (AFP) at the
end, a dateline («دمشق – سانا», BEIRUT (AFP) —), «رويترز: …» as a heading, the author's field. A *quoted* one is what
the text relies on in its headline, its first or its last words: «نقلاً عن», «قال … لرويترز», according to.
«استهداف مراسل رويترز» is neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.stories.mentions import Mention, Spellings, Words
from monitor.stories.quoting import is_quoted, kinds_before
from monitor.text.document import Document, Text, read_text
from monitor.text.markup import PARAGRAPH

HEAD = 90
"""Words of a field's beginning that are looked at: what is quoted further down is background."""
TAIL = 16
"""Words of a field's end: a credit and the names beside it."""
_DATELINE = 14  # the most words before the agency: a city, and a date in two calendars

_BRACKETS = frozenset("([{")
_OPEN, _CLOSE = frozenset('([{«"“'), frozenset(')]}»"”')
_DASHES = frozenset("-–—−/|ـ")
_ENDS = frozenset(".!؟?…\n|/-–—*:•)”»]" + PARAGRAPH)
_JOINERS = frozenset(("و", "and", "with", "مع"))
_LABELS = frozenset(("المصدر", "المصادر", "source", "sources"))


@dataclass(frozen=True, slots=True)
class _Unit:
    """Newsrooms named together: «رويترز، أ ف ب». [first, last) holds the word «وكالة» before them as well."""

    first: int
    last: int
    mentions: tuple[Mention, ...]

    @property
    def newsrooms(self) -> tuple[str, ...]:
        return tuple(mention.newsroom for mention in self.mentions)


@dataclass(frozen=True, slots=True)
class Credited:
    """The newsrooms that a document names as its source, each time it does, the first first."""

    stated: tuple[str, ...]
    quoted: tuple[str, ...]


def credited(document: Document, spellings: Spellings, agencies: frozenset[str]) -> Credited:
    """`agencies`: ids of the newsrooms whose bare names may stand in a dateline."""
    stated = [*_author(document.entry.author, spellings)]
    quoted: list[str] = []
    for name in ("title", "summary", "body"):
        text = document.field(name)
        for words, begins, ends in _stretches(text):
            units = list(_units(words, spellings))
            for unit in units:
                if _is_stated(unit, words, agencies, title=name == "title", begins=begins, ends=ends):
                    stated += unit.newsrooms
                elif (begins or unit.last == len(words)) and is_quoted(unit.mentions[0], words):
                    quoted += unit.newsrooms
    return Credited(tuple(stated), tuple(quoted))


def _stretches(text: Text) -> Iterator[tuple[Words, bool, bool]]:
    """Of a long field the beginning and the end, of a short one all; each with whether it is the one, and the other."""
    tokens = text.tokens
    if len(tokens) <= HEAD + TAIL:
        yield Words(text.clean, tokens), True, True
    else:
        head, tail = tokens[:HEAD], tokens[-TAIL:]
        yield Words(text.clean[: head[-1].end], head), True, False
        yield Words(text.clean, tail), False, True


def _author(author: str, spellings: Spellings) -> tuple[str, ...]:
    """Newsrooms, where the field holds nothing else, or a person or city and a dash before them."""
    text = read_text(author)
    if not 0 < len(text.tokens) <= HEAD:
        return ()
    words = Words(text.clean, text.tokens)
    units = list(_units(words, spellings))
    if not units or units[-1].last != len(words):
        return ()
    at = units[-1].first
    covered = sum(unit.last - unit.first for unit in units) == len(words)
    return units[-1].newsrooms if covered or _has(words.before(at), _ENDS | {","}) else ()


def _units(words: Words, spellings: Spellings) -> Iterator[_Unit]:
    together: list[Mention] = []
    for mention in spellings.mentions(words):
        if together and not _joined(together[-1], mention, words):
            yield _unit(together, words)
            together = []
        together.append(mention)
    if together:
        yield _unit(together, words)


def _unit(mentions: Sequence[Mention], words: Words) -> _Unit:
    return _Unit(kinds_before(mentions[0].first, words), mentions[-1].last, tuple(mentions))


def _joined(left: Mention, right: Mention, words: Words) -> bool:
    """Whether nothing but signs and an 'and' stands between two: «رويترز، وكالة الأناضول»."""
    between = [word for word in words.folded[left.last : kinds_before(right.first, words)] if word not in _JOINERS]
    gaps = [words.before(word) for word in range(left.last, right.first + 1)]
    return not between and not any("\n" in gap or PARAGRAPH in gap or "." in gap.strip(" ") for gap in gaps)


# --- stated ------------------------------------------------------------------------------------------


def _is_stated(unit: _Unit, words: Words, agencies: frozenset[str], *, title: bool, begins: bool, ends: bool) -> bool:
    if unit.mentions[0].particle:
        return False
    before, after = words.before(unit.first), words.after(unit.last)
    at_end = ends and unit.last == len(words)
    if _is_labelled(unit, words) or (at_end and _in_brackets(before, after)):
        return True
    if any(not mention.plain and mention.newsroom not in agencies for mention in unit.mentions):
        return False
    if at_end and unit.first and _has(before, _ENDS):
        return True
    if not begins:
        return False
    heads = unit.first == 0 or _has(before, _DASHES | {":", "!"})
    if heads and (title or unit.first == 0) and after.lstrip(' )»"”').startswith(":"):
        return True
    return not title and _is_dateline(unit, words)


def _is_labelled(unit: _Unit, words: Words) -> bool:
    """Behind «المصدر:», or last behind others that stand there: «المصدر: صحيفة الوادي + رويترز»."""
    is_last = unit.last == len(words) or _has(words.after(unit.last), frozenset("\n" + PARAGRAPH))
    for at in range(unit.first, max(0, unit.first - (_LABELLED if is_last else 1)), -1):
        if words.folded[at - 1] in _LABELS:
            return _has(words.before(at), frozenset(":/-–—|\n"))
        if _has(words.before(at), frozenset(".\n!؟?")):
            return False
    return False


def _is_dateline(unit: _Unit, words: Words) -> bool:
    at, before, after = unit.first, words.before(unit.first), words.after(unit.last)
    if at > _DATELINE or any(_breaks(words.before(word)) for word in range(1, at)):
        return False
    closes = _has(after, _DASHES | {":", "\n", PARAGRAPH})
    if _in_brackets(before, after) and _has(before, _BRACKETS):
        return closes or 0 < at <= _NEAR
    if at == 0:
        return _has(after, _DASHES)
    if words.folded[at - 1] == "م" or (closes and words.folded[at - 1].isdecimal()):
        return True  # «… الموافق 03 نوفمبر 2026 م واس», «رام الله 3-11-2026 وفا-»
    return at <= _NEAR and (_has(before, _DASHES) or (closes and _has(before, frozenset(",،:"))))


_LABELLED = 6  # words of sources behind their label
_NEAR = 4  # words of a city's name and country


def _breaks(gap: str) -> bool:
    return _has(gap, frozenset("!؟?:\n" + PARAGRAPH))


def _in_brackets(before: str, after: str) -> bool:
    return _has(before[-2:], _OPEN) and _has(after[:2], _CLOSE)


def _has(gap: str, signs: frozenset[str]) -> bool:
    return not signs.isdisjoint(gap)
