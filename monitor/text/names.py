"""Proper names: particles may be attached, nothing may follow, and the space between the words may be missing.

Nothing may follow, because an ending on a place name makes the silly alerts: حماة and حماية (protection), الرقة and
ورقة (paper). Where a language puts endings on names, those are listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from monitor.text.document import Text
from monitor.text.fold import unify_ta
from monitor.text.heads import Heads
from monitor.text.needles import Needle, contracted
from monitor.text.particles import Parse
from monitor.text.patterns import Found
from monitor.text.tokens import Surface, Token, tokenize

_JOINED_LETTERS = 5  # words that the author wrote apart may be one from here on: تل عفر, تلعفر
_SPLIT_LETTERS = 6  # and the other way about: shorter pieces are words of their own

# Folded endings of case, possession and place, by the name's script.
_TURKISH = str.split(
    "da de ta te dan den tan ten daki deki taki teki a e ya ye i yi u yu in un nin nun ni nu na ne li lu lar ler "
    "lari leri an en yan yen"
)
_RUSSIAN = str.split("а у ом ем е ы и ов ам ах ами ою ои еи ею ю я")
_PERSIAN = str.split("ها هاي هايي يي اي")
_SORANI = str.split("دا هوه وه يهوه يش ش يدا داي")
_AFTER_VOWEL = ("ي", "يا")
_RUSSIAN_VOWELS = "аяеоьы"


@dataclass(frozen=True, slots=True)
class Name:
    """A compiled name. `whole` are its forms without spaces; `stem` is what they all begin with.

    `breaks` are the offsets in `stem` where the author put a space or a hyphen, `soft` those where an apostrophe.
    `seated` are those of an أ: with آ it is another word (مآرب, purposes, for مأرب).
    """

    heads: Heads
    whole: frozenset[str]
    stem: str
    breaks: frozenset[int]
    soft: frozenset[int]
    words: int
    seated: frozenset[int] = frozenset()

    @property
    def parts(self) -> tuple[tuple[Needle, ...], ...]:
        """A name that may be divided anywhere stands in one piece only where nothing stands between its words."""
        if self.words == 1 and len(self.stem) < _SPLIT_LETTERS and "\u0600" <= self.stem[0] <= "\u06ff":
            exact = self.whole == {self.stem}
            needle = Needle(self.stem, frozenset({""}) if exact else None, starts=True)
        else:
            needle = Needle(self.stem, joined=True)
        return (tuple(contracted([needle])),)

    def at(self, text: Text, index: int) -> Found | None:
        best: Found | None = None
        for parse in text.tokens[index].surface.parses:
            if parse.rest not in self.heads.words or parse.article or not (parse.is_likely or self.words > 1):
                continue
            if self._is_written_otherwise(text.tokens[index].surface, parse.rest):
                continue
            last = self._end(text, index, unify_ta(parse.rest))
            if last > (best.last if best else index):
                best = Found(index, last, _how(text, parse, index, last))
        return best

    def _end(self, text: Text, index: int, letters: str) -> int:
        """Behind which token the name ends that begins with these letters of token `index`; 0 if it does not."""
        last = index + 1
        cuts: list[tuple[int, bool]] = []
        while letters not in self.whole:
            following = self._following(text, index, last)
            if following is None or not self.stem.startswith(letters):
                return 0
            cuts.append((len(letters), following.glued))
            letters += unify_ta(following.folded)
            last += 1
        if self._is_other_word(text.tokens[last - 1].surface) or not self._may_break(cuts, len(letters)):
            return 0
        return last

    def _following(self, text: Text, index: int, last: int) -> Token | None:
        """The next token of the same sentence, as long as the name may have one more than it has words."""
        if last >= len(text.tokens) or last - index > self.words:
            return None
        return text.tokens[last] if text.sentence(last) == text.sentence(index) else None

    def _is_written_otherwise(self, word: Surface, rest: str) -> bool:
        return any(at < len(rest) and word.writes("آ", at - len(rest)) for at in self.seated)

    def _is_other_word(self, word: Surface) -> bool:
        """درعاً (a shield) for درعا, على (on) for علي: letters that folding takes for the name's last one."""
        if self.stem.endswith("ا"):
            return word.tanwin
        return self.stem in _MAQSURA_WORDS and word.writes("ى", -1)

    def _may_break(self, cuts: list[tuple[int, bool]], letters: int) -> bool:
        """Whether the words may be divided like that: exactly as written, or anyhow in a longer name."""
        at = {cut for cut, _ in cuts}
        missing = {cut for cut in self.breaks - at if cut < letters}
        extra = any(cut not in self.breaks | self.soft and not glued for cut, glued in cuts)
        joined = not missing or len(self.stem) >= _JOINED_LETTERS
        return joined and (not extra or len(self.stem) >= _SPLIT_LETTERS)


