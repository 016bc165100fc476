"""Which kind of event somebody means who names it by one of its words: `event: kidnapping` is `abduction`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from monitor.language import EventClass, Lexicon, OfEvent
from monitor.rules.atoms import Atom, atoms
from monitor.rules.traps import trap_of
from monitor.rules.values import plain_words
from monitor.text.document import Text, read_text

_MOST = 3  # told; a word of more events than that stands for none of them


def events_called(word: str, events: Mapping[str, EventClass]) -> tuple[str, ...]:
    """The ids of those that find the word by itself; else of those that have it with a context, or in their title.

    The first call takes a second or two: the search texts of every event are compiled.
    """
    text = read_text(word)
    if not text.tokens:
        return ()
    found = tuple(id_ for id_ in events if any(_is_all(atom, text) for atom in _alone(id_, events)))
    if not found:
        trap = trap_of(word)
        known = (trap.event,) if trap and trap.event in events else ()
        found = tuple(dict.fromkeys((*known, *(id_ for id_, event in events.items() if _in_title(word, event)))))
    return found if len(found) <= _MOST else ()


def _alone(id_: str, events: Mapping[str, EventClass]) -> Iterator[Atom]:
    return (atom for atom in atoms(OfEvent(ids=(id_,)), Lexicon(events=events)) if atom.alone)


def _is_all(atom: Atom, text: Text) -> bool:
    return any(found.last == len(text.tokens) for found in atom.at(text, 0))


def _in_title(word: str, event: EventClass) -> bool:
    return any(plain_words(word) in plain_words(title).split() for title in event.title.values())
