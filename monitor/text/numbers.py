"""How many: whole numbers in Arabic and English words and in digits of any script, and what stands around them
('more than', 'between', 'dozens').

All words here are folded, with ة as ه (`unify_ta`): numbers agree with what they count in so many ways that news gets
the endings wrong, and no ending tells another number.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from monitor.text.document import Text
from monitor.text.fold import unify_ta
from monitor.text.number_words import (
    BEGINNINGS,
    BEHIND,
    FIRST_OF_QUALIFIERS,
    HUNDREDS,
    ONES,
    PHRASES,
    QUALIFIERS,
    SCALES,
    TABLES,
    TEENS,
    TEN,
    TENS,
    VAGUE,
)

MAX_WORDS = 600  # of one field: a report says at its beginning what it is about


class Quantity(NamedTuple):
    """At least `least`, at most `most` (None: the text leaves it open), said by the tokens [first, last)."""

    least: int
    most: int | None
    first: int
    last: int


class Words:
    """The words of one field, as this module and its neighbours compare them."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.folded = [unify_ta(token.folded) for token in text.tokens[:MAX_WORDS]]

    def __len__(self) -> int:
        return len(self.folded)

    def at(self, index: int) -> str:
        """'' beyond either end."""
        return self.folded[index] if 0 <= index < len(self.folded) else ""

    def between(self, index: int) -> str:
        """What stands between this word and the one before it."""
        places = self.text.tokens.places
        return self.text.clean[places[index - 1][1] : places[index][0]] if 0 < index < len(self.folded) else ""

    def sentence(self, index: int) -> int:
        return self.text.sentence(index)


_ABOUT = 10  # per cent that 'about' may be off on either side


@lru_cache(maxsize=1 << 12)
def without_particles(word: str) -> tuple[tuple[str, bool, str], ...]:
    """The readings of a word: (و or ف or '', whether the article was taken, the rest); itself first."""
    found = [("", False, word)]
    if not "\u0621" <= word[:1] <= "\u064a":
        return tuple(found)
    for conjunction, rest in (("", word), *((word[0], word[1:]) for _ in (0,) if word[0] in "وف" and len(word) > 2)):
        if conjunction:
            found.append((conjunction, False, rest))
        for bare in (rest, *((rest[1:],) if rest[0] in "بلك" and len(rest) > 3 else ())):
            if bare is not rest:
                found.append((conjunction, False, bare))
            if bare.startswith("ال") and len(bare) > 4:
                found.append((conjunction, True, bare[2:]))
        if rest.startswith("لل") and len(rest) > 4:
            found.append((conjunction, True, rest[2:]))
    return tuple(found)


def phrase_at(words: Words, index: int, phrase: Sequence[str]) -> bool:
    return all(words.at(index + n) == word for n, word in enumerate(phrase))


@lru_cache(maxsize=1 << 12)
def _may_begin(word: str) -> bool:
    """Whether a number, or what is said of one, can begin with this word. Most words are let go here."""
    return word.isdecimal() or any(bare in BEGINNINGS for _, _, bare in without_particles(word))


def quantity(words: Words, index: int) -> Quantity | None:
    """The number of something that begins at this word, with what says how exact it is; None if none does."""
    if not _may_begin(words.at(index)):
        return None
    start, kind = _qualified(words, index)
    found = _range(words, start) or _vague(words, start) or _exact(words, start)
    if found is None:
        return None
    found = found._replace(first=index)
    if kind:
        found = _bounded(found, kind)
    for phrase, behind in BEHIND.items():
        if phrase_at(words, found.last, phrase):
            return _bounded(found, behind)._replace(last=found.last + len(phrase))
    return found


def quantities(words: Words) -> list[Quantity]:
    """All of a field, in order; none overlaps another."""
    found: list[Quantity] = []
    index = 0
    while index < len(words):
        each = quantity(words, index)
        if each is not None:
            found.append(each)
        index = each.last if each else index + 1
    return found


def qualified_behind(words: Words, index: int, found: Quantity) -> Quantity:
    """With what follows the thing counted: 'three people at least'."""
    for phrase, behind in BEHIND.items():
        if phrase_at(words, index, phrase):
            return _bounded(found, behind)
    return found


