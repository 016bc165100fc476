"""The killed and wounded that English words tell of."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.model import FigureKind
from monitor.text.mentions import (
    Counted,
    Mention,
    Passage,
    added,
    counted_number,
    is_person,
    is_thing,
    negated,
)
from monitor.text.number_words import these
from monitor.text.people import PEOPLE, Count

K: FigureKind = "killed"
W: FigureKind = "wounded"

_STATES: dict[str, FigureKind] = {
    **dict.fromkeys(these("killed dead died slain martyred perished massacred"), K),
    **dict.fromkeys(["wounded", "injured", "hurt"], W),
}
_NOUNS: dict[str, FigureKind] = {
    **dict.fromkeys(these("deaths fatalities bodies corpses martyrs"), K),
    **dict.fromkeys(["injuries"], W),
}
_ACTS: dict[str, FigureKind] = {
    **dict.fromkeys(these("kills kill killed killing kills"), K),
    **dict.fromkeys(these("wounds wound wounded wounding injures injure injured injuring hurts"), W),
}
CUES = _STATES.keys() | _NOUNS.keys() | _ACTS.keys() | {"toll", "lives", "casualties"}
_LINKS = these(
    "were was have has had been are is being be also reportedly reported were left feared confirmed "
    "more others other people of all at least so far"
)
_TURNS = these("in on by from near after before since for when while but which that who as during at to among")
_FAR = 7


def mentions(passage: Passage) -> Iterator[Mention]:
    for index in range(len(passage)):
        word = passage.at(index)
        if word not in CUES:
            continue
        if word == "toll":
            yield from _toll(passage, index, K)
        elif (
            word in ("wounded", "injured", "killed", "dead")
            and passage.at(index - 1) in ("of", "the")
            and (_number_of(passage, index))
        ):
            yield from _toll(passage, index, _STATES[word])
        elif word == "lives":
            yield from _lives(passage, index)
        elif word == "casualties":
            if negated(passage, index, 4) == "no":
                yield from (Mention(kind, 0, 0, index, index + 1) for kind in (K, W))
        else:
            yield from _state_or_act(passage, index, word)


def _number_of(passage: Passage, index: int) -> bool:
    return "number" in (passage.at(index - 2), passage.at(index - 3))


def _state_or_act(passage: Passage, index: int, word: str) -> Iterator[Mention]:
    kind = _STATES.get(word) or _NOUNS.get(word) or _ACTS[word]
    also, last = _other_kind(passage, index, kind)
    denial = negated(passage, index, 4)
    if denial:
        if denial == "no" and (
            word in _NOUNS
            or any(passage.at(at) in ("one", "nobody", "none", "no") for at in range(max(0, index - 4), index))
        ):
            yield Mention(kind, 0, 0, index, index + 1)
        return
    counted = None
    if word in _ACTS:
        counted = _people(passage, last) if passage.between(last).strip() in ("", ":") else None
        if counted and counted.first == last:
            yield from _of(kind, also, counted, index, counted.last)
            return
    if word in _STATES or word in _NOUNS:
        counted = _before(passage, index)
        if counted:
            yield from _of(kind, also, counted, counted.first, last)


def _of(kind: FigureKind, also: FigureKind | None, counted: Counted, first: int, last: int) -> Iterator[Mention]:
    if also is None:
        yield Mention(kind, counted.least, counted.most, first, last)
        return
    rest = None if counted.most is None else max(1, counted.most - 1)
    yield from (Mention(each, 1, rest, first, last) for each in (kind, also))


def _other_kind(passage: Passage, index: int, kind: FigureKind) -> tuple[FigureKind | None, int]:
    """'killed and wounded', 'killed or wounded': one number for both. The end of what was read, too."""
    other = passage.at(index + 2)
    known = _STATES.get(other) or _ACTS.get(other)
    if passage.at(index + 1) in ("and", "or") and known and known != kind:
        return known, index + 3
    return None, index + 1


def _before(passage: Passage, index: int) -> Counted | None:
    """The longest list of people that ends before this word, with nothing between but what may be."""
    best = None
    for start in range(index - 1, max(-1, index - 14), -1):
        if passage.sentence(start) != passage.sentence(index) or passage.at(start) in CUES:
            break
        counted = _people(passage, start)
        if counted is None or counted.first != start or counted.last > index or index - counted.last > _FAR:
            continue
        between = range(counted.last, index)
        if all(passage.at(at) not in _TURNS or passage.at(at) in _LINKS for at in between) and not any(
            is_thing(passage, at) or at in passage.starting or "," in passage.between(at) for at in between
        ):
            best = counted
    return best


def _people(passage: Passage, start: int) -> Counted | None:
    """'two women and a child', 'at least five soldiers', 'a man'."""
    first = _some(passage, start)
    if first is None:
        return None
    count: Count = (first.least, first.most)
    last, named = first.last, first.named
    while passage.at(last) in ("and", "plus") or passage.between(last).strip() == ",":
        more = _some(passage, last + (passage.at(last) in ("and", "plus")))
        if more is None or not more.named or passage.at(more.last) in CUES - {"killed", "dead", "wounded", "injured"}:
            break
        if passage.at(more.last) in _STATES and passage.between(last).strip() == ",":
            break  # '3 killed, 2 people wounded'
        count = added(count, (more.least, more.most))
        last = more.last
    return Counted(*count, start, last, named)


def _some(passage: Passage, at: int) -> Counted | None:
    number = passage.starting.get(at)
    if number is not None:
        return counted_number(passage, number)
    if passage.at(at) in ("a", "an", "another"):
        for noun in range(at + 1, at + 5):
            if is_person(passage, noun) and PEOPLE.get(passage.at(noun)) == (1, 1):
                return Counted(1, 1, at, noun + 1)
            if is_thing(passage, noun) or passage.at(noun) in _TURNS or passage.at(noun) in CUES:
                return None
    return None


def _toll(passage: Passage, index: int, kind: FigureKind) -> Iterator[Mention]:
    """'The death toll rose from three to five': the number that it has now."""
    for at in range(index + 1, min(index + 13, len(passage))):
        if passage.sentence(at) != passage.sentence(index) or passage.at(at) in CUES:
            return
        number = passage.starting.get(at)
        if number is not None:
            if passage.at(at - 1) == "from" and number.most is not None and number.least == number.most:
                continue
            if passage.at(at - 1) in ("in", "since", "after"):
                continue
            if passage.at(at - 1) == "from":
                number = number._replace(least=number.most or number.least)
            counted = counted_number(passage, number)
            if counted:
                yield Mention(kind, counted.least, counted.most, index, number.last, toll=True)
                return


def _lives(passage: Passage, index: int) -> Iterator[Mention]:
    """'claimed five lives', 'the lives of five people', 'five people lost their lives'."""
    number = passage.ending.get(index)
    if number is not None and any(
        passage.at(at).startswith(("claim", "cost", "took")) for at in range(max(0, number.first - 3), number.first)
    ):
        yield Mention(K, number.least, number.most, number.first, index + 1)
    elif passage.at(index + 1) == "of" and (counted := _people(passage, index + 2)):
        yield Mention(K, counted.least, counted.most, index, counted.last)
    elif passage.at(index - 2) == "lost" and (counted := _before(passage, index - 2)):
        yield Mention(K, counted.least, counted.most, counted.first, index + 1)
