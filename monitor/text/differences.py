"""What changed between two texts, word by word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final, Literal

import regex

Change = Literal["same", "deleted", "inserted"]
Step = tuple[str, int, int, int, int]  # of `difflib`: what, from where to where in the one, and in the other
MOST: Final = 400  # words between the first and the last change that are compared; comparing takes their square

# A word with its marks, or a sign, with the white space behind it: words that stand side by side change as one.
_WORD: Final = regex.compile(r"(?:[\p{L}\p{M}\p{N}_]+|[^\p{L}\p{M}\p{N}_\s])\s*|\s+")


def differences(before: str, after: str) -> tuple[tuple[Change, str], ...]:
    """In the order of reading, what was deleted before what came in its place. All that is not 'inserted' is `before`
    but for white space, all that is not 'deleted' is `after`."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    told: list[tuple[Change, str]] = []
    space = ""  # behind a word that stayed, which the new text has no more
    for kind, from_old, to_old, from_new, to_new in _steps(old, new):
        gone, come = "".join(old[from_old:to_old]), "".join(new[from_new:to_new])
        if kind == "equal":
            told.append(("same", come))
            space = _behind(gone) if not _behind(come) else ""
            continue
        if gone:
            told.append(("deleted", space + gone))
        if come:
            told.append(("inserted", come))
        space = ""
    return tuple(told)


def _behind(text: str) -> str:
    return text[len(text.rstrip()) :]


def _steps(old: Sequence[str], new: Sequence[str]) -> Iterator[Step]:
    one, other = [word.strip() for word in old], [word.strip() for word in new]
    start = _common(one, other)
    end = _common(one[start:][::-1], other[start:][::-1])
    if start:
        yield "equal", 0, start, 0, start
    for kind, *at in _between(one[start : len(one) - end], other[start : len(other) - end]):
        from_old, to_old, from_new, to_new = (start + each for each in at)
        yield kind, from_old, to_old, from_new, to_new
    if end:
        yield "equal", len(one) - end, len(one), len(other) - end, len(other)


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words they begin with alike."""
    pairs = zip(one, other, strict=False)
    return next((at for at, pair in enumerate(pairs) if pair[0] != pair[1]), min(len(one), len(other)))


def _between(one: Sequence[str], other: Sequence[str]) -> Sequence[Step]:
    if not one and not other:
        return ()
    if max(len(one), len(other)) > MOST:
        return (("replace", 0, len(one), 0, len(other)),)
    return SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
