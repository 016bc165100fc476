"""How places look on a terminal and as JSON. Arabic stands at the beginning of a line of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from monitor.cli.show import counted
from monitor.language import KnownPlace
from monitor.lexicon import describe
from monitor.lexicon.search import Hit, How
from monitor.lexicon.tree import Places, around, below, directly_within
from monitor.text.clean import display

_MANY = 40  # places; of more, only the outermost are listed

_HOW = {
    How.ID: "this is its id",
    How.SPELLING: "a spelling of it: {}",
    How.ATTACHED: "read as: {}",
    How.SOUND: "sounds like: {}",
    How.WITHIN_TEXT: "stands in the text: {}",
    How.PART: "a part of: {}",
    How.NEAR: "a typing error? Close to: {}",
}


def found(hits: Sequence[Hit], limit: int, places: Places) -> str:
    lines = [line for hit in hits[:limit] for line in _hit(hit, places)]
    if len(hits) > limit:
        lines.append(
            f"… and {len(hits) - limit} more: --limit shows them, --country, --within and --kind narrow it down"
        )
    lines += ["", f"In a rule:  - place: {hits[0].place.id}"]
    return "\n".join(lines)


def not_found(typed: str, nearest: Sequence[Hit], places: Places, *, filtered: bool) -> str:
    what = f"no place is called '{display(typed)}'"
    if filtered:
        return "\n".join([f"{what} there; elsewhere:", *(line for hit in nearest for line in _hit(hit, places))])
    if nearest:
        return "\n".join([f"{what}; the nearest:", *(line for hit in nearest for line in _summary(hit.place, places))])
    return f"{what}: add it under 'places' of your rules file (docs/rules.md), or import its country's"


def _hit(hit: Hit, places: Places) -> Iterator[str]:
    yield from _summary(hit.place, places)
    yield f"  {_how(hit)}"
    if hit.guarded:
        yield f"  it is an ordinary word as well: see monitor places show {hit.place.id}"


def _how(hit: Hit) -> str:
    return _HOW[hit.how].format(display(hit.read or hit.spelling))


def _summary(place: KnownPlace, places: Places) -> Iterator[str]:
    outer = ", ".join(each.id for each in around(place, places))
    yield f"{place.id}  {_kind(place)}{f' in {outer}' if outer else ''}"
    yield from (f"  {display(name)}" for name in dict.fromkeys(place.name.values()))


def _plural(kind: str) -> str:
    if kind.endswith("y"):
        return f"{kind[:-1]}ies"
    return kind if kind.endswith("yours") else f"{kind}s"


def _kind(place: KnownPlace) -> str:
    return place.kind or "place of yours"


def place(one: KnownPlace, places: Places, *, everything: bool) -> str:
    return "\n".join(
        [
            *_summary(one, places),
            *_where(one),
            *_spellings("spellings", one.terms),
            *_spellings("spellings that may have an ending", one.inflected),
            *_guards(one),
            *_inner(one, places, everything=everything),
            "",
            "a rule to start from",
            *(f"  {line}".rstrip() for line in describe.sample_rule(one).splitlines()),
        ]
    )


def _where(one: KnownPlace) -> Iterator[str]:
    point = describe.coordinates(one.id)
    if point:
        yield f"  at {point[0]}, {point[1]}"


def _spellings(title: str, spellings: Sequence[str]) -> Iterator[str]:
    if spellings:
        yield ""
        yield f"{title}: {len(spellings)}"
        for script, those in describe.by_script(spellings).items():
            yield f"  {script}"
            yield from (f"    {display(each)}" for each in those)


def _guards(one: KnownPlace) -> Iterator[str]:
    for guard in describe.guards(one):
        yield ""
        yield "an ordinary word as well, and the place only in company"
        yield f"  {display(guard.spelling)}"
        yield from _list("behind one of", guard.behind)
        yield from _list("near one of", guard.near)
    if one.ban:
        yield ""
        yield from _list("never this place", one.ban)


def _list(title: str, texts: Sequence[str]) -> Iterator[str]:
    if texts:
        comma = "، " if describe.script_of(texts[0]) == "Arabic" else ", "
        yield f"  {title}:"
        yield f"    {display(comma.join(texts))}"


def _inner(one: KnownPlace, places: Places, *, everything: bool) -> Iterator[str]:
    inside = list(below(one.id, directly_within(places)))
    if not inside:
        return
    kinds = Counter(_kind(each) for _, each in inside)
    numbers = ", ".join(counted(number, kind, _plural(kind)) for kind, number in kinds.most_common())
    yield ""
    yield f"within it: {counted(len(inside), 'place', 'places')} ({numbers})"
    whole = everything or len(inside) <= _MANY
    for number, (depth, each) in enumerate(inside):
        if whole or depth == 1:
            yield f"{'  ' * depth}{each.id}  {_kind(each)}{'' if whole else _more(inside[number + 1 :])}"
    if not whole:
        yield "  (--all lists everything)"


def _more(following: Sequence[tuple[int, KnownPlace]]) -> str:
    """How many places lie within the one before these."""
    inner = next((at for at, (depth, _) in enumerate(following) if depth == 1), len(following))
    return f"  +{inner}" if inner else ""


def hits_as_json(typed: str, hits: Sequence[Hit], nearest: Sequence[Hit], places: Places) -> dict[str, Any]:
    return {
        "query": typed,
        "found": [_hit_as_json(hit, places) for hit in hits],
        "nearest": [_hit_as_json(hit, places) for hit in nearest],
    }


def _hit_as_json(hit: Hit, places: Places) -> dict[str, Any]:
    return {
        **_summary_as_json(hit.place, places),
        "how": hit.how.name.lower(),
        "spelling": hit.spelling,
        "guarded": hit.guarded,
        "write": f"place: {hit.place.id}",
    }


def _summary_as_json(one: KnownPlace, places: Places) -> dict[str, Any]:
    outer = [each.id for each in around(one, places)]
    return {"id": one.id, "name": dict(one.name), "kind": one.kind, "within": outer}


def place_as_json(one: KnownPlace, places: Places) -> dict[str, Any]:
    point = describe.coordinates(one.id)
    return {
        **_summary_as_json(one, places),
        "lat": point[0] if point else None,
        "lon": point[1] if point else None,
        "terms": list(one.terms),
        "inflected": list(one.inflected),
        "guarded": describe.announcers(one),
        "context": [describe.text_of(item) for item in one.context],
        "ban": list(one.ban),
        "inner": [each.id for _, each in below(one.id, directly_within(places))],
        "write": f"place: {one.id}",
    }
