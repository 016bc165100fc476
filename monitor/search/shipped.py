"""The places that monitor ships, as this process has them."""

from __future__ import annotations

import gc
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Final

from monitor import lexicon, pickled
from monitor.compiled import Shelf, key_of
from monitor.search.gazetteer import Gazetteer, PlaceReader

NAME: Final = "places"  # on the shelf


@cache
def gazetteer() -> Gazetteer:
    return Gazetteer(lexicon.load().places)


_lock = Lock()
_made: list[PlaceReader] = []


def reader(state: Path) -> PlaceReader:
    """Made once a process, or taken from the shelf of this state directory."""
    with _lock:
        if not _made:
            _made.append(_taken(Shelf(state)))
            gc.freeze()  # it stays, and is not looked through for garbage again and again
        return _made[0]


def is_being_made() -> bool:
    """By another thread, which takes longer than a page may."""
    return _lock.locked()


def reader_in_memory() -> PlaceReader | None:
    """If this process has it already."""
    return _made[0] if _made else None


def _taken(shelf: Shelf) -> PlaceReader:
    key = key_of(NAME)
    raw = shelf.load(NAME, key)
    ready = pickled.load(raw) if raw else None
    if isinstance(ready, PlaceReader):
        return ready
    fresh = PlaceReader(lexicon.load().places)
    raw = pickled.dump(fresh)
    shelf.save(NAME, key, raw)
    packed = pickled.load(raw)  # in boxes, of which few are opened: less to hold, and to look through for garbage
    return packed if isinstance(packed, PlaceReader) else fresh
