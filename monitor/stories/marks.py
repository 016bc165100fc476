"""What a text says of its own time and kind, beside facts: 'yesterday', 'again', 'on Monday', a match, a price list.

A mark is a word in a sketch. They tell reports apart that have place, class and words in common.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

from monitor.text.document import read_text

AGAIN = "again"
YESTERDAY = "yesterday"
SPORT = "sport"
SPEECH = "speech"
ROUNDUP = "roundup"
FOLLOW_UP = "follow-up"
ANALYSIS = "analysis"
THREAT = "threat"
# What cannot both be told of one occurrence.
OPPOSITES = (("freed", "taken"), ("opened", "closed"), ("left", "came"))
SIDES = frozenset({"north", "south", "east", "west"})
OPPOSITE_SIDES = (frozenset({"north", "south"}), frozenset({"east", "west"}))
DAY = "day "  # and the days before it was told, 0 to 6: 'on Monday'

_WEEKDAYS = (
    ("الاثنين", "monday", "pazartesi", "lundi"), ("الثلاثاء", "tuesday", "salı", "mardi"),
    ("الاربعاء", "wednesday", "çarşamba", "mercredi"), ("الخميس", "thursday", "perşembe", "jeudi"),
    ("الجمعه", "friday", "cuma", "vendredi"), ("السبت", "saturday", "cumartesi", "samedi"),
    ("الاحد", "sunday", "pazar", "dimanche"),
)  # fmt: skip
_NEAR_START = 45  # words of a text that may say when: further down stands the background

_Phrases = Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]  # first word -> (phrase, mark)


def marks(title: Sequence[str], prose: Sequence[str], *, told_at: datetime) -> frozenset[str]:
    """Of a report's normal words in order."""
    start = (*title, *prose[:_NEAR_START])
    found = {*_found(start, _table("start")), *_found(title, _table("title"))}
    day = _weekday(start, told_at)
    return frozenset(found if day is None else {*found, f"{DAY}{day}"})


def days_before(sketch_marks: frozenset[str]) -> int | None:
    """How many days before it was told something happened, by the text's own word; None if it does not say."""
    for mark in sketch_marks:
        if mark.startswith(DAY):
            return int(mark.removeprefix(DAY))
    return 1 if YESTERDAY in sketch_marks else None


def _weekday(words: Sequence[str], told_at: datetime) -> int | None:
    """A weekday that is named alone among weekdays: 0 is the day it was told."""
    named = {number for number, names in enumerate(_weekday_names()) if not names.isdisjoint(words)}
    if len(named) != 1:
        return None
    # Half a day ahead of UTC nobody tells the news of this region; three hours are its usual zone.
    today = (told_at + timedelta(hours=3)).weekday()
    return (today - named.pop()) % 7


def _found(words: Sequence[str], table: _Phrases) -> Iterator[str]:
    for at, word in enumerate(words):
        for phrase, mark in table.get(word, ()):
            if tuple(words[at : at + len(phrase)]) == phrase:
                yield mark
        for phrase, mark in table.get("*", ()):
            if word.startswith(phrase[0]):
                yield mark


@cache
def _table(where: str) -> _Phrases:
    """The phrases of `marks.tsv` by their first word; under '*' those with any ending."""
    text = (files("monitor.stories") / "marks.tsv").read_text(encoding="utf-8")
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        place, mark, phrase = line.split("\t")
        words = read_text(phrase.removesuffix("*")).words
        if place == where:
            table.setdefault("*" if phrase.endswith("*") else words[0], []).append((words, mark))
    return {first: tuple(rows) for first, rows in table.items()}


@cache
def _weekday_names() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(word for name in names for word in read_text(name).words) for names in _WEEKDAYS)
