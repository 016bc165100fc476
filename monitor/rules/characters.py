"""Characters that a reader of the file cannot see, and that make a text never match or a key another key."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.rules.masking import code_point

# What no YAML file may hold (YAML 1.2.2, 5.1), and U+0085, U+2028, U+2029, at which YAML 1.1 parsers end a line and
# editors do not, so that every line number below would be wrong.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")

# Unicode's format, control and space characters (Cf, Cc, Zs, Zl, Zp) beyond ASCII, but for the Arabic and Syriac signs
# among them that are drawn; and letters, marks and symbols that are drawn as nothing. A test holds it to unicodedata.
_UNSEEN = re.compile(
    "[\u0080-\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e007f]"
)
_JOINERS = "\u200c\u200d"  # belong between the letters of Persian, Kurdish and Urdu words, and into emoji


def forbidden(text: str) -> Iterator[tuple[int, str]]:
    """Offset and name of every character that no file may hold."""
    return ((found.start(), code_point(found[0])) for found in _FORBIDDEN.finditer(text))


def invisible(text: str) -> Iterator[tuple[int, str]]:
    """Offset and name of every character in a value or key that looks like nothing, or like a space and is none."""
    if text.isascii():
        return
    for found in _UNSEEN.finditer(text):
        if not _joins(text, found.start()):
            yield found.start(), code_point(found[0])


def _joins(text: str, index: int) -> bool:
    if text[index] not in _JOINERS or not 0 < index < len(text) - 1:
        return False
    return not text[index - 1].isspace() and not text[index + 1].isspace()
