"""How the words begin without which no text tells of killed or wounded."""

from __future__ import annotations

import re

from monitor.text import casualties_en, casualty_words
from monitor.text.document import Text


def _shortest(words: frozenset[str]) -> tuple[str, ...]:
    """Without those that begin like another: who looks for قتل meets قتلى."""
    kept: list[str] = []
    for word in sorted(words):
        if not any(word.startswith(start) for start in kept):
            kept.append(word)
    return tuple(kept)


BEGINNINGS = _shortest(casualty_words.CUES | casualties_en.CUES)
_ANY = re.compile("|".join(map(re.escape, BEGINNINGS)))


def may_tell(text: Text) -> bool:
    """Whether one of them stands in a text at all: most texts are let go here, without a look at their tokens."""
    return _ANY.search(" ".join(text.words)) is not None
