"""The day, from a seed: `made`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from random import Random

from tests.plot import events, noise
from tests.plot.outlets import OUTLETS
from tests.plot.telling import Patterns, Recipe, Teller, Text, copied, credited
from tests.plot.towns import KIND
from tests.plot.values import Arc, Beat, Entry, Event, How, Outlet, Plot, Told, Town, Version
from tests.plot.verdicts import first

BEGINS = datetime(2026, 3, 17, tzinfo=UTC)
ENTRIES = 2000
BEFORE = 20  # entries of each feed that stood there before the day
LAST_BEFORE = -10  # minute of the last of them
JITTER = 3  # minutes by which a beat may come late
STALE_BY = (26 * 60, 60 * 60)  # minutes: max_age is 24h

_Entries = dict[str, Entry]  # by guid, in the order of telling


@dataclass(slots=True)
class _Standing:
    """What one role of an event has in the feed: its newest entry and how that was made."""

    guid: str
    recipe: Recipe | None
    text: Text
    toll: int | None
    town: Town


def made(seed: int, *, begins: datetime = BEGINS) -> Plot:
    rng = Random(seed)
    forty, left = events.drawn(rng)
    echoes = events.echoes(forty, rng)
    numbers = count(1)
    entries: _Entries = {}
    patterns = {event.town: Patterns(event.kind, rng) for event in forty}
    told = [
        each
        for event in (*forty, *echoes)
        for each in _Telling(event, patterns[event.town], entries, numbers, rng).told()
    ]
    stale = _singles(
        "stale", ("dez-clashes", "idlib-strikes", "diyala-explosions", "kordofan-drones"), left, numbers, rng
    )
    stale = [_dated(entry, entry.minute - rng.randint(*STALE_BY)) for entry in stale]
    yesterday = _singles("yesterday", tuple(KIND), left, numbers, rng)
    plotted = [*entries.values(), *stale, *yesterday]
    return Plot(
        seed=seed,
        begins=begins,
        events=forty,
        echoes=echoes,
        told=tuple(sorted(told, key=lambda each: each.minute)),
        stale=tuple(stale),
        yesterday=tuple(yesterday),
        entries=tuple(sorted([*plotted, *_noise(plotted, numbers, rng)], key=lambda each: (each.minute, each.guid))),
    )


class _Telling:
    """One event told from its first beat to its last."""

    def __init__(
        self, event: Event, patterns: Patterns, entries: _Entries, numbers: Iterable[int], rng: Random
    ) -> None:
        self.event, self.entries, self.numbers, self.rng = event, entries, iter(numbers), rng
        self.teller = Teller(event, patterns, rng)
        self.standing: dict[str, _Standing] = {}
        self.voices: set[str] = set()
        self.reports = 0

    def told(self) -> list[Told]:
        return [self._tell(index, beat) for index, beat in enumerate(self.event.arc.beats)]

    def _tell(self, index: int, beat: Beat) -> Told:
        minute = self.event.minute + beat.after + (self.rng.randint(0, JITTER) if index else 0)
        toll = self.event.tolls[beat.toll] if self.event.tolls and beat.how is not How.TICKER else None
        self.voices.add(self.event.cast[beat.of or beat.role].owner)
        if beat.how.edits:
            self._edit(beat, minute, toll)
        else:
            self._publish(index, beat, minute, toll)
            self.reports += 1
        entry = self.entries[self.standing[beat.role].guid]
        return Told(
            event=self.event,
            beat=beat,
            entry=entry.guid,
            version=len(entry.versions) - 1,
            minute=minute,
            toll=toll,
            sources=len(self.voices),
            reports=self.reports,
        )

    def _publish(self, index: int, beat: Beat, minute: int, toll: int | None) -> None:
        outlet = self.event.cast[beat.role]
        recipe, text = self._new_text(index, beat, toll, outlet)
        guid = _guid(outlet, next(self.numbers))
        self.entries[guid] = Entry(
            guid=guid,
            outlet=outlet,
            dated=minute,
            versions=(Version(minute=minute, title=text[0], summary=text[1]),),
            rules=frozenset({self.event.arc.rule, self.event.arc.second} - {""}),
        )
        self.standing[beat.role] = _Standing(guid, recipe, text, toll, self.event.town)

    def _new_text(self, index: int, beat: Beat, toll: int | None, outlet: Outlet) -> tuple[Recipe | None, Text]:
        if beat.how is How.REPOST:
            return None, self.standing[beat.role].text
        if beat.how.copies:
            source = self.event.cast[beat.of]
            text = self.standing[beat.of].text
            return None, copied(text, beat.how, source=source, teller=outlet, rng=self.rng)
        recipe = replace(self.teller.recipe(beat.how, outlet.language), misspelt=self._typo_goes_later(index, beat))
        text = self.teller.written(recipe, toll)
        if beat.how is How.CREDIT:
            text = credited(text, self.event.cast[beat.of], self.rng)
        return recipe, text

    def _typo_goes_later(self, index: int, beat: Beat) -> bool:
        for later in self.event.arc.beats[index + 1 :]:
            if later.role == beat.role and (later.how is How.EDIT_TYPO or not later.how.edits):
                return later.how is How.EDIT_TYPO
        return False

    def _edit(self, beat: Beat, minute: int, toll: int | None) -> None:
        standing = self.standing[beat.role]
        assert standing.recipe is not None, "a copy is not edited in any arc"
        if beat.how is How.EDIT_HEADLINE:
            standing.recipe = self.teller.headline(standing.recipe)
        elif beat.how is How.EDIT_TYPO:
            standing.recipe = replace(standing.recipe, misspelt=False)
        elif beat.how is How.EDIT_PLACE:
            assert self.event.moved_to is not None
            standing.town = self.event.moved_to
        else:
            standing.toll = toll
        standing.text = self.teller.written(standing.recipe, standing.toll, town=standing.town)
        entry = self.entries[standing.guid]
        version = Version(minute=minute, title=standing.text[0], summary=standing.text[1])
        self.entries[standing.guid] = replace(entry, versions=(*entry.versions, version))


def _singles(
    why: str, rules: tuple[str, ...], left: dict[str, list[Town]], numbers: Iterable[int], rng: Random
) -> list[Entry]:
    """One entry for each rule, that its words match, of a town that has no other part in the day."""
    entries: _Entries = {}
    for rule in rules:
        minute = rng.randint(-400, LAST_BEFORE) if why == "yesterday" else rng.randint(60, 1400)
        second = "yemen-many-killed" if rule == "yemen-shelling" else ""
        arc = Arc(id=why, rule=rule, second=second, beats=(Beat(0, "one", How.OWN, first()),))
        event = events.single(f"{why}-{rule}", arc, left[rule].pop(), minute, rng)
        _Telling(event, Patterns(event.kind, rng), entries, numbers, rng).told()
    return list(entries.values())


def _dated(entry: Entry, minute: int) -> Entry:
    return replace(entry, dated=minute)


def _noise(plotted: list[Entry], numbers: Iterable[int], rng: Random) -> Iterable[Entry]:
    """What fills each feed up to its share: BEFORE entries before the day, the others spread evenly over it."""
    for outlet in OUTLETS:
        own = [entry for entry in plotted if entry.outlet == outlet]
        before = BEFORE - sum(entry.minute < 0 for entry in own)
        during = ENTRIES // len(OUTLETS) - len(own) - before
        minutes = [rng.randint(-600, LAST_BEFORE) for _ in range(before)]
        minutes += [int((place + rng.random()) * 1436 / during) for place in range(during)]
        for minute in minutes:
            title, summary = noise.written(outlet.language, rng)
            yield Entry(
                guid=_guid(outlet, next(iter(numbers))),
                outlet=outlet,
                dated=minute,
                versions=(Version(minute=minute, title=title, summary=summary),),
            )


def _guid(outlet: Outlet, number: int) -> str:
    return f"https://{outlet.id}.example/news/{number}"
