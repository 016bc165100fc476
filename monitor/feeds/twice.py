"""Arabic that was encoded twice on its way into a feed, told by words that no text has by chance, and repaired.

UTF-8 read as windows-1252 ('Ø§Ù„' for 'ال') or as windows-1256 ('ط§ظ„'), or windows-1256 read as windows-1252 ('Çá'),
and then written as UTF-8. What stands beside it and is right stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_SURE: Final = 3  # words of three letters or more


def _bytes_of(codec: str) -> dict[str, int]:
    """Which byte of 80 to FF a character was. Holes are taken as the C1 control of that number, as browsers do."""
    holes = {chr(byte): byte for byte in range(0x80, 0xA0)}
    return holes | {char: byte for byte in range(0x80, 0x100) if (char := bytes([byte]).decode(codec, "ignore"))}


_WESTERN: Final = _bytes_of("cp1252")
_ARABIC: Final = _bytes_of("cp1256")
_COMMON: Final = "،؛؟«»"  # follow a letter in sound Arabic text too: alone such a pair proves nothing


def _class(codec: dict[str, int], first: int, last: int, *, without: str = "") -> str:
    chars = (char for char, byte in codec.items() if first <= byte <= last and char not in without)
    return f"[{re.escape(''.join(chars))}]"


def _pair(codec: dict[str, int], *, without: str = "") -> str:
    """An Arabic letter in UTF-8: a lead byte of D8 to DB, then one of 80 to BF."""
    return _class(codec, 0xD8, 0xDB) + _class(codec, 0x80, 0xBF, without=without)


def _sign(codec: dict[str, int]) -> str:
    """Punctuation in UTF-8: C2 and one byte (« and its like), or E2 80 and one (dashes and quotes)."""
    second = _class(codec, 0x80, 0xBF)
    return f"{_class(codec, 0xC2, 0xC2)}{second}|{_class(codec, 0xE2, 0xE2)}{_class(codec, 0x80, 0x80)}{second}"


_UTF8_AS_WESTERN: Final = re.compile(rf"(?:{_pair(_WESTERN)}|{_sign(_WESTERN)})+")
_UTF8_AS_ARABIC: Final = re.compile(
    rf"(?:{_pair(_ARABIC)}){{2,}}|{_pair(_ARABIC, without=_COMMON)}(?![^\Wآâ])|{_sign(_ARABIC)}"
)
_ARABIC_AS_WESTERN: Final = re.compile(rf"(?<![A-Za-z]){_class(_WESTERN, 0x80, 0xFF)}+(?![A-Za-z])")

_WORDS_AS_WESTERN: Final = re.compile(rf"(?:{_pair(_WESTERN)}){{3,}}")
_WORDS_AS_ARABIC: Final = re.compile(rf"(?:{_pair(_ARABIC)}){{3,}}")
_ARTICLE: Final = re.compile(r"(?<!\w)(?:æ|È|á)?Çá[À-ÿ]{2,}")  # ال, also after و, ب or ل


def undo(text: str) -> str:
    for alef, evidence, damaged, repair in _WAYS:
        if alef in text and len(evidence.findall(text)) >= _SURE:
            text = damaged.sub(repair, text)
    return text


def is_suspected(text: str) -> bool:
    """Whether there is one such word: with two more of them elsewhere, `undo` would repair the text."""
    return any(evidence.search(text) for _, evidence, _, _ in _WAYS)


def _read(codec: dict[str, int], meant: str) -> Callable[[re.Match[str]], str]:
    def repair(match: re.Match[str]) -> str:
        return bytes(codec[char] for char in match[0]).decode(meant, "replace")

    return repair


_WAYS: Final = (
    ("Ø§", _WORDS_AS_WESTERN, _UTF8_AS_WESTERN, _read(_WESTERN, "utf-8")),
    ("ط§", _WORDS_AS_ARABIC, _UTF8_AS_ARABIC, _read(_ARABIC, "utf-8")),
    ("Çá", _ARTICLE, _ARABIC_AS_WESTERN, _read(_WESTERN, "cp1256")),
)
