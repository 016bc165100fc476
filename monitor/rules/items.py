"""What an item of a rule can be, as written. One class an item: its settings, and the value it stands for.

To add an item: one class here, its tag in `KINDS`, a row in docs/rules.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    Discriminator,
    Field,
    PlainValidator,
    RootModel,
    Tag,
    WithJsonSchema,
    model_validator,
)
from typing_extensions import TypeAliasType

from monitor import language
from monitor.language import Location
from monitor.rules import terms
from monitor.rules.names import check_event, check_group, check_place, looked_up
from monitor.rules.never import refuse_never
from monitor.rules.nodes import Block, Scalar
from monitor.rules.problems import Refused, shown
from monitor.rules.shape import (
    TEXT_SCHEMA,
    Count,
    Distance,
    Flag,
    Form,
    FullList,
    OneOrMore,
    Shape,
    StrictLetters,
    Weight,
    one_or_more,
    setting,
)
from monitor.text.terms import idle_strictness

_WORDS = WithJsonSchema(TEXT_SCHEMA)
Words = Annotated[Scalar, PlainValidator(setting(terms.words)), _WORDS]
WordList = Annotated[list[Words], OneOrMore, one_or_more(TEXT_SCHEMA)]
Surface = Annotated[Scalar, PlainValidator(setting(terms.surface)), _WORDS]
Beginning = Annotated[Scalar, PlainValidator(setting(terms.beginning)), _WORDS]
Pattern = Annotated[Scalar, PlainValidator(setting(terms.pattern)), WithJsonSchema({"type": "string", "minLength": 1})]
_NAME: dict[str, Any] = {"type": "string", "minLength": 1}
Places = Annotated[list[Annotated[Scalar, PlainValidator(looked_up(check_place))]], OneOrMore, one_or_more(_NAME)]
Groups = Annotated[list[Annotated[Scalar, PlainValidator(looked_up(check_group))]], OneOrMore, one_or_more(_NAME)]
Events = Annotated[list[Annotated[Scalar, PlainValidator(looked_up(check_event))]], OneOrMore, one_or_more(_NAME)]


class _Block(Shape):
    weight: Weight = Field(default=1, description="What it adds to the score of an 'any' with 'min_score'.")


class _Leaf(_Block):
    """An item that holds no other."""

    def inner(self) -> Sequence[WrittenItem]:
        return ()


class Term(RootModel[Words]):
    """A word in every form it takes in news; several words are a phrase."""

    @property
    def at(self) -> Location:
        return self.root.at

    def inner(self) -> Sequence[WrittenItem]:
        return ()

    def item(self) -> language.Item:
        return language.Term(text=str(self.root))


class Name(_Leaf):
    """A proper name: particles may be attached, nothing may follow."""

    name: Words

    def item(self) -> language.Item:
        return language.Name(text=str(self.name))


class Verb(_Leaf):
    """A verb, written as third person masculine perfect: استهدف."""

    verb: Words

    def item(self) -> language.Item:
        return language.Verb(text=str(self.verb))


class Exact(_Leaf):
    """This word only, as it stands, or these words side by side."""

    exact: Surface

    def item(self) -> language.Item:
        return language.Exact(text=str(self.exact))


class Starts(_Leaf):
    """Every word that begins so; for languages whose endings monitor does not know."""

    starts: Beginning

    def item(self) -> language.Item:
        return language.Starts(text=str(self.starts))


class Regex(_Leaf):
    """A regular expression on the normalized text."""

    regex: Pattern

    def item(self) -> language.Item:
        return language.Regex(pattern=str(self.regex))


class Word(_Leaf):
    """The long form of a word: its own plurals, parts of speech, and words that are never meant."""

    word: Words
    plural: WordList = Field(default_factory=list, description="Irregular plurals.")
    forms: Annotated[list[Form], OneOrMore] = Field(
        default=["noun"], description="What the word is: noun, verb, adjective, feminine."
    )
    ban: WordList = Field(default_factory=list, description="Words in exactly this form that are never meant.")
    strict: Annotated[list[StrictLetters], OneOrMore] = Field(
        default_factory=list, description="Letters that are told apart here: tanwin, hamza, yaa, shadda."
    )

    @model_validator(mode="after")
    def _strict_about_something(self) -> Word:
        if self.word.unset or not self.strict:
            return self
        for letters in idle_strictness(self.item()):
            what = f"strict about {letters}, but no form of '{shown(self.word)}' has it"
            raise Refused("R209", what, f"write the word with the letters that matter, or remove {letters}", self.at)
        return self

    def item(self) -> language.Word:
        return language.Word(
            text=str(self.word),
            plural=_texts(self.plural),
            forms=tuple(self.forms),
            ban=_texts(self.ban),
            strict=tuple(self.strict),
        )


class InPlace(_Leaf):
    """Any spelling of a place, or of a place within it."""

    place: Places = Field(description="The id of one place, or a list of them.")
    exactly: Flag = Field(default=False, description="Leave out the places within it.")

    def item(self) -> language.Item:
        return language.InPlace(ids=_texts(self.place), exactly=self.exactly)


class OfGroup(_Leaf):
    """Any item of a group."""

    group: Groups = Field(description="The id of one group, or a list of them.")

    def item(self) -> language.Item:
        return language.OfGroup(ids=_texts(self.group))


class OfEvent(_Leaf):
    """Any form of a shipped class of events."""

    event: Events = Field(description="The id of one event class, or a list of them.")

    def item(self) -> language.Item:
        return language.OfEvent(ids=_texts(self.event))


class AnyOf(_Block):
    """Any of these; `at_least: 2` for more than one of them, `min_score: 5` for what they weigh together."""

    any: Items
    at_least: Count = Field(default=1, description="How many of them must be found.")
    min_score: Count | None = Field(default=None, description="What the weights of those found must reach together.")

    def inner(self) -> Sequence[WrittenItem]:
        return self.any

    def item(self) -> language.Item:
        return language.AnyOf(
            items=values_of(self.any),
            at_least=self.at_least,
            min_score=self.min_score,
            weights=weights_of(self.any, self.min_score),
        )


class AllOf(_Block):
    """All of these; with `near`, so close together."""

    all: Items
    near: Distance | None = Field(default=None, description="How close together: '5 words', 'sentence' or 'title'.")

    def inner(self) -> Sequence[WrittenItem]:
        return self.all

    def item(self) -> language.Item:
        return language.AllOf(items=values_of(self.all), near=self.near)


class InSentence(_Block):
    """All of these in one sentence; the title is a sentence of its own."""

    sentence: Items

    def inner(self) -> Sequence[WrittenItem]:
        return self.sentence

    def item(self) -> language.Item:
        return language.AllOf(items=values_of(self.sentence), near="sentence")


class InTitle(_Block):
    """An item in the title."""

    title: WrittenItem

    def inner(self) -> Sequence[WrittenItem]:
        return (self.title,)

    def item(self) -> language.Item:
        return language.InField(field="title", item=self.title.item())


class InSummary(_Block):
    """An item in the summary."""

    summary: WrittenItem

    def inner(self) -> Sequence[WrittenItem]:
        return (self.summary,)

    def item(self) -> language.Item:
        return language.InField(field="summary", item=self.summary.item())


class InBody(_Block):
    """An item in the full article."""

    body: WrittenItem

    def inner(self) -> Sequence[WrittenItem]:
        return (self.body,)

    def item(self) -> language.Item:
        return language.InField(field="body", item=self.body.item())


class Alternatives(RootModel["Items"]):
    """A list inside a list: any of them."""

    @property
    def at(self) -> Location:
        return self.root[0].at

    def inner(self) -> Sequence[WrittenItem]:
        return self.root

    def item(self) -> language.Item:
        return language.AnyOf(items=values_of(self.root))


WORDS_ALONE = (Term, Name, Verb, Exact, Starts, Word, Alternatives)
"""What is found by its words alone, and lists."""

# A key that says which item a block is; the first that is there decides.
KINDS = (
    "all", "any", "sentence", "title", "summary", "body", "place", "group", "event", "exact", "starts", "regex",
    "name", "verb", "word",
)  # fmt: skip


def kind_of(written: object) -> str | None:
    """The tag of an item's shape, in `<>` so that no tag is the name of a setting; None for no item at all."""
    if isinstance(written, Scalar):
        return "<text>"
    if isinstance(written, list):
        return "<list>"
    if not isinstance(written, Block):
        return f"<{type(written).__name__.lower()}>"
    return next((f"<{kind}>" for kind in KINDS if kind in written), None)


