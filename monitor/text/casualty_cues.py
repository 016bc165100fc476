"""How the words begin without which no text tells of killed or wounded."""

from __future__ import annotations

from monitor.text import casualties_en, casualty_words


def _shortest(words: frozenset[str]) -> tuple[str, ...]:
    """Without those that begin like another: who looks for قتل meets قتلى."""
    kept: list[str] = []
    for word in sorted(words):
        if not any(word.startswith(start) for start in kept):
            kept.append(word)
    return tuple(kept)


BEGINNINGS = _shortest(casualty_words.CUES | casualties_en.CUES)
