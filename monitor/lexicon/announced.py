"""Words that announce a place. Behind them «الباب» is the town; by itself it is a door."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping

ANNOUNCERS = (
    *("مدينة", "بلدة", "ناحية", "ريف", "محيط", "مشارف", "أطراف", "ضواحي", "مطار"),
    *("شمال", "شمالي", "جنوب", "جنوبي", "شرق", "شرقي", "غرب", "غربي"),
)
LATIN_ANNOUNCERS = ("city of", "town of", "near")

_BY_SCRIPT: Mapping[str, tuple[str, ...]] = {"ARABIC": ANNOUNCERS, "LATIN": LATIN_ANNOUNCERS}


def announced(spellings: Iterable[str], behind: Iterable[str] = ()) -> Iterator[str]:
    """Each guarded spelling behind the words of its script that announce a place; Arabic ones behind more of them."""
    more = tuple(behind)
    for spelling in spellings:
        script = _script(spelling)
        for word in (*_BY_SCRIPT.get(script, ()), *(more if script == "ARABIC" else ())):
            yield f"{word} {spelling}"


def _script(spelling: str) -> str:
    """As the name of its first letter has it, ARABIC of 'ARABIC LETTER BEH'."""
    first = next((char for char in spelling if char.isalpha()), "")
    return unicodedata.name(first, "").split(" ")[0]
