"""Text of a feed as a message shows it, with the words that a rule found marked as whole words."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from monitor.alerts.clean import WORD_JOINER, flat, joints
from monitor.alerts.fit import ELLIPSIS, clip
from monitor.alerts.words import FSI, PDI
from monitor.model import Span
from monitor.text.clean import clean, tidy
from monitor.text.mapped import Mapped

Run = tuple[int, int]  # half-open, never empty

# A word with all that is written together with it: Arabic glues و ف ب ل ال to what follows. What nobody will see in it
# divides it for nobody.
_IN_WORD = r"[\p{L}\p{M}\p{N}\p{Cf}_\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufff0-\ufff8\U000e0000-\U000e0fff]+"
_WORD = regex.compile(rf"{_IN_WORD}(?:['’ʼ-]{_IN_WORD})*")


_SPACES = re.compile("(?:(?<= )|^) +| +$")  # that are dropped


@dataclass(frozen=True, slots=True)
class Marked:
    """A safe line of plain text and the runs in it that are marked: sorted, apart, each of whole words."""

    text: str
    runs: tuple[Run, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text)

    def after(self, words: str) -> Marked:
        """The same behind some words of ours."""
        return Marked(words + self.text, tuple((start + len(words), end + len(words)) for start, end in self.runs))

    def isolated(self) -> Marked:
        """The same for use in a line that runs the other way."""
        return Marked(f"{FSI}{self.text}{PDI}", self.after(FSI).runs)

    def cut(self, room: int) -> Marked:
        """At most so many code points, with a sign that something is missing."""
        text = clip(self.text, room)
        if text == self.text:
            return self
        kept = len(text.rstrip(PDI).removesuffix(ELLIPSIS))
        return Marked(text, tuple((start, min(end, kept)) for start, end in self.runs if start < kept))

    def pieces(self) -> Iterator[tuple[str, bool]]:
        """The text in pieces, none of them empty, each with whether it is marked."""
        at = 0
        for start, end in self.runs:
            if at < start:
                yield self.text[at:start], False
            yield self.text[start:end], True
            at = end
        if at < len(self.text):
            yield self.text[at:], False


def shown(published: str, spans: Iterable[Span] = ()) -> Marked:
    """What was published, without markup and escapes, as one harmless line. `spans` are those of this field."""
    return _broken(plainly(published, spans))


def plainly(published: str, spans: Iterable[Span] = ()) -> Marked:
    """As `shown`, for where nobody makes links or commands of what looks like some: a page."""
    text = clean(published)
    runs = _whole_words(text.text, [run for span in spans for run in _ranges(text, span)])
    return _flattened(text.text, runs)


def _ranges(text: Mapped, span: Span) -> Iterator[Run]:
    """Where the clean text has what stands in the published one at the span."""
    if text.starts is None or text.ends is None:
        start, end = span.start, min(span.end, len(text.text))
    else:
        start, end = _first_after(text.ends, span.start), bisect_left(text.starts, span.end)
    if start < end:
        yield start, end


def _first_after(ends: array[int], at: int) -> int:
    return bisect_right(ends, at)


def _whole_words(text: str, runs: Sequence[Run]) -> list[Run]:
    """Each run from the beginning of its first word to the end of its last; those that meet are one."""
    if not runs:
        return []
    words = [found.span() for found in _WORD.finditer(text)]
    wide: list[Run] = []
    for start, end in sorted(runs):
        within = [word for word in words if word[0] < end and start < word[1]]
        if not within:
            continue
        begin, stop = within[0][0], within[-1][1]
        if wide and begin <= wide[-1][1]:
            begin, stop = wide[-1][0], max(wide.pop()[1], stop)
        wide.append((begin, stop))
    return wide


def _flattened(text: str, runs: Sequence[Run]) -> Marked:
    """As one line of what can be seen, with the runs where they are now."""
    seen = {char: _seen(char) for char in set(text)}
    if all(len(each) == 1 for each in seen.values()):
        return _narrowed(text.translate({ord(char): each for char, each in seen.items() if char != each}), runs)
    return _flattened_by_character(text, runs)


def _narrowed(text: str, runs: Sequence[Run]) -> Marked:
    """The same of nothing but what is seen: of several spaces the first is kept, of those at the ends none."""
    dropped = [found.span() for found in _SPACES.finditer(text)]
    line = _SPACES.sub("", text)

    def moved(at: int) -> int:
        return at - sum(min(end, at) - start for start, end in dropped if start < at)

    wide = ((min(moved(start), len(line)), min(moved(end), len(line))) for start, end in runs)
    return Marked(line, tuple((start, end) for start, end in wide if start < end))


def _flattened_by_character(text: str, runs: Sequence[Run]) -> Marked:
    kept, sources = list[str](), list[int]()
    for at, char in enumerate(text):
        seen = _seen(char)
        if seen and (seen != " " or kept[-1:] not in ([], [" "])):
            kept.append(seen)
            sources.append(at)
    line = "".join(kept).rstrip(" ")
    sources = sources[: len(line)]
    moved = ((bisect_left(sources, start), bisect_left(sources, end)) for start, end in runs)
    return Marked(line, tuple((start, end) for start, end in moved if start < end))


@lru_cache(maxsize=4096)
def _seen(char: str) -> str:
    """What a message has for a character: itself, a space, something in its place, or nothing."""
    return flat(tidy(f"a{char}b"))[1:-1]


def _broken(line: Marked) -> Marked:
    """With what services would obey broken by characters that nobody sees."""
    at = joints(line.text)
    if not at:
        return line
    pieces = [line.text[start:end] for start, end in zip((0, *at), (*at, len(line.text)), strict=True)]
    runs = tuple((start + bisect_right(at, start), end + bisect_left(at, end)) for start, end in line.runs)
    return Marked(WORD_JOINER.join(pieces), runs)
