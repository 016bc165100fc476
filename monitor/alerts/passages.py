"""What a rule found in a long text, as a reader is shown it: with some words around."""

from __future__ import annotations

from typing import Final

from monitor.alerts.fit import ELLIPSIS
from monitor.alerts.marks import Marked, plainly
from monitor.model import Passage

AROUND: Final = 110  # code points before the first words that were found, and behind the last


def quoted(passage: Passage) -> Marked:
    """One line, cut between words; empty where nothing is to be seen of what was found."""
    line = plainly(passage.text, passage.spans)
    if not line.runs:
        return Marked("")
    start, end = _start(line), _end(line)
    text = line.text[start:end]
    before = f"{ELLIPSIS} " if start or not passage.begins else ""
    behind = f" {ELLIPSIS}" if end < len(line.text) or not passage.ends else ""
    runs = tuple((begin - start, stop - start) for begin, stop in line.runs)
    return Marked(f"{text}{behind}", runs).after(before)


def _start(line: Marked) -> int:
    first = line.runs[0][0]
    if first <= AROUND:
        return 0
    gap = line.text.find(" ", first - AROUND, first)
    return gap + 1 if gap >= 0 else first


def _end(line: Marked) -> int:
    last = line.runs[-1][1]
    if len(line.text) - last <= AROUND:
        return len(line.text)
    gap = line.text.rfind(" ", last, last + AROUND)
    return gap if gap >= 0 else last
