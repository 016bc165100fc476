"""Sums that a text calls so: 'the toll', 'the number of the dead', in Arabic."""

from __future__ import annotations

from monitor.model import FigureKind
from monitor.text.casualty_words import KILLING, NOUNS, SICK, TOLL, WOUNDING
from monitor.text.mentions import Mention, Passage, counted_number, is_year
from monitor.text.numbers import without_particles


def says_toll(passage: Passage, index: int) -> bool:
    """Whether 'the toll' or 'the number of' stands before this word in its sentence."""
    for at in range(index - 1, max(-1, index - 14), -1):
        if passage.sentence(at) != passage.sentence(index):
            return False
        for _, _, word in without_particles(passage.at(at)):
            if word == "حصيله" or (word in TOLL and passage.at(at + 1) != "من"):
                return True
    return False


def toll(passage: Passage, index: int, kind: FigureKind) -> list[Mention]:
    """'The number of the dead rose from three to five': the number that it has now."""
    if is_sickness(passage, index) or not (
        says_toll(passage, index) or index + 1 in passage.starting or passage.at(index + 1) in ("الي", "بلغ")
    ):
        return []
    if passage.at(index - 1) in TOLL and (before := passage.ending.get(index - 1)):  # ارتفع إلى سبعة عدد القتلى
        return [Mention(kind, before.least, before.most, before.first, index + 1, toll=True)]
    for at in range(index + 1, min(index + 13, len(passage))):
        if passage.sentence(at) != passage.sentence(index) or names_casualties(passage, at):
            return []
        number = passage.starting.get(at)
        if number is None and passage.at(at)[:1] == "ل" and passage.at(at)[1:].isdecimal():
            continue
        if number is not None:
            if passage.at(at - 1) == "من" and number.most is not None and number.least < number.most:
                number = number._replace(least=number.most)  # from three to five: five now
            elif passage.at(at - 1) in ("من", "منذ", "قبل", "عام") and passage.at(number.last) in ("الي", "و"):
                continue
            if passage.at(at - 1) in ("من", "في") and is_year(passage.at(at)):
                continue
            counted = counted_number(passage, number)
            if counted is None or passage.at(at - 1) in ("منذ", "قبل", "عام", "خلال", "بعد"):
                continue
            return [Mention(kind, counted.least, counted.most, index, number.last, toll=True)]
    return []


def names_casualties(passage: Passage, index: int) -> bool:
    return any(
        word in NOUNS or word in WOUNDING or word in KILLING for _, _, word in without_particles(passage.at(index))
    )


def is_sickness(passage: Passage, first: int, last: int | None = None) -> bool:
    """Whether an illness is named around these words: its cases are no wounded, and its dead not killed."""
    near = range(max(0, first - 12), min((last or first) + 7, len(passage)))
    return any(passage.at(at) in SICK and passage.sentence(at) == passage.sentence(first) for at in near)
