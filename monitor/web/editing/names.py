"""Names of places that stand as words in the boxes of a rule, and the rule with the places that are meant."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import yaml

from monitor.language import KnownPlace
from monitor.lexicon.tree import below, directly_within
from monitor.rules.place_names import is_guarded, is_rather_a_word, missed, places_called, spelled
from monitor.web.editing.places import Block, Node, Series, Splice, Text, composed, end_of, scalar, spliced, start_of

Taken = Literal["place", "exact", "word"]
"""What a name is taken for: the place; these letters alone; the word with its forms, as it is written."""
TAKEN: Final[tuple[Taken, ...]] = ("place", "exact", "word")
_SEARCHED: Final = ("all", "any", "none")
_BOXES: Final = ("all", "any", "sentence", "title", "summary", "body")  # that hold further items


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A text that is a place's name. `spellings` are those that the place is searched by, `missed` some that the word
    would not find, `within` how many places lie within; `guarded`: it is an ordinary word as well. `choices`: what it
    may be taken for, `taken` what it is."""

    text: str
    places: tuple[KnownPlace, ...]
    spellings: int
    missed: tuple[str, ...]
    within: int
    guarded: bool
    choices: tuple[Taken, ...]
    taken: Taken


@dataclass(frozen=True, slots=True)
class _Word:
    """A text of a box, and whether it stands in brackets."""

    node: Text
    in_brackets: bool


def names_in(
    snippet: str,
    known: Mapping[str, KnownPlace],
    *,
    chosen: Mapping[str, str] | None = None,
    written_before: Collection[str] = (),
) -> tuple[Named, ...]:
    """Each once. Who has just written a place's name means the place; a word that the file had already stays one, and
    so does a name that is rather an ordinary word, until its author chooses otherwise."""
    texts = dict.fromkeys(word.node.value for word in _words(snippet))
    asked = chosen or {}
    return tuple(
        _named(text, places, known, asked.get(text, ""), before=text in written_before)
        for text in texts
        if (places := places_called(text, known))
    )


def texts_of(snippet: str) -> frozenset[str]:
    """Every plain text of its boxes."""
    return frozenset(word.node.value for word in _words(snippet))


def with_places(snippet: str, names: Collection[Named]) -> str:
    """The rule with each name written as what it is taken for."""
    taken = {named.text: named for named in names if named.taken != "word"}
    return spliced(snippet, [_instead(word, taken[word.node.value]) for word in _words(snippet, taken)])


def _named(
    text: str, places: tuple[KnownPlace, ...], known: Mapping[str, KnownPlace], chosen: str, *, before: bool
) -> Named:
    guarded = all(is_guarded(text, place) for place in places)
    stays = before or is_rather_a_word(text, places)
    choices: tuple[Taken, ...] = ("place", "word" if before or guarded else "exact")
    inner = directly_within(known)
    return Named(
        text=text,
        places=places,
        spellings=len(spelled(places)),
        missed=missed(text, places)[:3],
        within=len({place.id for outer in places for _, place in below(outer.id, inner)}),
        guarded=guarded,
        choices=choices,
        taken=next((each for each in choices if each == chosen), "word" if stays else "place"),
    )


def _instead(word: _Word, named: Named) -> Splice:
    ids = [place.id for place in named.places]
    value = scalar(named.text) if named.taken == "exact" else ids[0] if len(ids) == 1 else f"[{', '.join(ids)}]"
    written = f"{named.taken}: {value}"
    start, end = start_of(word.node), end_of(word.node, "")
    return Splice(start, end, f"{{{written}}}" if word.in_brackets else written)


def _words(snippet: str, wanted: Collection[str] | None = None) -> Iterator[_Word]:
    """The plain texts of its boxes that stand in one line."""
    try:
        root = composed(snippet)
    except yaml.YAMLError:
        return
    rule = root.value[0] if isinstance(root, Series) and root.value else None
    for key, value in rule.value if isinstance(rule, Block) else ():
        if isinstance(key, Text) and key.value in _SEARCHED:
            yield from (each for each in _within(value) if wanted is None or each.node.value in wanted)


def _within(node: Node) -> Iterator[_Word]:
    if isinstance(node, Series):
        for item in node.value:
            if isinstance(item, Text):
                if item.start_mark.line == item.end_mark.line and item.style in (None, "", "'", '"'):
                    yield _Word(item, bool(node.flow_style))
            else:
                yield from _within(item)
    elif isinstance(node, Block):
        for key, value in node.value:
            if isinstance(key, Text) and key.value in _BOXES and isinstance(value, Series):
                yield from _within(value)
