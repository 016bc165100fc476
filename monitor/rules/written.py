"""A rules file as its author writes it: sections, their settings, and what each may hold. The descriptions are what
editors show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema, model_validator

from monitor.model import Severity
from monitor.rules import values
from monitor.rules.items import ITEM_MODELS, Items
from monitor.rules.nodes import Block, Node, Scalar
from monitor.rules.problems import Refused, shown
from monitor.rules.shape import (
    Duration,
    Every,
    Id,
    MessageLanguage,
    SeverityName,
    Shape,
    SomeDuration,
    Text,
    Timezone,
    setting,
)
from monitor.rules.written_names import (
    Channels,
    Fields,
)
from monitor.rules.written_parts import (
    Heartbeat,
    WrittenChannel,
    WrittenFeed,
    WrittenHeartbeat,
    WrittenPlace,
    WrittenQuietHours,
    WrittenSource,
    WrittenTemplates,
)
from monitor.rules.written_rule import (
    Sample,
    WrittenAcknowledge,
    WrittenEscalate,
    WrittenInhibit,
    WrittenRule,
    WrittenTest,
)
from monitor.rules.written_web import WrittenTrust, WrittenWeb

VERSION = 1
_SECTIONS = (
    "heartbeat",
    "web",
    "templates",
    "include",
    "defaults",
    "feeds",
    "sources",
    "places",
    "groups",
    "rules",
    "channels",
)


class Defaults(Shape):
    """What rules and feeds of this file have unless they say otherwise."""

    every: Every = Field(default=timedelta(minutes=5), description="How often a feed is asked.")
    severity: SeverityName = Field(default=Severity.MEDIUM, description="How much a rule matters.")
    search_in: Fields = Field(default=["title", "summary"], description="The parts of an entry that are searched.")
    max_age: SomeDuration = Field(default=timedelta(hours=24), description="Older entries are never announced.")
    throttle: Duration = Field(default=timedelta(minutes=30), description="How long updates of one story wait.")
    notify: Channels = Field(default_factory=list, description="The channels that are told.")


def _a_list(written: object) -> object:
    if isinstance(written, list):
        return written
    raise Refused("R207", "this must be a list", "put each one on a line of its own, beginning with '- '")


def _version(written: Scalar) -> int:
    if values.whole_number(written, least=0) == VERSION:
        return VERSION
    raise Refused("R209", f"version {shown(written)} of the rule language is not known", f"write version: {VERSION}")


def _named_blocks(written: object) -> object:
    if isinstance(written, Block):
        return written
    raise Refused(
        "R207", "this must be a block of names", "write 'name:' lines, without '- ', and indent what belongs to each"
    )


Version = Annotated[int, PlainValidator(setting(_version)), WithJsonSchema({"const": VERSION})]
NamedBlocks = BeforeValidator(_named_blocks)
AList = BeforeValidator(_a_list)


class RulesFile(Shape):
    """Feeds, words, rules and channels of monitor."""

    version: Version = Field(description="The version of the rule language: 1.")
    timezone: Timezone | None = Field(default=None, description="Of the times in messages and of `expires`.")
    language: MessageLanguage | None = Field(default=None, description="Of the messages: ar, en or both.")
    heartbeat: Heartbeat | None = Field(
        default=None, description='An address elsewhere that is asked as long as all is well: "${HEARTBEAT_URL}".'
    )
    web: WrittenWeb | None = Field(
        default=None, description="Where people reach the pages, so that messages have links, and who may look."
    )
    templates: WrittenTemplates | None = Field(
        default=None, description="Own templates for messages, by format: paths relative to this file."
    )
    include: Annotated[list[Text], AList] = Field(
        default_factory=list, description="More files of the same shape, relative to this one."
    )
    defaults: Defaults | None = Field(
        default=None, description="What rules and feeds of this file have unless they say otherwise."
    )
    feeds: Annotated[list[WrittenFeed], AList] = Field(default_factory=list, description="The news feeds to read.")
    sources: Annotated[dict[Id, WrittenSource], NamedBlocks] = Field(
        default_factory=dict, description="Newsrooms of your own and who owns them, by id."
    )
    places: Annotated[dict[Id, WrittenPlace], NamedBlocks] = Field(
        default_factory=dict, description="Places of your own, by id."
    )
    groups: Annotated[dict[Id, Items], NamedBlocks] = Field(
        default_factory=dict, description="Lists of words for several rules, by id."
    )
    rules: Annotated[list[WrittenRule], AList] = Field(default_factory=list, description="What to look for.")
    channels: Annotated[dict[Id, WrittenChannel], NamedBlocks] = Field(
        default_factory=dict, description="Where alerts go, by id."
    )

    @model_validator(mode="before")
    @classmethod
    def _drop_empty_sections(cls, data: Node) -> Node:
        """A section in which everything is commented out is no section."""
        if not isinstance(data, Block):
            return data
        kept = Block(data.at)
        for key, value in data.items():
            if not (key in _SECTIONS and isinstance(value, Scalar) and value.nothing):
                kept[key] = value
        return kept


_SECTION_MODELS: Mapping[str, type[Shape]] = {
    "rules": WrittenRule,
    "feeds": WrittenFeed,
    "sources": WrittenSource,
    "places": WrittenPlace,
    "channels": WrittenChannel,
    "defaults": Defaults,
    "heartbeat": WrittenHeartbeat,
    "web": WrittenWeb,
    "templates": WrittenTemplates,
}


def setting_names(path: tuple[int | str, ...]) -> tuple[str, ...]:
    """The settings that the block at a path of the file may have (a path as validation errors give it)."""
    last = path[-1] if path else ""
    if isinstance(last, str) and last.startswith("<"):
        return ITEM_MODELS[last].setting_names()
    if last in ("match", "no_match"):
        return Sample.setting_names()
    if last == "escalate":
        return WrittenEscalate.setting_names()
    if last == "inhibit":
        return WrittenInhibit.setting_names()
    if last == "acknowledge":
        return WrittenAcknowledge.setting_names()
    if last == "quiet_hours":
        return WrittenQuietHours.setting_names()
    if last == "trust":
        return WrittenTrust.setting_names()
    if "tests" in path:
        return WrittenTest.setting_names()
    return _SECTION_MODELS.get(str(path[0]), RulesFile).setting_names() if path else RulesFile.setting_names()
