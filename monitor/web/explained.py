"""Explanations in the reader's language: what a clause is called, what is in the way, why a word is not the one sought.

They come as `explain_json` has them. What is not known here stands as it is written there, in English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from markupsafe import Markup, escape

from monitor.alerts.words import Language
from monitor.arabic import arabic
from monitor.language import Lexicon
from monitor.model import FIELDS, FieldName, Span
from monitor.web.noted import Inside, titles_of, with_names
from monitor.web.rule_words import named
from monitor.web.said import in_words
from monitor.web.words import counted, text

# What the parts of a rule are called in explanations (`rules/operators`, `rules/tolls`), by the key of our words.
_TITLES: Final = (
    (re.compile(r"all of these, at most (?P<words>\d+) words between each and the next"), "rules.box.all.words"),
    (re.compile(r"all of these in this order, at most (?P<words>\d+) words .*"), "playground.ordered"),
    (re.compile(r"all of these in one sentence"), "rules.box.all.sentence"),
    (re.compile(r"all of these in the title"), "rules.box.all.title"),
    (re.compile(r"all of these"), "rules.box.all"),
    (re.compile(r"any of these"), "rules.box.any"),
    (re.compile(r"at least (?P<number>\d+) of these"), "rules.box.any.several"),
    (re.compile(r"a score of at least (?P<number>\d+) of these"), "rules.box.any.score"),
    (re.compile(r"the first of these, without the others"), "playground.without"),
)
_NAMED: Final = re.compile(r"(place|event|group) (\S+)")
_MORE: Final = re.compile(r"(\d+) more")
_TOLL: Final = re.compile(r"(killed|wounded) ([<>=]+\d+)(?: \((.+)\))?")
_FIGURE: Final = re.compile(r"\d+ (?:or more|to \d+)")
_ANY: Final = "any of these"
_ALL: Final = "all of these"
_WRITE: Final = "playground.almost.write"
_REASONS: Final = (
    (re.compile(r"the rule does not look at the (?P<field>\w+) for it"), "playground.almost.field"),
    (re.compile(r"a phrase does not reach over the end of a sentence"), "playground.almost.sentence"),
    (re.compile(r"the words of a phrase stand in the order in which they are written"), "playground.almost.order"),
    (re.compile(r"the words of a phrase stand side by side; .*"), "playground.almost.apart"),
    (re.compile(r"the words beside it say that something else is meant \(ban\)"), "playground.almost.ban"),
    (re.compile(r"it has several meanings, and counts close to (?P<what>.+)"), "playground.almost.half"),
    (re.compile(r"a word of its own, though it looks like (?P<what>.+) with particles"), "playground.almost.own"),
    (re.compile(r"no form of (?:the name )?(?P<what>[^:,]+)[:,].*"), "playground.almost.no_form"),
    (
        re.compile(r"it is a spelling of that place, or lies within it; (?P<what>.+) finds it"),
        "playground.almost.place",
    ),
    (re.compile(r"it is (?:the verb|a noun)[:,][^{]*(?P<what>\{.+\}) .*"), _WRITE),
    (re.compile(r"only the word itself and its plural are found; (?P<what>\{.+\}) finds it"), _WRITE),
    (re.compile(r"'exact' takes the word as it stands only; write (?P<what>.+) for all its forms"), _WRITE),
    (re.compile(r"the article is expected where you write it; (?P<what>.+) finds both"), _WRITE),
    (re.compile(r"a plural does not find its singular; (?P<what>.+) finds both"), _WRITE),
)


@dataclass(frozen=True, slots=True)
class Speaker:
    """What templates ask."""

    language: Language
    lexicon: Lexicon

    def title(self, title: str) -> str:
        """Of a clause: a place, event or group by its name; a search text as it is."""
        for pattern, key in _TITLES:
            if found := pattern.fullmatch(title):
                told = found.groupdict()
                if "words" in told:
                    told["number"] = counted(self.language, "count.words", int(told.pop("words")))
                return text(self.language, key, **told)
        if found := _TOLL.fullmatch(title):
            return self._toll(found[1], found[2], found[3] or "")
        if found := _MORE.fullmatch(title):
            return text(self.language, "playground.more", number=found[1])
        if found := _NAMED.fullmatch(title):
            name = named(found[1], found[2], self.lexicon, self.language)
            return text(self.language, f"playground.{found[1]}", name=name)
        return title

    def _toll(self, kind: str, bound: str, note: str) -> str:
        sign = bound.rstrip("0123456789")
        told = text(self.language, f"playground.bound.{sign}", number=bound.removeprefix(sign))
        told = f"{text(self.language, f'rules.box.{kind}')}: {told}"
        note = (arabic(note) if self.language == "ar" else "") or note
        return f"{told} ({note})" if note else told

    def reason(self, reason: str) -> Markup:
        """Why words are not what was sought."""
        for pattern, key in _REASONS:
            if found := pattern.fullmatch(reason):
                told = found.groupdict()
                if "field" in told:
                    told["field"] = text(self.language, f"rules.field.{told['field']}")
                return Markup("{}").format(text(self.language, key, **told))
        return in_words(self.language, reason)

    def how(self, how: str) -> str:
        """The reading of words; of a number of people, what it says."""
        return (arabic(how) if self.language == "ar" and _FIGURE.fullmatch(how) else "") or how

    def note(self, clause: Mapping[str, Any]) -> Markup:
        """How near a clause came, with what its parts are called in the reader's language."""
        note: str = clause["note"]
        inner = {title: self.title(title) for title in titles_of(clause)}
        if self.language == "ar":
            return Markup("{}").format(arabic(note, Inside(note, inner)) or in_words(self.language, note))
        return Markup("{}").format(with_names(note, inner))

    def obstacle(self, obstacle: Mapping[str, Any]) -> Markup:
        t = partial(text, self.language)
        lead = t("playground.missing" if obstacle["kind"] == "missing" else f"playground.obstacle.{obstacle['kind']}")
        if obstacle["kind"] == "excluded":
            return Markup("{} {}").format(lead, self._excluding(obstacle))
        if obstacle["kind"] == "missing" and obstacle["lack"]:
            return Markup('{} <bdi dir="auto">{}</bdi>').format(lead, self._lack(obstacle["lack"]))
        if obstacle["kind"] == "distance" and obstacle["lack"]:
            told = {**obstacle["lack"], "note": obstacle["what"]}
            return Markup("{} {}").format(lead, self.note(told))
        return Markup("{} {}").format(lead, in_words(self.language, obstacle["what"]))

    def said(self, line: Mapping[str, Any]) -> Markup:
        """A line of what makes the difference between two rules."""
        if not line["when"]:
            return in_words(self.language, line["text"])
        when = text(self.language, f"trials.when.{line['when']}")
        if line["title"]:
            found = Markup(" ").join(
                Markup('<q><bdi dir="auto">{}</bdi></q>').format(each) for each in line["surfaces"]
            )
            return Markup('{} <bdi dir="auto">{}</bdi> {}').format(when, self.title(line["title"]), found)
        told = [*map(self.obstacle, line["obstacles"]), *(in_words(self.language, each) for each in line["problems"])]
        return Markup("{} {}").format(when, _joined(text(self.language, "playground.semicolon"), told))

    def _excluding(self, obstacle: Mapping[str, Any]) -> Markup:
        by = Markup('<bdi dir="auto">{}</bdi>').format(self.title(obstacle["by"]))
        if not obstacle["surface"]:
            return by
        return Markup('<q><bdi dir="auto">{}</bdi></q> ({})').format(obstacle["surface"], by)

    def _lack(self, lack: Mapping[str, Any]) -> Markup:
        """The clause; of one that has parts, these, and of a mere choice these alone."""
        title = Markup('<bdi dir="auto">{}</bdi>').format(self.title(lack["title"]))
        if not lack["parts"]:
            return Markup("{} ({})").format(title, self.note(lack)) if lack["note"] else title
        parts = self._parts(lack)
        if lack["title"] == _ANY:
            return parts
        return Markup("{} ({})").format(title, self.note(lack) if lack["note"] else parts)

    def _parts(self, lack: Mapping[str, Any]) -> Markup:
        """Its parts; what they are is said once where all are places, or events, or groups."""
        told = [self._lack(part) for part in lack["parts"]]
        kinds = {found[1] if (found := _NAMED.fullmatch(part["title"])) else "" for part in lack["parts"]}
        if len(kinds) == 1 and "" not in kinds:
            told[1:] = [self._name(part["title"]) for part in lack["parts"][1:]]
        if lack["more"]:
            told.append(Markup("{}").format(text(self.language, "playground.more", number=lack["more"])))
        joint = "playground.and" if lack["title"].startswith(_ALL) else "playground.or"
        comma, last = text(self.language, "playground.comma"), text(self.language, joint)
        return _joined(last, filter(None, [_joined(comma, told[:-1]), told[-1]]))

    def _name(self, title: str) -> Markup:
        kind, _, of = title.partition(" ")
        return Markup('<bdi dir="auto">{}</bdi>').format(named(kind, of, self.lexicon, self.language))


def _joined(between: str, pieces: Iterable[Markup]) -> Markup:
    return escape(between).join(pieces)


def spans_of(told: Sequence[Mapping[str, Any]]) -> list[Span]:
    """Where anything that rules look for was found: of those that match; where none does, of those that nearly do."""
    matching = [one for one in told if one["matches"]] or [one for one in told if one["near_miss"]] or list(told[:1])
    found: list[Span] = []
    for one in matching:
        waiting = [one[box] for box in ("all", "any", "query", "killed", "wounded") if one[box]]
        while waiting:
            clause = waiting.pop()
            waiting += clause["parts"]
            if clause["found"] and not clause["excludes"]:
                found += [_span(each) for each in clause["sightings"]]
    return found


def _span(sighting: Mapping[str, Any]) -> Span:
    field: FieldName = next(name for name in FIELDS if name == sighting["field"])
    return Span(field=field, start=sighting["start"], end=sighting["end"], clause=sighting["term"])
