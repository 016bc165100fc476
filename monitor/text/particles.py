"""What may be attached to the front of a word: و ف, then ب ل ك, then the article; in Hebrew up to two of ובלמהשכ.

After our own count of 78,697 noun tokens of news: 24 parses in all, never س, أ, م or ه. A parse says what was taken
off; whether that makes sense for a certain word is for the pattern to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

CONJUNCTIONS = "وف"
PREPOSITIONS = "بلك"
ARTICLE = "ال"
_HEBREW = "ובלמהשכ"

# Words that look like a particle and a term but never are; met in real news. كلغم is a kilogram, no mine;
# فيصل a first name.
_NEVER = {
    "كلغم": frozenset({"لغم"}),
    "كلغ": frozenset({"لغ"}),
    "كسرت": frozenset({"سرت"}),
    "فسرت": frozenset({"سرت"}),
    "كسبها": frozenset({"سبها"}),
    "للحج": frozenset({"لحج"}),
    **{f"فقدنا{whom}": frozenset({f"قدنا{whom}"}) for whom in ("", "ه", "ها", "هم")},
    "لقبه": frozenset({"قبه"}),
    "كارمن": frozenset({"ارمن"}),
    "بروس": frozenset({"روس"}),
    "فيصل": frozenset({"يصل"}),
    "فيلق": frozenset({"يلق"}),
}

# Words of their own that begin like a particle, and of which the rest is a word too: by our count of 5.5 million words
# of news, all but a few of a hundred such words are not particle and rest. After و they are still themselves.
_WHOLE = frozenset(
    str.split(
        "وزير وزيرة وساءل وحدة وحدات وحدته وحدتها وطن وطنه وطنها وطني وصف وصفه وصفها وسام وسم وردة ورود وضع وعد "
        "وكيل وفاق وخيمة وصيف وتر باب بيان بطاقة بطاقات بطاقته بطاقتها بحر بحار بحارة بحيرة بحيرات بشر بضاءع بضاعة "
        "بريد بديل بدر بنية بوكر لجنة لجنته لجنتها لجان لغم لقمة لقطة لقطات لحية لحم لعبة لون لقاء لقاءه فبركة "
        "فعالية فعاليات فقاعة فريدة كريمة كتاءب بطارية بطاريات كبار كتلة كتلته كتلتها كتلتهم كتلتهما كتلتيهما "
        "كتلتين كتلتان كراس كرام كسور كساد كفيل كلام كلاب كلفة كمال كمان كمية كنار كامل كاهل كافر كاتب كابل كاسر "
        "كاشف كواد كرمي كعكة كبير كروس"
    )
)


class Parse(NamedTuple):
    """One reading of a word: `taken` particles, perhaps the article, and the rest, which is never empty.

    للموصل reads as ل + الموصل without an article taken, and as ل + article + موصل.
    """

    taken: tuple[str, ...]
    article: bool
    rest: str

    @property
    def is_likely(self) -> bool:
        """ك and a bare ف begin so many words of their own that they count only before the article or four letters
        (كتل is no تل, فسرت no سرت)."""
        return self.article or len(self.rest) >= 4 or not (self.taken[-1:] == ("ك",) or self.taken == ("ف",))

    @property
    def compares(self) -> bool:
        """Before three letters ك is mostly "as" where they are a common noun with no ending (كدرع), not else."""
        return self.taken[-1:] == ("ك",) and len(self.rest) == 3

    def how(self, read: str) -> str:
        """For explanations: و+ال+اشتباك+ات."""
        return "+".join((*self.taken, *((ARTICLE,) if self.article else ()), read))


def parses(folded: str) -> tuple[Parse, ...]:
    """Every reading of a folded word, itself first."""
    first = folded[:1]
    if "\u0600" <= first <= "\u06ff":
        never = _never(folded) or _never(folded.removeprefix("و"))
        return tuple(parse for parse in _arabic(folded) if parse.rest not in never)
    if "א" <= first <= "ת":
        return tuple(_hebrew(folded))
    return (Parse((), False, folded),)


def remainders(folded: str) -> tuple[str, ...]:
    """What a folded word may be after taking off particles and article: the `rest` of each of its `parses`, itself
    first. The same may stand twice.

    Read for every new word of every feed, so without making the parses: a sixth of their time (our measurement).
    """
    first = folded[:1]
    if not "\u0600" <= first <= "\u06ff":
        return (folded,) if not "א" <= first <= "ת" else tuple(parse.rest for parse in parses(folded))
    rests = _rests(folded)
    if first in CONJUNCTIONS and len(folded) > 2:
        rests += _rests(folded[1:])
    if folded in _TOLD or folded[1:] in _TOLD:
        return tuple(parse.rest for parse in parses(folded))
    return tuple(rests)


_TOLD = _WHOLE.union(_NEVER)


def _never(word: str) -> frozenset[str]:
    return frozenset({word[1:]}) if word in _WHOLE else _NEVER.get(word, frozenset())


def _rests(word: str) -> list[str]:
    rests = [word]
    first = word[0]
    if first == "ا":
        if len(word) > 3 and word[1] == "ل":
            rests.append(word[2:])
    elif first in PREPOSITIONS and len(word) > 2:
        rests.append(word[1:])
        if word[1] == "ا":
            if len(word) > 4 and word[2] == "ل":
                rests.append(word[3:])
        elif first == "ل" and word[1] == "ل" and len(word) > 3:
            rests += (ARTICLE + word[2:], word[2:], ARTICLE + word[1:], word[1:])
    return rests


def _arabic(word: str) -> Iterator[Parse]:
    yield from _after_conjunction((), word)
    if word[0] in CONJUNCTIONS and len(word) > 2:
        yield from _after_conjunction((word[0],), word[1:])


def _after_conjunction(taken: tuple[str, ...], word: str) -> Iterator[Parse]:
    yield from _article(taken, word)
    if word[0] in PREPOSITIONS and len(word) > 2:
        yield from _article((*taken, word[0]), word[1:])
    if word.startswith("لل") and len(word) > 3:
        yield from _contracted((*taken, "ل"), word)


def _article(taken: tuple[str, ...], word: str) -> Iterator[Parse]:
    yield Parse(taken, False, word)
    if word.startswith(ARTICLE) and len(word) > 3:
        yield Parse(taken, True, word[2:])


def _contracted(taken: tuple[str, ...], word: str) -> Iterator[Parse]:
    """ل and the article together: للموصل. Before a stem that begins with ل one of three is dropped: للاجئين."""
    yield Parse(taken, False, ARTICLE + word[2:])
    yield Parse(taken, True, word[2:])
    yield Parse(taken, False, ARTICLE + word[1:])
    yield Parse(taken, True, word[1:])


def _hebrew(word: str) -> Iterator[Parse]:
    for taken in range(3):
        fewest = 1 if taken == 1 else 2  # one letter alone begins a name with an apostrophe (בח'אן)
        if len(word) >= taken + fewest and all(letter in _HEBREW for letter in word[:taken]):
            yield Parse(tuple(word[:taken]), False, word[taken:])
    if len(word) == 1:
        yield Parse((), False, word)
