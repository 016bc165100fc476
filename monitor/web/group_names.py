"""What a group is called. It has an id alone, in Latin letters; who reads Arabic is told its first words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from monitor.alerts.clean import flat
from monitor.alerts.fit import clip
from monitor.alerts.words import Language
from monitor.language import (
    AllOf,
    AnyOf,
    Exact,
    InPlace,
    Item,
    Lexicon,
    Name,
    OfEvent,
    OfGroup,
    Starts,
    Term,
    Verb,
    Word,
)

_ARABIC: Final = re.compile(r"[\u0621-\u064a]")
_TOLD: Final = 2  # words; more would be a list
_LONGEST: Final = 40  # code points of a word


def group_name(of: str, lexicon: Lexicon, language: Language) -> str:
    """'مطار، مدرج …' in Arabic, where it has such words; else its id as words: 'airfields near the coast'."""
    group = lexicon.groups.get(of)
    if language == "ar" and group is not None:
        words = list(dict.fromkeys(word for word in _words(group.items, lexicon, {of}) if _ARABIC.search(word)))
        if words:
            more = " …" if len(words) > _TOLD else ""
            return "، ".join(clip(flat(word), _LONGEST) for word in words[:_TOLD]) + more
    return re.sub(r"[-_]+", " ", of).strip() or of


def _words(items: Sequence[Item], lexicon: Lexicon, met: set[str]) -> Iterator[str]:
    """`met`: the groups that were walked through already."""
    for item in items:
        match item:
            case Term() | Name() | Verb() | Exact() | Starts() | Word():
                yield item.text
            case AnyOf() | AllOf():
                yield from _words(item.items, lexicon, met)
            case InPlace():
                yield from (lexicon.places[each].name.get("ar", "") for each in item.ids)
            case OfEvent():
                yield from (lexicon.events[each].title.get("ar", "") for each in item.ids)
            case OfGroup():
                for each in [each for each in item.ids if each not in met]:
                    met.add(each)
                    yield from _words(lexicon.groups[each].items, lexicon, met)
            case _:
                pass
