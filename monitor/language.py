"""The rule language as values: what a rules file says once it has been read and found sound.

`rules.schema` reads files into these; `rules.matcher` compiles these. Terms stand as their author wrote them:
folding is the matcher's business. `at` is where the thing was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from monitor.model import FieldName, Rhythm, Severity


@dataclass(frozen=True, slots=True)
class Location:
    """Where in which file; both count from 1."""

    file: str
    line: int
    column: int


NOWHERE = Location("", 0, 0)

# --- items ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A common noun, in every form it takes in news; several words are a phrase of adjacent words."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A proper name: particles may be attached, nothing may follow, spaces may be missing."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """A verb, given as third person masculine perfect."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exact:
    """This surface word, or these side by side, after folding; و ف ب ل may be attached to the first of several."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Starts:
    """A word that starts so, after folding."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Regex:
    """A pattern on the folded text; it compiled when the file was read."""

    pattern: str


WordForm = Literal["noun", "verb", "adjective", "feminine"]
Strictness = Literal["tanwin", "hamza", "yaa", "shadda"]  # letters that are told apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """The long form. `feminine` in `forms`: a masculine word that also takes ة and ات (persons)."""

    text: str
    plural: tuple[str, ...] = ()
    forms: tuple[WordForm, ...] = ("noun",)
    ban: tuple[str, ...] = ()  # surface words that are never this word
    strict: tuple[Strictness, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InPlace:
    """Any spelling of one of these places or, unless `exactly`, of a place within them. The ids exist."""

    ids: tuple[str, ...]
    exactly: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OfGroup:
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfEvent:
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """At least so many of the items; or, with a `min_score`, so many that their weights together reach it.

    `weights` stand beside `items`; empty where each weighs 1.
    """

    items: tuple[Item, ...]
    at_least: int = 1
    min_score: int | None = None
    weights: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf:
    """Every item; with `near`, all in one field and so close. `near='sentence'` is one sentence.

    `ordered`, beside a `near` in words: each item behind the one before it.
    """

    items: tuple[Item, ...]
    near: Near | None = None
    ordered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Without:
    """The item, where none of `unwanted` is in the same searched fields."""

    item: Item
    unwanted: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InField:
    field: FieldName
    item: Item


Near = int | Literal["sentence", "title"]  # an int: at most so many words between each span and the next
Plain = Term | Name | Verb | Exact | Starts | Word  # what is found by its words alone
Item = Plain | Regex | InPlace | OfGroup | OfEvent | AnyOf | AllOf | Without | InField

# --- shipped and own knowledge -------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPlace:
    """One place of the gazetteer. `terms` are the spellings that are it wherever they stand, names included;
    `inflected` those whose language puts endings on names (Turkish, Russian, Persian, Kurdish, Hebrew).

    `guarded` are spellings that are something else as well, and in neither of those two unless they take endings, too:
    they count near one of `context`. `announced` are these behind words that announce a place (مدينة الباب), which
    need no context. Over one of `ban` (words, or words side by side) no spelling is the place.
    """

    id: str
    name: Mapping[str, str]  # language -> name; 'ar' and 'en' at least
    terms: tuple[str, ...]
    inflected: tuple[str, ...] = ()
    guarded: tuple[str, ...] = ()
    announced: tuple[str, ...] = ()
    context: tuple[Plain, ...] = ()
    ban: tuple[str, ...] = ()
    within: str | None = None
    kind: str = ""
    lat: float | None = None  # degrees, WGS 84
    lon: float | None = None
    pcode: str = ""  # of OCHA's common operational datasets, where there is one
    at: Location = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    id: str
    items: tuple[Item, ...]
    at: Location = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class EventClass:
    """One class of the event lexicon; `title` is for people, `items` what tells of it in any language.

    `hints` stand in reports of it and in many others: who does it, where, with what. Rules that ask for the class look
    for them as well, for a missed alert can cost lives; as a fact they tell nothing.
    """

    id: str
    title: Mapping[str, str]
    items: tuple[Item, ...]
    hints: tuple[Item, ...] = ()

    @property
    def words(self) -> tuple[Item, ...]:
        """What rules look for."""
        return (*self.items, *self.hints)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A side, service or group that acts; `items` find it in any language. `within`: the actor it is a part of."""

    id: str
    title: Mapping[str, str]
    items: tuple[Item, ...]
    within: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom:
    """Who publishes. `owner` is who counts as one voice: its own id where nobody else owns it.

    `agency`: others print what it sells. `hosts` are its domains, without 'www.'; `credits` the spellings by which
    others name it as their source.
    """

    id: str
    name: Mapping[str, str]
    owner: str
    agency: bool = False
    hosts: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()
    at: Location = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Everything a rule may name, and what else is known of the region; shipped and own together, by id."""

    places: Mapping[str, KnownPlace] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    events: Mapping[str, EventClass] = field(default_factory=dict)
    actors: Mapping[str, Actor] = field(default_factory=dict)
    newsrooms: Mapping[str, Newsroom] = field(default_factory=dict)


# --- rules ---------------------------------------------------------------------------------------


Comparison = Literal[">=", ">", "=", "<", "<="]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What a number of people must be. A report that says 'more than ten' is all that it may be: it meets '>=12'."""

    comparison: Comparison
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalate:
    """With so many independent sources, the last of them at most `within` after the first report."""

    sources: int
    within: timedelta
    to: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge:
    """Whoever is told must say so within this time, else the next of these channels is told, and so on."""

    within: timedelta
    then: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inhibit:
    """While a story of this rule is fresh, those of `rules` (ids, or 'tag:…') are recorded and not told. `same`: only
    where they share it."""

    rules: tuple[str, ...]
    lasts: timedelta
    same: Literal["country", "place", "event"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """So many stories within a time; or, with `surge`, so many times what the same hours of four weeks brought."""

    within: timedelta
    count: int | None = None
    surge: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """No new entry from any of the rule's feeds (that holds for the rule, if it looks for something) for so long."""

    lasts: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTest:
    """A text that the rule must (`matches`) or must not match, as a title unless the author gave fields."""

    matches: bool
    fields: Mapping[FieldName, str]
    because: str = ""
    at: Location = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule with its defaults filled in. `title` maps a language to a text, '' for a text in no stated language.

    `feeds` empty means every feed; otherwise feed ids and `tag:…`. `notify` empty means the console.
    """

    id: str
    title: Mapping[str, str]
    severity: Severity
    all: tuple[Item, ...] = ()
    any: tuple[Item, ...] = ()
    none: tuple[Item, ...] = ()
    at_least: int = 1  # of `any`; or so many that their `weights` together reach `min_score`, as in `AnyOf`
    min_score: int | None = None
    weights: tuple[int, ...] = ()
    near: Near | None = None
    query: Item | None = None  # must be found like the items of `all`, and is not bound by `near`
    search_in: tuple[FieldName, ...] = ("title", "summary")
    feeds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    max_age: timedelta = timedelta(hours=24)
    throttle: timedelta = timedelta(minutes=30)
    expires: date | None = None  # the last day on which it looks, in the file's time zone
    killed: Bound | None = None
    wounded: Bound | None = None
    min_sources: int = 1
    escalate: Escalate | None = None
    digest: Rhythm | None = None
    acknowledge: Acknowledge | None = None
    inhibit: Inhibit | None = None
    kind: Volume | Silence | None = None  # None: it tells of stories
    enabled: bool = True
    notify: tuple[str, ...] = ()
    tests: tuple[RuleTest, ...] = ()
    owner: str = ""
    tags: tuple[str, ...] = ()
    description: str = ""
    false_positives: tuple[str, ...] = ()
    at: Location = NOWHERE

    @property
    def seeks(self) -> bool:
        """Whether a text can match it: a silence may be that of whole feeds."""
        return bool(self.all or self.any or self.query is not None or self.killed or self.wounded)
