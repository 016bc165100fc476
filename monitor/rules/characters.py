"""Characters that a reader of the file cannot see, and that make a text never match or a key another key."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from monitor.rules.masking import code_point

# What no YAML file may hold (YAML 1.2.2, 5.1), and U+0085, U+2028, U+2029, at which YAML 1.1 parsers end a line and
# editors do not, so that every line number below would be wrong.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_INVISIBLE = frozenset("\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u2800\u3164\uffa0")
_VISIBLE = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2")  # format characters that are drawn
_JOINERS = "\u200c\u200d"  # belong between the letters of Persian, Kurdish and Urdu words, and into emoji


def forbidden(text: str) -> Iterator[tuple[int, str]]:
    """Offset and name of every character that no file may hold."""
    return ((found.start(), code_point(found[0])) for found in _FORBIDDEN.finditer(text))


def invisible(text: str) -> Iterator[tuple[int, str]]:
    """Offset and name of every character in a value or key that looks like nothing, or like a space and is none."""
    if text.isascii():
        return
    for index, char in enumerate(text):
        if char > "\x7f" and _is_invisible(char) and not _joins(text, index):
            yield index, code_point(char)


def _is_invisible(char: str) -> bool:
    if char in _VISIBLE:
        return False
    return char in _INVISIBLE or unicodedata.category(char) in ("Cf", "Cc", "Zs", "Zl", "Zp")


def _joins(text: str, index: int) -> bool:
    if text[index] not in _JOINERS or not 0 < index < len(text) - 1:
        return False
    return not text[index - 1].isspace() and not text[index + 1].isspace()