def _how(text: Text, parse: Parse, index: int, last: int) -> str:
    return " ".join((parse.how(parse.rest), *(token.folded for token in text.tokens[index + 1 : last])))


# Function words in ى that fold to a name in ي.
_MAQSURA_WORDS = frozenset({"علي", "الي", "متي", "سوي", "لدي", "حتي"})


def compile_name(text: str, *, inflected: bool = False) -> Name:
    """A name as its author spells it. `inflected`: it takes the endings of its language."""
    tokens = tokenize(text)
    if not tokens:
        raise ValueError(f"no word in {text!r}")
    folded = [token.folded for token in tokens]
    ends = list(accumulate(map(len, folded)))[:-1]
    written = "".join(folded)
    joined = unify_ta(written)
    whole = frozenset(_inflections(joined) if inflected else (joined,))
    soft = frozenset(end for end, token in zip(ends, tokens[1:], strict=True) if token.glued)
    return Name(
        heads=Heads(frozenset(_heads(folded, joined, whole))),
        whole=whole,
        stem=joined if all(form.startswith(joined) for form in whole) else joined[:-1],
        breaks=frozenset(ends) - soft,
        soft=soft,
        words=len(tokens),
        seated=frozenset(at for at, letter in enumerate(tokens[0].surface.spelled) if letter == "أ"),
    )


def _heads(folded: list[str], joined: str, whole: frozenset[str]) -> Iterator[str]:
    """What the first word may be. A long name may be divided anywhere, a short one in other scripts at an
    apostrophe, so every beginning of two letters counts."""
    for spelled in {joined, "".join(folded), "".join(f"{word[:-1]}ة" if word[-1] == "ه" else word for word in folded)}:
        anywhere = len(joined) >= _SPLIT_LETTERS or not "\u0600" <= joined[0] <= "\u06ff"
        lengths = set(range(2, len(spelled) + 1)) if anywhere else set(accumulate(map(len, folded)))
        for length in lengths | {len(folded[0])}:
            yield spelled[:length]
            yield _with_ta(spelled[:length])
    for form in whole:
        yield form
        yield _with_ta(form)


def _with_ta(word: str) -> str:
    return f"{word[:-1]}ة" if word.endswith("ه") else word


def _inflections(name: str) -> Iterator[str]:
    yield name
    for stem, endings in _endings(name):
        for ending in endings:
            yield stem + ending


def _endings(name: str) -> Iterator[tuple[str, Iterable[str]]]:
    last = name[-1]
    if "a" <= last <= "z":
        yield name, _TURKISH
    elif "а" <= last <= "я":
        yield name, _RUSSIAN if last not in _RUSSIAN_VOWELS else ()
        if last in _RUSSIAN_VOWELS and len(name) > 3:
            yield name[:-1], _RUSSIAN
    elif "\u0600" <= last <= "\u06ff":
        yield name, (*_PERSIAN, *_SORANI, *(_AFTER_VOWEL if last in "اوه" else ()))
