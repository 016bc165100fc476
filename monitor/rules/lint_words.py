"""Weak spots of search texts: those with several meanings, those that are names, those that add nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from monitor.language import KnownPlace, Location
from monitor.lexicon.traps import Trap
from monitor.rules import terms
from monitor.rules.atoms import Atom, places_within
from monitor.rules.context import lacking_context
from monitor.rules.items import Exact, InPlace, Name, Starts, Term, Verb, Word, walk
from monitor.rules.linted import Linted, item_lists, searching
from monitor.rules.nodes import Scalar
from monitor.rules.place_names import is_guarded, missed, places_called
from monitor.rules.problems import Report, shown
from monitor.rules.traps import trap_of
from monitor.text.document import read_text
from monitor.text.fold import unify_ta
from monitor.text.tokens import tokenize

_ARABIC = re.compile("[\u0620-\u06ff]")
_NAMED = 3  # places of one name, before they are counted only
_EXAMPLES = 2  # spellings
Single = Term | Name | Verb | Exact | Starts | Word


def check_words(config: Linted, report: Report) -> None:
    queries = [rule.query for file in config.written for rule in file.rules if rule.query]
    of_queries = {id(item) for query in queries for item in walk(query.inner())}
    for items, choice in item_lists(config.written):
        _twice(items, report)
        if choice:
            _covered(items, report)
        for item in items:
            if isinstance(item, Single):
                _never_found(item, report)
            elif isinstance(item, InPlace):
                _place_within_another(item, config.lexicon.places, report)
    for items in searching(config.written):
        for item in walk(items):
            if isinstance(item, Term):
                _short(item.root, report)
            if isinstance(item, Term | Name):
                _name_of_place(item, config.lexicon.places, report, in_query=id(item) in of_queries)
    for word, rule_id in lacking_context(config):
        trap = trap_of(word)
        if trap and not places_called(word, config.lexicon.places):
            _tell_trap(word, trap, rule_id, report)


def _twice(items: Sequence[Any], report: Report) -> None:
    first: dict[tuple[str, ...], Scalar] = {}
    for term in (item.root for item in items if isinstance(item, Term)):
        known = first.setdefault(_folded(term), term)
        if known is not term:
            what = f"«{shown(term)}» stands twice in one list (first on line {known.at.line})"
            report.warning(
                term.at, "R411", what, "remove one: spellings with and without hamza or marks are the same word"
            )


def _covered(items: Sequence[Any], report: Report) -> None:
    """A search text that another one of the list finds anyway; the shortest such is told."""
    singles = sorted((item for item in items if isinstance(item, Single)), key=lambda item: len(text_of(item)))
    for inner in singles:
        for outer in singles:
            if outer is not inner and _covers(outer, inner) and not (_covers(inner, outer) and _later(outer, inner)):
                what = f"{_as_written(inner)} is found by {_as_written(outer)} already"
                remedy = f"remove it: {_why_covered(outer)}"
                report.warning(_at(inner), "R420", what, remedy)
                break


def _covers(outer: Single, inner: Single) -> bool:
    """Whether what is written as `inner` is an occurrence of `outer`, from its first word to its last."""
    if not _takes_as_much(outer, inner):
        return False
    if _folded(text_of(outer)) == _folded(text_of(inner)) and type(outer) is type(inner):
        return False
    text = read_text(text_of(inner))
    found = Atom("", outer.item()).at(text, 0)  # type: ignore[arg-type]
    return any(one.last == len(text.tokens) for one in found)


def _takes_as_much(outer: Single, inner: Single) -> bool:
    """Whether a search text of the one kind finds every form that the other finds, once it finds the word itself.

    The noun منع and the verb منع are the same letters, and neither finds the other's forms.
    """
    if isinstance(inner, Starts):
        return False
    if isinstance(inner, Exact):
        return True
    match outer:
        case Exact():
            return False
        case Name():
            return isinstance(inner, Name)
        case Verb():
            return isinstance(inner, Verb)
        case Starts():
            return not _ARABIC.match(text_of(inner))  # it takes nothing in front, as Arabic words do
        case Word():
            return not outer.ban and not outer.strict and _forms(inner) <= _forms(outer)
        case _:
            return _forms(inner) <= _forms(outer)


def _forms(item: Single) -> frozenset[str]:
    """The parts of speech in which it is looked for."""
    if isinstance(item, Word):
        return frozenset(item.forms)
    return frozenset(("verb" if isinstance(item, Verb) else "noun",))


def _as_written(item: Single) -> str:
    """As its author knows it: two kinds of search text may have the same letters."""
    text = shown(text_of(item))
    return f"«{text}»" if isinstance(item, Term) else f"{{{type(item).__name__.lower()}: {text}}}"


def _later(outer: Single, inner: Single) -> bool:
    return (_at(outer).line, _at(outer).column) > (_at(inner).line, _at(inner).column)


def _why_covered(outer: Single) -> str:
    if isinstance(outer, Starts):
        return "'starts' finds every word that begins so"
    return "a word finds its forms by itself; write {exact: …} where one form alone is meant"


def _place_within_another(item: InPlace, places: Mapping[str, KnownPlace], report: Report) -> None:
    for inner in item.place if not item.exactly else ():
        for outer in item.place:
            if inner != outer and str(inner) in places_within(str(outer), places):
                what = f"the place '{inner}' lies within '{outer}', which finds it already"
                report.warning(inner.at, "R420", what, f"remove it, or write {{place: {outer}, exactly: true}}")


def _never_found(item: Single, report: Report) -> None:
    text = read_text(text_of(item))
    if text.tokens and text.sentence(len(text.tokens) - 1) > 0:
        what = f"«{shown(text_of(item))}» can never be found: there is the end of a sentence in it"
        report.warning(
            _at(item), "R428", what, "a phrase stands in one sentence; put its parts under 'all' with 'near'"
        )


def _short(word: Scalar, report: Report) -> None:
    if terms.length(word) == 2:
        what = f"«{shown(word)}» has two letters, and its forms are many"
        report.warning(word.at, "R406", what, f"write {{exact: {shown(word)}}}, or a longer phrase around it")


# --- names of places ---------------------------------------------------------------------------------------------


def _name_of_place(item: Term | Name, known: Mapping[str, KnownPlace], report: Report, *, in_query: bool) -> None:
    text = text_of(item)
    places = places_called(text, known)
    if not places:
        return
    guarded = all(is_guarded(text, place) for place in places)
    if isinstance(item, Name) and not guarded:
        return  # a name is found as a name; that a place has more spellings is no weak spot
    also = _also(text) if guarded else ""
    kind = "as a name alone it is found there, too" if isinstance(item, Name) else _misses(text, places)
    what = f"«{shown(text)}» is the name of a place: {also or kind}"
    remedy = f"write {_line(places, in_query=in_query)}, which knows every spelling"
    remedy += " and when the place is meant" if guarded else _inner(places, known)
    report.warning(_at(item), "R421", what, remedy)


def _line(places: Sequence[KnownPlace], *, in_query: bool) -> str:
    """As it is to be written."""
    ids = [place.id for place in places][:_NAMED]
    if in_query:
        return " OR ".join(f"place:{each}" for each in ids)
    named = ids[0] if len(ids) == 1 else f"[{', '.join(ids)}]"
    return f"- place: {named} (in brackets: {{place: {named}}})"


def _misses(text: str, places: Sequence[KnownPlace]) -> str:
    names = missed(text, places)
    if not names:
        return "as a word it takes endings"
    return f"as a word it misses other spellings, such as {', '.join(f'«{name}»' for name in names[:_EXAMPLES])}"


def _inner(places: Sequence[KnownPlace], known: Mapping[str, KnownPlace]) -> str:
    has_inner = any(other.within == place.id for place in places for other in known.values())
    return " and the places within it ('exactly: true' leaves those out)" if has_inner else ""


def _also(text: str) -> str:
    trap = trap_of(text)
    return f"it also means {trap.also['en']}" if trap else "it is an ordinary word as well"


# --- several meanings --------------------------------------------------------------------------------------------


def _tell_trap(word: Scalar, trap: Trap, rule_id: str, report: Report) -> None:
    if trap.event:
        remedy = f"write - event: {trap.event}, which has it with what makes it one; or a phrase, e.g. «{trap.say}»"
    else:
        remedy = f"write a phrase, e.g. «{trap.say}», or have something else under 'all' that tells them apart"
    what = f"«{shown(word)}» also means {trap.also['en']}, and nothing else in the rule '{rule_id}' tells them apart"
    report.warning(word.at, "R405", what, remedy)


# --- single items ------------------------------------------------------------------------------------------------


def text_of(item: Single) -> Scalar:
    match item:
        case Term():
            return item.root
        case Name():
            return item.name
        case Verb():
            return item.verb
        case Exact():
            return item.exact
        case Starts():
            return item.starts
        case Word():
            return item.word


def _at(item: Single) -> Location:
    return text_of(item).at


def _folded(text: str) -> tuple[str, ...]:
    return tuple(unify_ta(token.folded) for token in tokenize(text))
