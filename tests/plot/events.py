"""From a seed, the forty events: place, class, actors, figures, time of day, and who tells them."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tests.plot import arcs, sentences, towns
from tests.plot.arcs_told import ECHO_AFTER, ECHOES, HIT_AGAIN, NEIGHBOUR
from tests.plot.outlets import OUTLETS, cast
from tests.plot.values import Arc, Event, Town


def drawn(rng: Random) -> tuple[tuple[Event, ...], dict[str, list[Town]]]:
    """The forty events, each in a town of its own but for the town that is hit again; and the towns left over."""
    left = {rule: rng.sample(each, len(each)) for rule, each in towns.TOWNS.items()}
    events: list[Event] = []
    for number, arc in enumerate(arcs.ARCS, start=1):
        event = _event(f"e{number:02}-{arc.id}", arc, left[arc.rule], rng)
        events.append(_beside(event, events[-1], rng) if events and events[-1].arc is arc else event)
    return tuple(events), left


def echoes(events: tuple[Event, ...], rng: Random) -> tuple[Event, ...]:
    """A drill and an anniversary, each in the town of a real event within the hour, told by an outlet that has no part
    in that one."""
    return tuple(_echo(event, ECHOES[event.arc.id], rng) for event in events if event.arc.id in ECHOES)


def single(event_id: str, arc: Arc, town: Town, minute: int, rng: Random) -> Event:
    """An event that is only told once, outside of the forty."""
    return replace(_event(event_id, arc, [town], rng), minute=minute)


def _event(event_id: str, arc: Arc, left: list[Town], rng: Random) -> Event:
    low, high = arc.window
    return Event(
        id=event_id,
        arc=arc,
        kind=towns.KIND[arc.rule],
        town=towns.NEIGHBOURS[0] if arc is NEIGHBOUR else left.pop(),
        moved_to=left.pop() if arc.towns == 2 else None,
        actors=rng.choice(sentences.ACTORS),
        site=rng.choice(sentences.SITES),
        minute=rng.randint(low, high),
        tolls=tuple(rng.randint(*each) for each in arc.tolls),
        wounded=rng.choice((None, rng.randint(3, 25))),
        cast=cast(arc, rng),
    )


def _beside(event: Event, before: Event, rng: Random) -> Event:
    """The second event of one arc: of the neighbouring town in the same hour, or of the same town 14 hours later."""
    if event.arc is NEIGHBOUR:
        return replace(event, town=towns.NEIGHBOURS[1], minute=before.minute + rng.randint(3, 30))
    if event.arc is HIT_AGAIN:
        return replace(event, town=before.town, minute=before.minute + arcs.AGAIN_AFTER)
    return event


def _echo(event: Event, arc: Arc, rng: Random) -> Event:
    others = [each for each in OUTLETS if each.language == "ar" and each not in event.cast.values()]
    return replace(
        single(f"{event.id}-{arc.id}", arc, event.town, event.minute + ECHO_AFTER, rng),
        cast={"one": rng.choice(others)},
    )
