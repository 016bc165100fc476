"""Which of GeoNames' alternate names are spellings that news could have: no codes, no romanisations, nothing that the
matcher would never find."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher

from monitor.lexicon.likeness import sound
from monitor.text.guess import guess_language
from monitor.text.particles import ARTICLE
from monitor.text.tokens import tokenize

CODE, ROMANISED, SIGNS, MIXED, UNSPACED, SHORT = (
    "codes",
    "romanisations",
    "with signs or digits",
    "in two scripts",
    "in a script without spaces",
    "too short",
)

# What a name may hold besides letters and marks. U+200C joins Persian and Kurdish words.
_SIGNS = frozenset(" -'’‘ʼʻʿʾ`´.\u200c־")
_UNDRAWN = frozenset("\u0640\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
_LONE_JOINER = re.compile("(?<!\\S)\u200c+|\u200c+(?!\\S)|(?<=\u200c)\u200c+")
_CODE = re.compile(r"[A-Z]{2,5}")
# Text in these has no spaces between words, so that a name in it is never a word of its own.
_UNSPACED = frozenset(
    ["CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN"]
)
_SCRIPT = re.compile(r"[A-Z-]+")
_OWN_LETTERS = frozenset("پچژگڤەۆێڕڵٹڈڑںےھہکیٱ")  # of Persian, Kurdish and Urdu, which Arabic does not write
_CAREFUL = frozenset("أإةىئؤطصضظقعح")
_LETTER_BY_LETTER = str.maketrans("اأإآبتجحدرزسصضطظعفقكلمنهوىيةئؤ", "aaaabtjhdrzssdtzafqklmnhwayaww")
_TO_LATIN = _LETTER_BY_LETTER | str.maketrans({"ث": "th", "خ": "kh", "ذ": "dh", "ش": "sh", "غ": "gh", "ء": ""})


def tidy(name: str) -> str:
    """Without what nobody sees, and single spaces."""
    composed = unicodedata.normalize("NFC", name)
    return " ".join(_LONE_JOINER.sub("", "".join(filter(_is_seen, composed))).split())


def _is_seen(char: str) -> bool:
    """Or joins letters, or parts words."""
    return char in "\u200c\t\n" or not (unicodedata.category(char)[0] == "C" or char in _UNDRAWN)


def junk(name: str) -> str:
    """Why a tidy name is no spelling, as one of the reasons above; '' if it may be one. Length is not looked at."""
    if _CODE.fullmatch(name):
        return CODE
    if not all(char in _SIGNS or unicodedata.category(char)[0] in "LM" for char in name):
        return SIGNS
    found = scripts(name)
    if found & _UNSPACED:
        return UNSPACED
    if len(found) > 1:
        return MIXED
    # GeoNames has romanisations by machine in small letters: astanbwl, yi si tan bao.
    return ROMANISED if "LATIN" in found and not _first_letter(name).isupper() else ""


def scripts(name: str) -> frozenset[str]:
    """As the names of its letters have it: ARABIC, LATIN, CYRILLIC … Modifier letters are of none."""
    letters = (char for char in name if unicodedata.category(char) in ("Lu", "Ll", "Lt", "Lo"))
    return frozenset(found[0] for char in letters if (found := _SCRIPT.match(unicodedata.name(char, ""))))


def takes_endings(name: str) -> bool:
    """Whether it is in a language that puts endings on names, as far as its letters tell."""
    return "CYRILLIC" in scripts(name) or ("ARABIC" in scripts(name) and not is_arabic(name))


def arabic_name(names: Iterable[str], latin: str) -> str:
    """Of the Arabic names the one that sounds most like the Latin one, rather with its article, and with most letters
    of Arabic alone; '' if none is in Arabic."""
    wanted = sound(tokenize(latin))

    def worse(name: str) -> tuple[float, bool, int, str]:
        letters = name.removeprefix(ARTICLE).translate(_TO_LATIN)
        likeness = SequenceMatcher(None, sound(tokenize(letters)), wanted, autojunk=False).ratio()
        return -round(likeness, 1), not name.startswith(ARTICLE), -sum(char in _CAREFUL for char in name), name

    return min((name for name in names if is_arabic(name)), key=worse, default="")


def is_arabic(name: str) -> bool:
    return scripts(name) == {"ARABIC"} and not _OWN_LETTERS & set(name) and guess_language(name) == "ar"


def _first_letter(name: str) -> str:
    return next((char for char in name if char.isalpha() and unicodedata.category(char) != "Lm"), "")
