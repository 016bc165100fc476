"""What a place's name comes down to, however it is typed: keys that are equal where people mean the same name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.text.fold import unify_ta
from monitor.text.tokens import Token, tokenize

# The article in transliterations, before every sun letter: al-Raqqa, ar-Raqqa, Deir ez-Zor, Jisr ash-Shughur.
_ARTICLES = frozenset(
    ["al", "el", "ul", "il", "ad", "ed", "ar", "er", "as", "es", "ash", "esh", "at", "et", "az", "ez", "an", "en"]
)

# In this order. Letters that transliterations take for each other: Qamishli, Kamishly, Qamishlo; Deir, Dayr.
_LATIN = (
    ("tch", "š"), ("sch", "š"), ("sh", "š"), ("ch", "š"), ("ş", "š"), ("kh", "x"), ("gh", "g"), ("dh", "d"),
    ("th", "t"), ("dj", "j"), ("ph", "f"), ("ck", "k"), ("q", "k"), ("c", "k"), ("v", "f"), ("y", "i"),
    ("w", "u"), ("z", "s"),
)  # fmt: skip
# And in Arabic script: letters that sound alike, that a keyboard swaps, or that other languages write for one sound.
_ARABIC = str.maketrans("ظپچژگڤةذث", "ضبجزكفهدت", "ء")
_TWICE = re.compile(r"(.)\1+")
_VOWELS = re.compile(r"(?<=.)[aeiouاويه]")


def letters(text: str) -> str:
    """The normal form without spaces and signs, as names are compared: ديرالزور, deirezzor. May be empty."""
    return joined(tokenize(text))


def joined(tokens: Sequence[Token]) -> str:
    return "".join(unify_ta(token.folded) for token in tokens)


def sound(tokens: Sequence[Token]) -> str:
    """What is left of a name once articles, vowels and doubled letters go, and letters that are taken for each other
    are one. Two names alike in it may still be two: compare their letters as well. '' where too little is left."""
    words = [token.folded for token in tokens]
    kept = [word for word in words if word not in _ARTICLES or len(words) == 1]
    key = "".join(map(_word_sound, kept))
    return key if len(key) > 1 else ""


def _word_sound(word: str) -> str:
    if "\u0600" <= word[0] <= "\u06ff":
        word = word[2:] if word.startswith("ال") and len(word) > 4 else word
        word = word.translate(_ARABIC)
    for written, meant in _LATIN:
        word = word.replace(written, meant)
    return _VOWELS.sub("", _TWICE.sub(r"\1", word))