def _bounded(found: Quantity, kind: str) -> Quantity:
    least, most = found.least, found.most
    if most is None:
        return found
    match kind:
        case "least":
            return found._replace(most=None)
        case "more":
            return found._replace(least=least + 1, most=None)
        case "about":
            return found._replace(least=least - least * _ABOUT // 100, most=most + most * _ABOUT // 100)
        case "less":
            return found._replace(least=0, most=most - 1)
        case _:
            return found._replace(least=min(1, most))


def _qualified(words: Words, index: int) -> tuple[int, str]:
    """Where the number begins behind a qualifier, and which that is."""
    first = words.at(index)
    for _, _, bare in without_particles(first):
        if bare in FIRST_OF_QUALIFIERS:
            for phrase, kind in QUALIFIERS:
                if phrase[0] == bare and phrase_at(words, index + 1, phrase[1:]):
                    return index + len(phrase), kind
    return index, ""


def _range(words: Words, index: int) -> Quantity | None:
    """'between 3 and 5', '3-5', '3 or 4', '3 to 5'."""
    first = words.at(index)
    opened = first in ("بين", "between") or (first == "ما" and words.at(index + 1) == "بين")
    start = index + (2 if first == "ما" else 1) if opened else index
    low = _exact(words, start)
    if low is None:
        return None
    at, joint = low.last, words.at(low.last)
    if opened:
        high = _and(words, at)
    elif joint in ("الي", "او", "to", "or"):
        high = _exact(words, at + 1)
    elif words.between(at).strip() in ("-", "–", "—", "ـ") and words.at(at).isdecimal() and words.at(start).isdecimal():
        high = _exact(words, at)
    else:
        return None
    if high is None or not low.least < high.least or low.least == 0:
        return None
    return Quantity(low.least, high.least, index, high.last)


def _and(words: Words, index: int) -> Quantity | None:
    if words.at(index) in ("and", "و", "to", "الي"):
        return _exact(words, index + 1)
    return _exact(words, index) if words.at(index)[:1] == "و" else None


def _vague(words: Words, index: int) -> Quantity | None:
    for _, _, word in without_particles(words.at(index)):
        for phrase, (least, most) in PHRASES.items():
            if phrase[0] == word and all(
                words.at(index + n) in (each, f"ال{each}") for n, each in enumerate(phrase) if n
            ):
                return Quantity(least, most, index, index + len(phrase))
        if word in VAGUE:
            return Quantity(*VAGUE[word], index, index + 1 + (words.at(index + 1) == "of"))
    return None


class _Sum:
    """A number in the making, element by element, each smaller than the one before but for what multiplies it."""

    def __init__(self) -> None:
        self.total = 0  # of finished thousands and millions
        self.group = 0  # below a thousand
        self.last = ""  # kind of the last element
        self.scale = 1_000_000_000  # of the last finished group

    @property
    def value(self) -> int:
        return self.total + self.group

    def add(self, kind: str, value: int, *, joined: bool) -> bool:
        """Whether this element goes on with the number. `joined`: 'and' stands before it."""
        if kind in ("scale", "dual"):
            return self._scaled(kind, value, joined=joined)
        if kind == "ten-part":  # the second half of eleven to nineteen
            fits = not joined and self.last == "one" and self.group % 100 < 10
            value = 10
        elif kind == "hundred" and value == 100 and not joined and self.last == "one" and 0 < self.group < 10:
            self.group, self.last = self.group * 100, "hundred"
            return True
        elif kind == "ten":
            fits = self.last == "" or (
                joined and (self.last == "one" or self.group % 100 == 0) and self.group % 100 < 10
            )
        elif kind == "digits":
            fits = self.last == "" or (joined and self.last in ("scale", "dual") and value < self.scale)
        else:
            fits = self.last == "" or (joined and self.group % 100 == 0 and (kind != "hundred" or self.group == 0))
        if fits:
            self.group += value
            self.last = kind
        return fits

    def _scaled(self, kind: str, value: int, *, joined: bool) -> bool:
        size = value if kind == "scale" else value // 2
        if size >= self.scale or (self.group and (joined or kind == "dual")):
            return False
        if not self.group and self.last and not joined:
            return False
        self.total += value * (self.group or 1) if kind == "scale" else value
        self.group, self.last, self.scale = 0, kind, size
        return True


def _exact(words: Words, index: int) -> Quantity | None:
    if words.at(index) in ("ال", "لل", "the") and words.at(index + 1).isdecimal():  # الـ12
        found = _exact(words, index + 1)
        return found and found._replace(first=index)
    if words.at(index).isascii() and words.at(index).isalpha():
        return _english(words, index)
    number, at = _Sum(), index
    while at < len(words):
        taken = _element(words, at, first=at == index)
        joined = False
        if taken is None and at > index and words.at(at) == "و":
            taken, joined = _element(words, at + 1, first=False), True
        if taken is None:
            break
        kind, value, last, conjunction = taken
        if at > index and words.sentence(at) != words.sentence(index):
            break
        if not number.add(kind, value, joined=at > index and (joined or conjunction)):
            if (
                at > index
                and kind == "one"
                and value == 10
                and not conjunction
                and number.add("ten-part", 10, joined=False)
            ):
                at = last
                continue
            break
        at = last
    if at == index:
        return None
    if number.last == "digits" and words.at(at) in ("ونصف",):
        return None
    return Quantity(number.value, number.value, index, at)


def _element(words: Words, index: int, *, first: bool) -> tuple[str, int, int, bool] | None:
    """What one word adds: kind, value, where it ends, and whether و is written to it."""
    word = words.at(index)
    if word.isdecimal():
        digits = _digits(words, index)
        return ("digits", digits[0], digits[1], False) if digits else None
    if not first and word.isascii() and word in SCALES:  # 3 million
        return "scale", SCALES[word], index + 1, False
    for conjunction, article, bare, kind, value in _readings(word):
        if not first and (article or (bare == "واحد" and words.at(index + 1) in TEN)):
            continue  # 'and eleven' begins like 'one'
        if bare in ("احد", "احدي") and words.at(index + 1) not in TEN and words.at(index + 1)[:3] != "وعش":
            return None  # 'one of'
        if kind == "scale" and first and (bare in ("الاف", "ملايين") or words.at(index - 1).isdecimal()):
            return None  # an open number, or what is left of 3.5 million
        if first and bare == "الفا" and words.at(index + 1)[:1] != "و":
            return "dual", 2000, index + 1, False  # in front of what is counted: two thousand
        return kind, value, index + 1, conjunction == "و"
    return None


@lru_cache(maxsize=1 << 12)
def _readings(word: str) -> tuple[tuple[str, bool, str, str, int], ...]:
    """What an Arabic word may be among numbers."""
    return tuple(
        (conjunction, article, bare, kind, table[bare])
        for conjunction, article, bare in without_particles(word)
        if not bare.isascii()
        for kind, table in TABLES
        if bare in table
    )


def _digits(words: Words, index: int) -> tuple[int, int] | None:
    """A number in digits with its separators of thousands; None for one that is not whole."""
    written, at = words.at(index), index + 1
    if len(written) > 9:
        return None
    while at < len(words) and words.at(at).isdecimal():
        between = words.between(at)
        if (
            between in (",", "٬", "،", ".", "'", "\u00a0", "\u202f", "’")
            and len(words.at(at)) == 3
            and (len(words.at(index)) <= 3 and written[0] != "0")
        ):
            written, at = written + words.at(at), at + 1
        elif between in (".", ",", "٫", "/", ":"):
            return None  # a decimal, a date, a time, a score
        else:
            break
    if index and words.at(index - 1).isdecimal() and words.between(index) in (".", ",", "٫", "/", ":"):
        return None
    return (int(written), at) if len(written) <= 9 else None


def _english(words: Words, index: int) -> Quantity | None:
    number, at = _Sum(), index
    if words.at(index) in ("a", "an") and words.at(index + 1) in ("hundred", "thousand", "million"):
        at += 1
    begun = at
    while at < len(words):
        joined = number.last != "" and words.at(at) == "and"
        kind_value = _english_element(words, at + joined)
        if kind_value is None:
            break
        kind, value = kind_value
        # twenty-one and 'hundred five' want no 'and'
        glued = number.last in ("ten", "hundred", "scale") and kind in ("one", "ten", "teen", "hundred")
        if joined and number.last not in ("hundred", "scale"):
            break
        if number.last == "ten" and kind != "scale" and not (kind == "one" and value < 10):
            break
        if kind == "one" and number.last == "ten":
            number.group, number.last = number.group + value, "one"
        elif not number.add(kind, value, joined=bool(joined or glued)):
            break
        at += 1 + joined
    return Quantity(number.value, number.value, index, at) if at > begun else None


def _english_element(words: Words, index: int) -> tuple[str, int] | None:
    word = words.at(index)
    for kind, table in (("one", ONES), ("ten", TENS), ("teen", TEENS), ("hundred", HUNDREDS), ("scale", SCALES)):
        if word in table and word.isascii():
            return kind, table[word]
    return None
