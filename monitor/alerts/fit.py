"""Cutting a message to the size that a service takes, so that what matters stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Literal

from monitor.alerts.words import FSI, PDI

Unit = Literal["characters", "bytes"]
Detail = tuple[int, str]  # a line with its rank: 0 is the last to be left out

ELLIPSIS = "…"
LEAST_TEXT = 60  # units that a link must leave for words; a longer link is left out, for a cut one leads nowhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one message may measure. `title` 0: the service has no title. `bytes` are those of UTF-8."""

    title: int
    body: int
    unit: Unit = "characters"


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


def fit(head: Sequence[str], link: str, details: Sequence[Detail], limits: Limits) -> str:
    """Lines: the head (cut if it must be), the link (whole or not at all), then the details that still fit.

    `details` carry ranks; where room is short the highest rank goes first, and the order of those kept stays.
    """
    link = link if limits.body - measure(link, limits.unit) - 1 >= LEAST_TEXT else ""
    room = limits.body - (measure(link, limits.unit) + 1 if link else 0)
    lines = [*_share(head, room, limits), *([link] if link else [])]
    left = limits.body - measure("\n".join(lines), limits.unit)
    kept = _affordable(details, left, limits.unit)
    return "\n".join([*lines, *(details[index][1] for index in sorted(kept))])


def _share(head: Sequence[str], room: int, limits: Limits) -> list[str]:
    """Cut all lines but the last to a third of the room at most; the last one, the headline, has what is left."""
    shared: list[str] = []
    for line in head[:-1]:
        shared.append(clip(line, room // 3, limits))
        room -= measure(shared[-1], limits.unit) + 1
    return [*shared, clip(head[-1], room, limits)]


def _affordable(details: Sequence[Detail], room: int, unit: Unit) -> set[int]:
    kept: set[int] = set()
    for _, index in sorted((rank, index) for (rank, _), index in zip(details, count(), strict=False)):
        cost = measure(details[index][1], unit) + 1
        if cost <= room:
            kept.add(index)
            room -= cost
    return kept
