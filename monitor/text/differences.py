"""What changed between two texts, word by word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final, Literal

import regex

Change = Literal["same", "deleted", "inserted"]
MOST: Final = 400  # words between the first and the last change that are compared; comparing takes their square

# A word with its marks, or a sign, with the white space behind it: words that stand side by side change as one.
_WORD: Final = regex.compile(r"(?:[\p{L}\p{M}\p{N}_]+|[^\p{L}\p{M}\p{N}_\s])\s*|\s+")


def differences(before: str, after: str) -> tuple[tuple[Change, str], ...]:
    """In the order of reading, what was deleted before what came in its place. All that is not 'inserted' is `before`
    but for white space, all that is not 'deleted' is `after`."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    old_keys, new_keys = _keys(old), _keys(new)
    start = _common(old_keys, new_keys)
    end = _common(old_keys[start:][::-1], new_keys[start:][::-1])
    pieces = [
        ("same", new[:start]),
        *_between(old[start : len(old) - end], new[start : len(new) - end]),
        ("same", new[len(new) - end :]),
    ]
    return tuple(_joined(pieces))


def _keys(words: Sequence[str]) -> list[str]:
    return [word.strip() for word in words]


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    for count, (one, other) in enumerate(zip(old, new, strict=False)):
        if one != other:
            return count
    return min(len(old), len(new))


def _between(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Change, Sequence[str]]]:
    if max(len(old), len(new)) > MOST:
        yield "deleted", old
        yield "inserted", new
        return
    matcher = SequenceMatcher(None, _keys(old), _keys(new), autojunk=False)
    for kind, from_old, to_old, from_new, to_new in matcher.get_opcodes():
        if kind == "equal":
            yield "same", new[from_new:to_new]
        else:
            yield "deleted", old[from_old:to_old]
            yield "inserted", new[from_new:to_new]


def _joined(pieces: Sequence[tuple[Change, Sequence[str]]]) -> Iterator[tuple[Change, str]]:
    for change, words in pieces:
        if words:
            yield change, "".join(words)
