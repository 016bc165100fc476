"""Where the sentences of a clean text end."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from monitor.text.fold import fold
from monitor.text.markup import PARAGRAPH

# One dot or three and more, !, ?, … with what closes, before white space; two dots are a headline's colon. A blank
# line, and the end of a block of markup.
_CLOSING = "[\"'»”’)\\]}›〉》」』】）］｝﴾]*+"
_END = re.compile(rf"(?:(?<!\.)\.(?:\.\.++)?+(?!\.)|[!?؟…۔。！？]){_CLOSING}(?=\s)|\n[^\S\n]*+\n|{PARAGRAPH}")

_POSSIBLE = re.compile(f"[.!?؟…۔。！？\n{PARAGRAPH}]")  # four times as quick to look for


def sentence_starts(clean: str, places: Sequence[tuple[int, int]]) -> list[int]:
    """The first word of each sentence but the first, in order. `places` are those of the words in the clean text."""
    starts: set[int] = set()
    for possible in _POSSIBLE.finditer(clean):
        found = _END.match(clean, possible.start())
        following = bisect_left(places, (possible.start(), 0)) if found else 0
        if found and following and not _is_initial(found, clean, places[following - 1]):
            starts.add(following)
    return sorted(starts)


def _is_initial(end: re.Match[str], clean: str, before: tuple[int, int]) -> bool:
    """A single letter with its dot, marks or not, is an initial or a title: د. أحمد."""
    start, stop = before
    return end.group() == "." and stop == end.start() and len(fold(clean[start:stop])) == 1
