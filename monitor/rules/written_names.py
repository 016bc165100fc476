"""What several sections of a rules file are written with: names of things, texts by language, lists."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, PlainValidator, WithJsonSchema

from monitor.rules import terms, values
from monitor.rules.names import check_channel, check_feed, check_place, check_rule, looked_up, warn_of_near_source
from monitor.rules.nodes import Scalar
from monitor.rules.problems import Refused
from monitor.rules.query import Query, query
from monitor.rules.query_words import LIKE
from monitor.rules.shape import (
    TEXT_SCHEMA,
    FieldSetting,
    LanguageCode,
    OneOrMore,
    Text,
    one_or_more,
    setting,
)

_CODE: dict[str, object] = {"type": "string", "minLength": 2, "examples": ["ar", "en", "ckb"]}
_FIELDS: dict[str, object] = {"enum": ["title", "summary", "body"]}
_NAME: dict[str, object] = {"type": "string", "minLength": 1}
PlaceName = Annotated[Scalar, PlainValidator(looked_up(check_place)), WithJsonSchema(_NAME)]
ChannelName = Annotated[Scalar, PlainValidator(looked_up(check_channel)), WithJsonSchema(_NAME)]
FeedName = Annotated[Scalar, PlainValidator(looked_up(check_feed)), WithJsonSchema(_NAME)]
RuleName = Annotated[Scalar, PlainValidator(looked_up(check_rule)), WithJsonSchema(_NAME)]
Source = Annotated[Scalar, PlainValidator(looked_up(warn_of_near_source)), WithJsonSchema(_NAME)]
Channels = Annotated[list[ChannelName], OneOrMore, one_or_more(_NAME)]
Feeds = Annotated[list[FeedName], OneOrMore, one_or_more(_NAME)]
RuleNames = Annotated[list[RuleName], OneOrMore, one_or_more(_NAME)]
Codes = Annotated[list[LanguageCode], OneOrMore, one_or_more(_CODE)]
Fields = Annotated[list[FieldSetting], OneOrMore, one_or_more(_FIELDS)]


def _titles(written: object) -> object:
    """One text, or one per language; a text in no stated language has the key ''."""
    if isinstance(written, Scalar):
        return {"": values.text(written)}
    if isinstance(written, dict) and not written:
        raise Refused("R210", "nothing is written here", "write a text, or one per language: {ar: …, en: …}")
    if not isinstance(written, dict):
        raise Refused("R207", "a text, or one per language, is expected here", "write {ar: …, en: …} or a single text")
    return dict(written)


def _language_key(written: object) -> str:
    return values.language_code(str(written)) if written else ""


LanguageKey = Annotated[str, PlainValidator(_language_key)]
_TITLES = WithJsonSchema(
    {
        "anyOf": [TEXT_SCHEMA, {"type": "object", "minProperties": 1, "additionalProperties": TEXT_SCHEMA}],
        "examples": [{"ar": "اشتباكات قرب مطار دير الزور", "en": "Clashes near Deir ez-Zor airport"}],
    }
)
Titles = Annotated[dict[LanguageKey, Text], BeforeValidator(_titles), _TITLES]
Spellings = Annotated[
    list[Annotated[Scalar, PlainValidator(setting(terms.spelling))]], OneOrMore, one_or_more(TEXT_SCHEMA)
]
Names = Annotated[
    dict[LanguageKey, Annotated[Scalar, PlainValidator(setting(terms.spelling))]], BeforeValidator(_titles), _TITLES
]


WrittenQuery = Annotated[
    Query,
    PlainValidator(query),
    WithJsonSchema({"type": "string", "minLength": 1, "examples": [LIKE]}),
]
