"""A text folded in the quickest way, to ask whether a word stands in it at all.

Most texts of Arabic news hold nothing that any rule waits for. They are folded by `str.replace`, which costs what
`str.split` does and a fifth of `str.translate` (our measurement), and looked over by `rules.prefilter`.
"""

from __future__ import annotations

import re

from monitor.text.fold import fold, shorten_final_hamza, unify_ta

# Letter by letter what `fold` makes of the characters that nearly every Arabic text is made of.
_REPLACED = (
    *((letter, "ا") for letter in "أإآ"),
    ("ى", "ي"),
    *((letter, "ء") for letter in "ؤئ"),
    ("ة", "ه"),
    *((mark, "") for mark in "ـ\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652"),
)
# Anything but these, or unseen here: other scripts, other digits, invisible characters.
_SELDOM = re.compile(
    "[^\t\n\r -~\u00a0\u00ab\u00b7\u00bb\u060c\u061b\u061f\u0621-\u063a\u0640-\u0652"
    "\u2013\u2014\u2018-\u201d\u2026\u2029]"
)
_CAPITAL = re.compile("[A-Z]")


def is_plain(clean: str) -> bool:
    """Whether it has no other characters than nearly every Arabic text is made of."""
    return _SELDOM.search(clean) is None


def haystack(clean: str, *, plain: bool) -> str:
    """The folded word of every token (see `tokens`) stands in it, with ة as ه, behind what stood before it."""
    if not plain:
        return unify_ta(fold(clean))
    for written, folded in _REPLACED:
        clean = clean.replace(written, folded)
    return shorten_final_hamza(clean.lower() if _CAPITAL.search(clean) else clean)


PLAIN_FOLDED_WORD = re.compile("[\u0621-\u063a\u0641-\u064a]+|[0-9]+|[a-z]+")
"""The words of a plain text's haystack: one for each of its tokens."""

_BETWEEN = re.compile("[\\W_\u02b9-\u02bf]+")  # the last are apostrophes, which Python takes for letters


def joined(haystack: str) -> str:
    """The same without anything between the words, for names that may be divided anywhere."""
    return _BETWEEN.sub("", haystack)
