"""A place as people name it on the command line: by its id, or by a name of it in any spelling."""

from __future__ import annotations

from monitor.errors import UsageError
from monitor.language import KnownPlace
from monitor.lexicon.tree import Places

_MOST = 4  # places that a name may mean, named


def named_place(written: str, places: Places) -> tuple[KnownPlace, tuple[str, ...]]:
    """The place, and the ids of those around it that have its name, too. Raises UsageError, with what may have been
    meant."""
    if (place := places.get(written)) is not None:
        return place, ()
    from monitor.lexicon.search import Search

    search = Search(places)
    called = search.called(written)
    meant = search.innermost(called)
    if meant is not None:
        return meant, tuple(place.id for place in called[1:])
    near = [place.id for place in called] or [hit.place.id for hit in search.guesses(written, 3)]
    hint = f"did you mean {' or '.join(f'place:{each}' for each in near[:_MOST])}?" if near else ""
    raise UsageError(f"which place is '{written}'? {hint or 'see: monitor places search'}")
