"""Names across scripts: كفردجال and Kfar Dajjal have their consonants in common.

Lexicons have the places that many know. Of the others, and of people, news in another language leaves only the sound.
What is made here is for comparing two reports of one place and hour; alone it proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from monitor.stories.wording import digest, hashed, is_rare

# Letters that are heard alike are one; vowels, h and the glottal sounds, which each spelling treats its own way, none.
_SOUNDS = {
    letter: sound
    for letters, sound in (
        ("بپbpפבбп", "b"), ("تطةtטתт", "t"), ("دضdדд", "d"), ("ثسصشsšşςשסצсшщç", "s"),
        ("زذظzזзж", "z"), ("جچژjגж", "j"),
        ("خكقکگkcqgxקכхкг", "k"), ("غğ", "g"), ("رڕrרр", "r"), ("لڵlлל", "l"), ("مmמм", "m"), ("نnנн", "n"),
        ("فfvڤфв", "f"),
    )
    for letter in letters
}  # fmt: skip
_TWO_LETTERS = tuple(zip("tch sh ch kh gh th dh dj ou ph".split(), "ssskğtdjuf", strict=True))  # noqa: SIM905
_CAPITAL = re.compile(r"\b[A-ZÀ-ÞŞĞİА-Я][\w’'ʿ-]{2,}(?:[ -][A-ZÀ-ÞŞĞİА-Я][\w’'ʿ-]{2,})?")
_ARTICLE = re.compile(r"^(?:al|el|ad|ed|ar|er|as|es|az|at|et|an|en|ash|esh|l|d)['’-]", re.IGNORECASE)
_TURKISH_ENDING = re.compile(r"['’][a-zçğıöşü]{1,5}$")
_ARTICLE_ARABIC = re.compile(r"^(?:وال|بال|فال|كال|لل|ال)")
_LEAST = 2  # consonants; so few tell two names apart, but not that two are one
_MOST = 48
_START = 900  # characters of a text


def names(clean: str, words: Iterable[str]) -> frozenset[int]:
    """Hashes of the consonants of what may be names: words with capitals, where the script has them, else words
    that are seldom met. `clean` is the text as it stands, `words` its normal words."""
    found = dict.fromkeys(sound for sound in (*_capitals(clean[:_START]), *_seldom(words)) if len(sound) >= _LEAST)
    return frozenset(sound_hash(sound, min(len(sound), 15)) for sound in list(found)[:_MOST])


def sound_hash(sound: str, sign: int) -> int:
    """32 bits; `sign`, 0 to 15, stands in the last four."""
    return digest(sound) & ~0xF | sign


def sound_alike(one: int, other: int) -> bool:
    return one >> 4 == other >> 4


def consonants_of(name: int) -> int:
    return name & 0xF


def sounds(word: str) -> str:
    """The consonants of a name in any script that we hear; 'ktr' for قطر and Qatar."""
    word = word.casefold()
    for letters, one in _TWO_LETTERS:
        word = word.replace(letters, one)
    heard = [sound for letter in word if (sound := _SOUNDS.get(letter)) is not None]
    return "".join(sound for at, sound in enumerate(heard) if at == 0 or heard[at - 1] != sound)


def _capitals(clean: str) -> Iterator[str]:
    for found in _CAPITAL.finditer(clean):
        parts = [_ARTICLE.sub("", _TURKISH_ENDING.sub("", part)) for part in found.group().split(" ")]
        yield from (sounds(part) for part in parts if is_rare(hashed(part.casefold())))
        if len(parts) == 2:
            yield sounds("".join(parts))


def _seldom(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        if "\u05d0" <= word[:1] <= "\u06ff" and is_rare(hashed(word)):
            bare = _ARTICLE_ARABIC.sub("", word)
            yield sounds(bare)
            if bare == word and word[0] in "وبل" and len(word) >= 5:  # a particle, or the name's own
                yield sounds(word[1:])
