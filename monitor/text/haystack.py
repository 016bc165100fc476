"""A text folded in the quickest way, in bytes, to ask whether a word stands in it at all.

Most texts of Arabic news hold nothing that any rule waits for. They are looked over so, and never cut into words.
"""

from __future__ import annotations

import re

from monitor.text.alphabet import encode, fold_plain, letter_range
from monitor.text.fold import unify_ta
from monitor.text.tokens import folded_words

_FINAL_HAMZA = re.compile(rb"(?<!%(y)b)%(y)b+%(h)b(?![%(l)b])" % {
    b"y": re.escape(encode("ي")), b"h": re.escape(encode("ء")), b"l": letter_range().encode()
})  # fmt: skip
_SEATED = encode("يء")


def plain_haystack(clean: str) -> bytes | None:
    """The haystack of a text that has no other characters than nearly every Arabic text is made of, else None.

    It has one of its `WORD`s for each of the text's tokens.
    """
    haystack = fold_plain(clean)
    if haystack is not None and _SEATED in haystack:
        return _FINAL_HAMZA.sub(encode("ء"), haystack)
    return haystack


def haystack(clean: str) -> bytes:
    """The same for any text: the folded words of its tokens with a space between. What stands between words is folded
    to letters now and then (﷼ is ريال), and would be taken for an ending."""
    return encode(unify_ta(" ".join(folded_words(clean))))


WORD = re.compile(rb"[%b]+|[0-9]+|[a-z]+" % letter_range().encode())

_NO_WORD = bytes(byte for byte in range(256) if not WORD.match(bytes([byte])))


def without_spaces(plain: bytes) -> bytes:
    """All `WORD`s of a plain haystack, one at the other."""
    return plain.translate(None, _NO_WORD)
