"""Cutting a message to the size that a service takes, so that what matters stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from monitor.alerts.words import FSI, PDI

Unit = Literal["characters", "bytes"]

ELLIPSIS = "…"
LEAST_TEXT = 60  # units that a link must leave for words; a longer link is left out, for a cut one leads nowhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one message may measure. `title` 0: the service has no title. `bytes` are those of UTF-8."""

    title: int
    body: int
    unit: Unit = "characters"


ROOMY = Limits(title=200, body=4000)
"""Of a service that says nothing. Here, so that what sends need not import what writes messages."""


def measure(text: str, unit: Unit) -> int:
    """Characters are counted as UTF-16 counts them, as Telegram does: never fewer than the code points."""
    return len(text.encode()) if unit == "bytes" else len(text.encode("utf-16-le")) // 2


def clip(text: str, room: int, limits: Limits | None = None) -> str:
    """The text, cut to `room` (code points without `limits`) between words where that loses little."""
    unit: Unit = limits.unit if limits else "characters"
    if measure(text, unit) <= room:
        return text
    tail = ELLIPSIS + PDI * text.count(FSI)
    if room <= measure(tail, unit):
        return ""
    kept = _longest_prefix(text, room - measure(tail, unit), unit)
    at_word = kept.rfind(" ")
    kept = (kept[:at_word] if at_word > len(kept) * 2 // 3 else kept).rstrip()
    return kept + ELLIPSIS + PDI * (kept.count(FSI) - kept.count(PDI))  # what was isolated ends with the line


def _longest_prefix(text: str, room: int, unit: Unit) -> str:
    low, high = 0, min(len(text), room)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if measure(text[:middle], unit) <= room else (low, middle - 1)
    return text[:low]


def fit(write: Callable[[int, int], str], details: int, headline: int, limits: Limits) -> str | None:
    """The fullest message within the body's limit, or None where not even the least is.

    `write` makes one of the so many details that are needed most, and at most so many code points of the headline, in
    its format: what counts is what is sent, with all that is escaped. Details go first, then the headline is cut.
    """

    def fits(kept: int, room: int) -> bool:
        return measure(write(kept, room), limits.unit) <= limits.body

    whole = write(details, headline)  # as a rule it fits
    if measure(whole, limits.unit) <= limits.body:
        return whole
    if fits(0, headline):
        return write(_most(lambda kept: fits(kept, headline), details), headline)
    return write(0, _most(lambda room: fits(0, room), headline)) if fits(0, 0) else None


def _most(fits: Callable[[int], bool], limit: int) -> int:
    """The largest number below `limit` that fits; 0 is known to."""
    low, high = 0, limit - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low


def longest(text: str, escape: Callable[[str], str], limits: Limits) -> str:
    """As much of a plain text as fits once it is escaped: never cut within what an escape wrote."""

    def fits(room: int) -> bool:
        return measure(escape(clip(text, room)), limits.unit) <= limits.body

    return escape(text) if fits(len(text)) else escape(clip(text, _most(fits, len(text))))