WrittenItem = TypeAliasType(
    "WrittenItem",
    Annotated[
        Annotated[Term, Tag("<text>")]
        | Annotated[Alternatives, Tag("<list>")]
        | Annotated[AllOf, Tag("<all>")]
        | Annotated[AnyOf, Tag("<any>")]
        | Annotated[InSentence, Tag("<sentence>")]
        | Annotated[InTitle, Tag("<title>")]
        | Annotated[InSummary, Tag("<summary>")]
        | Annotated[InBody, Tag("<body>")]
        | Annotated[InPlace, Tag("<place>")]
        | Annotated[OfGroup, Tag("<group>")]
        | Annotated[OfEvent, Tag("<event>")]
        | Annotated[Exact, Tag("<exact>")]
        | Annotated[Starts, Tag("<starts>")]
        | Annotated[Regex, Tag("<regex>")]
        | Annotated[Name, Tag("<name>")]
        | Annotated[Verb, Tag("<verb>")]
        | Annotated[Word, Tag("<word>")],
        Discriminator(kind_of),
    ],
)
Items = TypeAliasType(
    "Items", Annotated[list[WrittenItem], Field(min_length=1), FullList, AfterValidator(refuse_never)]
)


ITEM_MODELS: Mapping[str, type[Shape]] = {
    "<all>": AllOf, "<any>": AnyOf, "<sentence>": InSentence, "<title>": InTitle, "<summary>": InSummary,
    "<body>": InBody, "<place>": InPlace, "<group>": OfGroup, "<event>": OfEvent, "<exact>": Exact, "<starts>": Starts,
    "<regex>": Regex, "<name>": Name, "<verb>": Verb, "<word>": Word,
}  # fmt: skip


def values_of(items: Sequence[Any]) -> tuple[language.Item, ...]:
    return tuple(item.item() for item in items)


def weights_of(items: Sequence[Any], min_score: int | None) -> tuple[int, ...]:
    """Beside the items; none where nothing is scored. What is written without a block weighs 1."""
    return () if min_score is None else tuple(getattr(item, "weight", 1) for item in items)


def plain_values_of(items: Sequence[Any]) -> tuple[language.Plain, ...]:
    """The words of a list of `WORDS_ALONE`, those of lists within it too."""
    return tuple(item.item() for item in walk(items) if not isinstance(item, Alternatives))


def walk(items: Sequence[Any]) -> Iterator[Any]:
    """Every item, boxes before what is in them."""
    for item in items:
        yield item
        yield from walk(item.inner())


def _texts(written: Sequence[Scalar]) -> tuple[str, ...]:
    return tuple(str(one) for one in written)


__all__ = [
    "ITEM_MODELS", "KINDS", "WORDS_ALONE", "Items", "WordList", "WrittenItem", "kind_of", "plain_values_of",
    "values_of", "walk", "weights_of",
]  # fmt: skip
