"""What a rule looks for, in words for people who write no code: a tree of lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, assert_never

from monitor.alerts.words import Language
from monitor.language import (
    AllOf,
    AnyOf,
    Bound,
    Exact,
    InField,
    InPlace,
    Item,
    Lexicon,
    Name,
    Near,
    OfEvent,
    OfGroup,
    Regex,
    Rule,
    Starts,
    Term,
    Verb,
    Without,
    Word,
)
from monitor.web.group_names import group_name
from monitor.web.words import counted, text

_COMPARED: Final = {">=": "≥", ">": ">", "=": "=", "<": "<", "<=": "≤"}


@dataclass(frozen=True, slots=True)
class Line:
    """`lead` is ours, in the reader's language; `what` what the author wrote, or the name of a place or class. Lines
    below it belong to it."""

    lead: str
    what: tuple[str, ...] = ()
    below: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """`name`: all, any, none, query, killed, wounded. `title` says what of its lines must be found."""

    name: str
    title: str
    lines: tuple[Line, ...]


def in_words(rule: Rule, lexicon: Lexicon, language: Language) -> tuple[Box, ...]:
    """Only the boxes that the rule has."""
    t = partial(text, language)
    line = partial(_line, lexicon=lexicon, language=language)
    boxes = [
        Box("all", _all_title(rule.near, language), tuple(map(line, rule.all))),
        Box("any", _any_title(rule, t), _weighed(tuple(map(line, rule.any)), rule.weights, t)),
        Box("query", t("rules.box.query"), (line(rule.query),) if rule.query is not None else ()),
        *(Box(name, t(f"rules.box.{name}"), _people(bound)) for name, bound in _tolls(rule).items()),
        Box("none", t("rules.box.none"), tuple(map(line, rule.none))),
    ]
    return tuple(box for box in boxes if box.lines)


def named(kind: str, of: str, lexicon: Lexicon, language: Language) -> str:
    """A place, an event class or a group by what people call it; its id where it has no name."""
    names: Mapping[str, str] = {}
    if kind == "place" and of in lexicon.places:
        names = lexicon.places[of].name
    elif kind == "event" and of in lexicon.events:
        names = lexicon.events[of].title
    elif kind == "group":
        return group_name(of, lexicon, language)
    return names.get(language) or names.get("en") or of


def _tolls(rule: Rule) -> dict[str, Bound]:
    return {name: bound for name, bound in (("killed", rule.killed), ("wounded", rule.wounded)) if bound is not None}


def _people(bound: Bound) -> tuple[Line, ...]:
    return (Line("", (f"{_COMPARED[bound.comparison]} {bound.number}",)),)


def _all_title(near: Near | None, language: Language) -> str:
    if near is None:
        return text(language, "rules.box.all")
    if isinstance(near, str):
        return text(language, f"rules.box.all.{near}")
    return text(language, "rules.box.all.words", number=counted(language, "count.words", near))


def _any_title(rule: Rule | AnyOf, t: Callable[..., str]) -> str:
    if rule.min_score is not None:
        return t("rules.box.any.score", number=rule.min_score)
    return t("rules.box.any.several", number=rule.at_least) if rule.at_least > 1 else t("rules.box.any")


def _weighed(lines: tuple[Line, ...], weights: Sequence[int], t: Callable[..., str]) -> tuple[Line, ...]:
    if not weights:
        return lines
    return tuple(
        Line(" ".join(filter(None, (t("rules.item.weight", number=weight), line.lead))), line.what, line.below)
        for line, weight in zip(lines, weights, strict=True)
    )


def _line(item: Item, *, lexicon: Lexicon, language: Language) -> Line:
    t = partial(text, language)
    below = partial(_line, lexicon=lexicon, language=language)
    match item:
        case Term(text=words):
            return Line("", (words,))
        case Name(text=words) | Verb(text=words) | Exact(text=words) | Starts(text=words):
            return Line(t(f"rules.item.{type(item).__name__.lower()}"), (words,))
        case Regex(pattern=pattern):
            return Line(t("rules.item.regex"), (pattern,))
        case Word():
            return Line(t("rules.item.word"), (item.text, *item.plural), _banned(item, t))
        case InPlace():
            lead = t("rules.item.place.exactly" if item.exactly else "rules.item.place")
            return Line(lead, tuple(named("place", each, lexicon, language) for each in item.ids))
        case OfGroup():
            return Line(t("rules.item.group"), tuple(named("group", each, lexicon, language) for each in item.ids))
        case OfEvent():
            return Line(t("rules.item.event"), tuple(named("event", each, lexicon, language) for each in item.ids))
        case AnyOf():
            if all(isinstance(each, Term) for each in item.items) and item.at_least == 1 and item.min_score is None:
                return Line("", tuple(each.text for each in item.items if isinstance(each, Term)))
            return Line(_any_title(item, t), (), _weighed(tuple(map(below, item.items)), item.weights, t))
        case AllOf():
            return Line(_all_title(item.near, language), (), tuple(map(below, item.items)))
        case Without():
            inner = below(item.item)
            unwanted = Line(t("rules.item.without"), (), tuple(map(below, item.unwanted)))
            return Line(inner.lead, inner.what, (*inner.below, unwanted))
        case InField():
            inner = below(item.item)
            lead = t(f"rules.item.in.{item.field}")
            if inner.lead:
                return Line(lead, (), (inner,))
            return Line(lead, inner.what, inner.below)
        case other:
            assert_never(other)


def _banned(item: Word, t: Callable[..., str]) -> tuple[Line, ...]:
    return (Line(t("rules.item.ban"), item.ban),) if item.ban else ()
