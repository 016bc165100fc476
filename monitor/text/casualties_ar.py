"""The killed and wounded that Arabic words tell of."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.model import FigureKind
from monitor.text.casualty_words import (
    ANYBODY,
    ASIDE,
    ASIDES,
    BEHIND_THEM,
    BOTH_DEAD_AND_HURT,
    CAUSES,
    COUNTED,
    CRIMES,
    DYING,
    FATE,
    HITTING,
    KILLING,
    LEADS,
    NEEDS_CAUSE,
    NOUN_FORMS,
    NOUNS,
    ONLY_COUNTED,
    REMAINS,
    STOP,
    WOUNDING,
    K,
    W,
)
from monitor.text.mentions import (
    Counted,
    Mention,
    Passage,
    added,
    counted_number,
    is_part,
    is_person,
    negated,
    person_at,
)
from monitor.text.numbers import without_particles
from monitor.text.people import ONE, SOME, Count
from monitor.text.tolls_ar import is_sickness, names_casualties, toll


def mentions(passage: Passage) -> Iterator[Mention]:
    for index in range(len(passage)):
        for conjunction, article, word in without_particles(passage.at(index)):
            if word in BEHIND_THEM and (counted := _before(passage, index, fewest=2)):
                yield Mention(BEHIND_THEM[word], counted.least, counted.most, counted.first, index + 1)
                break
            if not article and (found := _of_action(passage, index, word)):
                yield from found
                break
            if (word in NOUNS or word in COUNTED) and (found := _of_noun(passage, index, word, article=article)):
                yield from found
                break
            if word in FATE and (counted := _before(passage, index)):
                yield Mention(K, counted.least, counted.most, counted.first, index + 1)
                break
            if word in BOTH_DEAD_AND_HURT and passage.at(index + 1) in ("بشريه", "في") and not conjunction:
                if negated(passage, index, 8) == "no":
                    yield from (Mention(kind, 0, 0, index, index + 2) for kind in (K, W))
                break
    yield from _of_nobody(passage)


_CLOSE = 4  # words between a word for people and what befell them

# --- nouns: five killed ---------------------------------------------------------------------------------------------


def _of_noun(passage: Passage, index: int, word: str, *, article: bool) -> list[Mention]:
    kind, alone = NOUNS.get(word) or (COUNTED[word], ONE)
    if (
        _is_joined(passage, index)
        and _number_before(passage, index - 1)
        and _joined_kind(passage, index - 1, kind) is None
    ) and any(bare in NOUNS and NOUNS[bare][0] != kind for _, _, bare in without_particles(passage.at(index - 1))):
        return []  # told with the noun before
    also = _joined_kind(passage, index, kind)
    number = _number_before(passage, index)
    if number is not None:
        if is_sickness(passage, index) or (kind == W and _just_died(passage, number.first - 1)):
            return []
        return _together(kind, also, number.least, number.most, number.first, index + 1 + (also is not None))
    if word in REMAINS and index + 1 in passage.starting and (counted := _people(passage, index + 1)):
        return [Mention(kind, counted.least, counted.most, index, counted.last)]
    if article or _is_owned(passage, index):
        return toll(passage, index, kind)
    denial = negated(passage, index, 8)
    if not denial and passage.at(index - 1) == "او":
        denial = negated(passage, index - 1, 10)
    if denial:
        kinds = (K, W) if word == "ضحايا" else (kind,)
        return [Mention(each, 0, 0, index, index + 1) for each in kinds] if denial == "no" else []
    if word in ONLY_COUNTED or (word in NEEDS_CAUSE and not _has_cause(passage, index)) or is_sickness(passage, index):
        return []
    if passage.at(index - 1) in ("عدد", "حصيله"):
        return toll(passage, index, kind)
    return [Mention(kind, *alone, index, index + 1)]


def _number_before(passage: Passage, index: int) -> Counted | None:
    """The number that counts this word: right before it, with من or a few words for people between."""
    joined = _is_joined(passage, index)
    for end in range(index, max(0, index - 4), -1):
        number = passage.ending.get(end)
        if number is not None:
            between = range(end, index)
            if (
                all(
                    passage.at(at) in ("من", "حاله", "حالات", "بين", "ما", "الي", "منهم", "منها")
                    or is_person(passage, at)
                    for at in between
                )
                and (not joined or passage.at(index - 1) == "بين")
                and passage.same_clause(end - 1, index)
            ):
                return Counted(number.least, number.most, number.first, index)
            return None
    return None


def _is_joined(passage: Passage, index: int) -> bool:
    """Whether و is written to it: a number before it counts something else."""
    return any(
        conjunction == "و" and (bare in NOUNS or bare in COUNTED)
        for conjunction, _, bare in without_particles(passage.at(index))
    )


def _joined_kind(passage: Passage, index: int, kind: FigureKind) -> FigureKind | None:
    """The other kind where one number counts both: عشرات القتلى والجرحى, 20 بين قتيل وجريح."""
    after = passage.at(index + 1)
    if after[:1] != "و" or index + 2 in passage.ending:
        return None
    for _, _, word in without_particles(after[1:]):
        if word in NOUNS and NOUNS[word][0] != kind:
            return NOUNS[word][0]
    return None


def _together(
    kind: FigureKind, also: FigureKind | None, least: int, most: int | None, first: int, last: int
) -> list[Mention]:
    """Of a number for both kinds nobody knows who is which: of each one at least, and not all."""
    if also is None:
        return [Mention(kind, least, most, first, last)]
    rest = None if most is None else max(1, most - 1)
    return [Mention(each, 1, rest, first, last) for each in (kind, also)]


def _is_owned(passage: Passage, index: int) -> bool:
    """'The dead of …': whoever they are, they are told elsewhere."""
    after = passage.at(index + 1)
    return (
        after.startswith("ال")
        and after[2:] not in NOUNS
        and after not in ("الي", "الان")
        and NOUNS.get(passage.at(index), (K, ONE))[1] == SOME
    )


def _just_died(passage: Passage, index: int) -> bool:
    """Three of the wounded died: they are told as the dead."""
    return any(bare in DYING for _, _, bare in without_particles(passage.at(index)))


def _has_cause(passage: Passage, index: int) -> bool:
    after = passage.at(index + 1)
    if passage.at(index) == "شهيد" and (after[:1] in ("و", "ب") or after in ("في", "جراء", "اثر")):
        return True
    return passage.at(index - 1) in LEADS or any(
        bare in CAUSES for at in range(max(0, index - 3), index) for _, _, bare in without_particles(passage.at(at))
    )


# --- actions: the killing of five, five were killed ------------------------------------------------------------------


def _of_action(passage: Passage, index: int, word: str) -> list[Mention]:
    if word in KILLING or word in DYING:
        kind: FigureKind = K
    elif word in WOUNDING:
        kind = W
    else:
        return []
    if word == "بحياه" and not any(
        passage.at(at).lstrip("و")[:3] in ("اود", "تود", "يود") for at in range(index - 7, index)
    ):
        return []
    if word in ("ضحيته", "ضحيتها") and passage.at(index - 1).lstrip("و") not in ("راح", "راحت", "ذهب"):
        return []
    if word == "ارواح" and passage.at(index - 1).lstrip("و") not in ("حصد", "حصدت", "بحصد", "ازهاق", "ازهق"):
        return []
    if passage.at(index)[:1] == "و" and passage.at(index - 1) not in BEHIND_THEM and _is_pair(passage, index - 1, kind):
        return []  # told with the word before
    if passage.at(index - 1) == "او" and _is_pair(passage, index - 2, kind):
        return []  # of 'killed or wounded' nobody knows which
    if (
        word in ("قتل", "قضي", "قضت")
        and index + 1 not in passage.starting
        and (word != "قتل" or passage.at(index - 1) in CRIMES)
    ):
        return []
    start, also = index + 1, None
    after = passage.at(start).removeprefix("و")
    if passage.at(start)[:1] == "و" and (after in WOUNDING | KILLING) and (after in WOUNDING) != (kind == W):
        start, also = start + 1, (K if kind == W else W)  # مقتل وإصابة خمسة
    while passage.at(start) in ASIDES:
        start += 1
    denial = negated(passage, index, 3)
    if denial:
        nobody = denial == "no" and passage.at(start) in ("احد", "اي")
        return [Mention(kind, 0, 0, index, start + 1)] if nobody else []
    counted = _object(passage, start, word)
    if word in HITTING and counted and not counted.named:
        return []
    if counted is None or is_sickness(passage, index, counted.last) or (kind == W and _is_sport(passage, index)):
        return []
    return _together(kind, also, counted.least, counted.most, index, counted.last)


def _is_pair(passage: Passage, index: int, kind: FigureKind) -> bool:
    other = WOUNDING if kind == K else KILLING
    return any(bare in other for _, _, bare in without_particles(passage.at(index)))


def _is_sport(passage: Passage, index: int) -> bool:
    return any(
        passage.at(at) in ("منتخب", "المنتخب", "لاعب", "لاعبي", "مباراه", "المباراه")
        for at in range(index + 1, min(index + 6, len(passage)))
    )


def _object(passage: Passage, start: int, word: str) -> Counted | None:
    """Whom the action names. Behind a verb other words may come first, but then a word for people must be there."""
    first = _people(passage, start, one_by_name=word in NOUN_FORMS)
    if first is not None and start not in passage.starting and word not in NOUN_FORMS:
        # who did it may stand first: قتل مسلحون ثلاثة جنود
        first = _aside(passage, start) or first
    if first is not None and (word not in DYING or _is_plain_death(passage, start, first)):
        return first
    if word in DYING and start not in passage.starting:
        return _aside(passage, start) if word != "ارواح" else None
    if first is None and start not in passage.starting:
        return _aside(passage, start)
    return None


def _is_plain_death(passage: Passage, start: int, counted: Counted) -> bool:
    """The passing of one who is named by his trade is of another kind: وفاة فنان."""
    return not counted.named or start in passage.starting or counted.least > 1 or passage.at(start) in ANYBODY


def _aside(passage: Passage, start: int) -> Counted | None:
    for at in range(start + 1, min(start + ASIDE, len(passage))):
        if (
            passage.sentence(at) != passage.sentence(start)
            or names_casualties(passage, at - 1)
            or names_casualties(passage, at)
        ):
            return None
        if at in passage.starting and passage.at(at - 1) not in (
            "منذ",
            "قبل",
            "خلال",
            "بعد",
            "عام",
            "في",
            "عمر",
            "عمره",
            "سن",
        ):
            counted = _people(passage, at)
            return counted if counted and counted.named else None
    return None


def _before(passage: Passage, index: int, *, fewest: int = 1) -> Counted | None:
    """Whom the fate befell: لقي خمسة أشخاص مصرعهم. The nearest number of people before it, or else the nearest word
    for people, close by."""
    nearest = None
    for at in range(max(0, index - 9), index):
        if passage.sentence(at) != passage.sentence(index) or names_casualties(passage, at) or is_part(passage, at):
            continue
        numbered = at in passage.starting
        if not numbered and (index - at > _CLOSE or (nearest is not None and nearest.first in passage.starting)):
            continue
        if numbered or person_at(passage, at):
            counted = _people(passage, at)
            if (
                counted
                and counted.last <= index
                and counted.least >= fewest
                and (nearest is None or nearest.last <= at)
            ):
                nearest = counted
    return nearest


def _people(passage: Passage, start: int, *, one_by_name: bool = False) -> Counted | None:
    """A list of people, added up: امرأتين وطفل, ثلاثة جنود ومدني. None where the first of it is none."""
    first = _some(passage, start, one_by_name=one_by_name)
    if first is None:
        return None
    count: Count = (first.least, first.most)
    last, named = first.last, first.named
    at = last
    while at < len(passage) and at - last <= 3:
        word = passage.at(at)
        if passage.sentence(at) != passage.sentence(start) or names_casualties(passage, at):
            break
        if word[:1] == "و" and (more := _and_some(passage, at)):
            count = added(count, (more.least, more.most))
            last = at = more.last
            continue
        if word in STOP or any(bare in STOP for _, _, bare in without_particles(word)):
            break
        at += 1
    return Counted(*count, start, last, named)


def _some(passage: Passage, at: int, *, one_by_name: bool = False) -> Counted | None:
    number = passage.starting.get(at)
    if number is not None:
        return counted_number(passage, number)
    count = person_at(passage, at, article=one_by_name)
    if count is None:
        return None
    if count == SOME and passage.at(at).startswith("ال"):
        return None
    if count == SOME and passage.at(at + 1) in ("اثنين", "اثنان"):
        return Counted(2, 2, at, at + 2)
    return Counted(*count, at, at + 1)


def _and_some(passage: Passage, at: int) -> Counted | None:
    """What 'and' adds. A bare number adds nothing: what it counts may be anything."""
    number = passage.starting.get(at) or (passage.starting.get(at + 1) if passage.at(at) == "و" else None)
    if number is not None:
        counted = counted_number(passage, number)
        return counted if counted and counted.named else None
    after = at + 1 if passage.at(at) == "و" else at
    count = person_at(passage, after)
    return Counted(*count, after, after + 1) if count else None


def _of_nobody(passage: Passage) -> Iterator[Mention]:
    """لم يصب أحد بأذى."""
    for at in range(len(passage) - 2):
        if (
            passage.at(at).removeprefix("و") == "لم"
            and passage.at(at + 1) in ("يصب", "تصب")
            and passage.at(at + 2) in ("احد", "اي")
        ):
            yield Mention(W, 0, 0, at, at + 3)
