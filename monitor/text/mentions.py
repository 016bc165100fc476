"""What reading casualties in Arabic and in English has in common: counted people, and what keeps a number from being
the toll of the event told."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from monitor.model import FigureKind
from monitor.text.document import Text
from monitor.text.number_words import these
from monitor.text.numbers import Quantity, Words, phrase_at, qualified_behind, quantities, without_particles
from monitor.text.people import PEOPLE, THINGS, Count


class Mention(NamedTuple):
    """So many killed or wounded, by the tokens [first, last) of one field.

    `toll`: the text says that this is the sum. `part`: of a number told before. `past`: of an earlier event.
    `so_far`: of all that happened since some day.
    """

    kind: FigureKind
    least: int
    most: int | None
    first: int
    last: int
    toll: bool = False
    part: bool = False
    past: bool = False
    so_far: bool = False


class Counted(NamedTuple):
    """People in a list, added up: the tokens [first, last). `named`: a word for people stands in it."""

    least: int
    most: int | None
    first: int
    last: int
    named: bool = True


class Passage(Words):
    """The words of a field, with every number in them."""

    def __init__(self, text: Text) -> None:
        super().__init__(text)
        found = quantities(self)
        self.starting = {each.first: each for each in found}
        self.ending = {each.last: each for each in found}

    @cached_property
    def past(self) -> frozenset[int]:
        """The words at which it is said that something was long ago."""
        return frozenset(at for at in range(len(self)) if _says_past(self, at))

    def same_clause(self, first: int, last: int) -> bool:
        """Whether no sentence ends and no comma or bracket stands between these words (both included)."""
        return self.sentence(first) == self.sentence(last) and not any(
            set(self.between(at)) & set(',،؛;:()[]«»"') for at in range(first + 1, last + 1)
        )


def added(one: Count, other: Count) -> Count:
    return one[0] + other[0], None if one[1] is None or other[1] is None else one[1] + other[1]


def person_at(passage: Passage, index: int, *, article: bool = False) -> Count | None:
    """How many people this word means by itself. `article`: also where it has one (the soldier)."""
    word = passage.at(index)
    if word in PEOPLE:
        return PEOPLE[word]
    for _, taken, bare in without_particles(word)[1:]:
        if bare in PEOPLE and (article or not taken):
            count = PEOPLE[bare]
            return count if not taken or count[1] is not None else None
    return None


def is_person(passage: Passage, index: int) -> bool:
    return any(bare in PEOPLE for _, _, bare in without_particles(passage.at(index)))


def is_thing(passage: Passage, index: int) -> bool:
    """Of itself: a word with a preposition (خمسة بغارة) is not what was counted."""
    return passage.at(index) in THINGS or passage.at(index).removeprefix("ال") in THINGS


_FRACTION = frozenset(("%", "٪"))


def counted_number(passage: Passage, found: Quantity) -> Counted | None:
    """People by a number, with the word for them if it stands there; None where it counts something else."""
    after = found.last
    if _FRACTION.intersection(passage.between(after)) or _FRACTION.intersection(
        passage.text.clean[passage.text.tokens.places[after - 1][1] :][:1]
    ):
        return None
    while passage.at(after) in ("من", "of", "other", "more", "another", "ال"):
        after += 1
    for step in range(3):  # adjectives before an English noun; none in Arabic
        if is_thing(passage, after + step) and not is_person(passage, after + step):
            return None
        if is_person(passage, after + step) and passage.sentence(found.first) == passage.sentence(after + step):
            exact = qualified_behind(passage, after + step + 1, found)
            return Counted(exact.least, exact.most, found.first, after + step + 1)
        if not passage.at(after + step).isascii() or passage.at(after + step) in _NO_ADJECTIVE:
            break
    return Counted(found.least, found.most, found.first, found.last, named=False)


_NO_ADJECTIVE = these(
    "in on at by from near after before since for with when as and or killed dead died wounded injured hurt"
)

PART_WORDS = these(
    "بينهم بينها بينهن بينهما منهم منها منهن ضمنهم ضمنها معظمهم غالبيتهم اغلبهم نصفهم ثلثهم including among incl mostly"
)
_CLAUSE_WORDS = these("فيما كما بينما while whereas")
_NEWS = these(
    "انباء معلومات تقارير يبلغ ترد يرد ورود تسجل يعرف يتضح توضح يوضح يتاكد يحدد الابلاغ report reports reported "
    "immediate immediately word نفي نفت ينفي تنفي denied denies"
)
_NEGATIONS = these("دون بدون بلا عدم لا لم لن ليس ولا no without nobody none not")
_DRONES = frozenset(("طيار", "طيارين"))  # an aircraft without a pilot denies nothing
_PAST = (
    "قبل عام|قبل عامين|قبل سنه|قبل سنتين|قبل سنوات|قبل اعوام|قبل عقد|قبل عقود|العام الماضي|العام الفاءت|ذكري|الذكري|"
    "last year|a year ago|years ago|year ago|anniversary|decades ago|a decade ago|in previous years"
)
_PAST_PHRASES = [phrase.split() for phrase in _PAST.split("|")]
_SINCE_WORDS = frozenset(("منذ", "since"))
_YEAR_WORDS = frozenset(("عام", "سنه", "in"))
_YEARS = frozenset(("سنوات", "اعوام", "عاما", "سنه", "عقود"))
_PAST_BEGINNINGS = frozenset((*(phrase[0] for phrase in _PAST_PHRASES), *_YEAR_WORDS))
_REACH = 14  # words within which one clause says when it was


def is_part(passage: Passage, index: int) -> bool:
    """Whether a word before it says that what follows is among those told."""
    for at in range(index, max(-1, index - 9), -1):
        word = passage.at(at)
        if passage.sentence(at) != passage.sentence(index) or (word in _CLAUSE_WORDS and at < index):
            return False
        if any(bare in PART_WORDS for _, _, bare in without_particles(word)) or (
            word in ("of", "من") and passage.at(at + 1) in ("them", "whom", "بينهم")
        ):
            return True
    return False


def negated(passage: Passage, index: int, reach: int = 5) -> str:
    """'no' where a word before this one denies it, 'unknown' where only news of it is missing, else ''."""
    start = max(0, index - reach)
    before = [at for at in range(start, index) if passage.same_clause(at, index)]
    if not any(_negates(passage, at) for at in before):
        return "unknown" if any(passage.at(at) in ("نفي", "نفت", "ينفي", "تنفي") for at in before) else ""
    return "unknown" if any(passage.at(at) in _NEWS for at in before) else "no"


def _negates(passage: Passage, index: int) -> bool:
    word = passage.at(index)
    return (word in _NEGATIONS or word.removeprefix("و") in _NEGATIONS) and passage.at(index + 1) not in _DRONES


def is_past(passage: Passage, first: int, last: int) -> bool:
    return any(at in passage.past for at in _around(passage, first, last))


def _says_past(passage: Passage, at: int) -> bool:
    word = passage.at(at).removeprefix("و")
    if word not in _PAST_BEGINNINGS or any(passage.at(before) in _SINCE_WORDS for before in range(max(0, at - 3), at)):
        return False
    return (
        any(phrase_at_loose(passage, at, phrase) for phrase in _PAST_PHRASES)
        or (word in _YEAR_WORDS and is_year(passage.at(at + 1)))
        or (word == "قبل" and passage.at(at + 2) in _YEARS)
    )


def phrase_at_loose(passage: Passage, index: int, phrase: Sequence[str]) -> bool:
    return passage.at(index).removeprefix("و") == phrase[0] and phrase_at(passage, index + 1, phrase[1:])


def is_so_far(passage: Passage, first: int, last: int) -> bool:
    """'Since the war began', near the number: further off it says something else ('the worst in 30 years')."""
    there = _around(passage, first, last)
    near = range(max(there.start, first - 10), min(there.stop, last + 4))
    return any(passage.at(at) in _SINCE_WORDS for at in near)


def _around(passage: Passage, first: int, last: int) -> range:
    low, high = max(0, first - _REACH), min(len(passage), last + _REACH)
    while passage.sentence(low) != passage.sentence(first):
        low += 1
    while high > last and passage.sentence(high - 1) != passage.sentence(first):
        high -= 1
    return range(low, high)


def is_year(word: str) -> bool:
    return len(word) == 4 and word.isdecimal() and 1900 <= int(word) < 2100
