"""A rules file as its author writes it: sections, their settings, and what each may hold. The descriptions are what
editors show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, WithJsonSchema, model_validator

from monitor.model import Severity
from monitor.rules import addresses, terms, values
from monitor.rules.items import ITEM_MODELS, WORDS_ALONE, Items, WordList, walk
from monitor.rules.names import check_channel, check_feed, check_place, check_rule, looked_up, warn_of_near_source
from monitor.rules.never import NEVER, REMEDY, can_hold
from monitor.rules.nodes import Block, Node, Scalar
from monitor.rules.problems import Refused, shown
from monitor.rules.query import Query, query
from monitor.rules.query_words import LIKE
from monitor.rules.shape import (
    TEXT_SCHEMA,
    Canary,
    Count,
    Day,
    Digest,
    Distance,
    Duration,
    Every,
    FieldSetting,
    Flag,
    FullList,
    Id,
    LanguageCode,
    MessageLanguage,
    NumberOfPeople,
    NumberOfStories,
    OneOrMore,
    Purpose,
    RateOfMessages,
    RuleKind,
    SeverityName,
    Shape,
    Shared,
    SomeDuration,
    Sources,
    Surge,
    Text,
    Texts,
    TimeOfDay,
    TimeToAnswer,
    Timezone,
    one_or_more,
    setting,
)
from monitor.text.guarded import covers

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


class Sample(Shape):
    """A text as an entry: its title, summary and body."""

    title: Text | None = None
    summary: Text | None = None
    body: Text | None = None


def _sample(written: Node) -> Node:
    """A text alone is a title."""
    if not isinstance(written, Scalar):
        return written
    block = Block(written.at)
    block[Scalar.make("title", written.at)] = values.text(written)
    return block


SampleOrText = Annotated[Sample, BeforeValidator(_sample, json_schema_input_type=Sample | Text)]


class WrittenTest(Shape):
    """A text that the rule must match, or must not."""

    match: SampleOrText | None = Field(
        default=None, description="A headline, or {title, summary, body}, that the rule must match."
    )
    no_match: SampleOrText | None = Field(default=None, description="One that it must not match.")
    because: Text | None = Field(default=None, description="Why, for the next reader.")

    @model_validator(mode="after")
    def _one_of_them(self) -> WrittenTest:
        if (self.match is None) == (self.no_match is None):
            what = "a test has either 'match' or 'no_match'"
            raise Refused("R208", what, "write '- match: …' and '- no_match: …' as two tests", self.at)
        return self


class WrittenEscalate(Shape):
    """When a story matters more than its rule says."""

    sources: Sources = Field(description="So many independent sources tell it.")
    within: SomeDuration = Field(description="The last of them at most so long after the first report.")
    to: SeverityName = Field(description="The severity that it has from then on.")


class WrittenInhibit(Shape):
    """Rules that are quiet while a story of this one is fresh."""

    rules: RuleNames = Field(description="Their ids, or tag:name.")
    lasts: SomeDuration = Field(alias="for", description="How long after this rule told something.")
    same: Shared | None = Field(default=None, description="Only where both are of the same country, place or event.")


class WrittenAcknowledge(Shape):
    """Who is told next where nobody says that they saw an alert."""

    within: TimeToAnswer = Field(description="How long each has to say so, at least 1m: monitor ack.")
    then: Channels = Field(description="The channels that are told then, one after the other.")

    @model_validator(mode="after")
    def _each_once(self) -> WrittenAcknowledge:
        for number, channel in enumerate(self.then):
            if channel in self.then[:number]:
                what = f"the channel '{shown(channel)}' stands twice under 'then'"
                raise Refused("R209", what, "name each channel once; it is told of an alert once", channel.at)
        return self


class WrittenRule(Shape):
    """What to look for, and whom to tell."""

    id: Id = Field(description="The rule's lasting name: Latin letters, digits, '-' and '_'.")
    title: Titles = Field(default_factory=dict, description="The heading of its alerts, one text or one per language.")
    severity: SeverityName | None = Field(default=None, description="How much it matters.")
    all: Items | None = Field(default=None, description="Every one of these must be found.")
    any: Items | None = Field(default=None, description="At least one of these must be found.")
    none: Items | None = Field(
        default=None, description="None of these may stand in the searched text; beats all else."
    )
    query: WrittenQuery | None = Field(
        default=None, description="What must be found, in one line: (a OR b) NEAR/8 c NOT title:d"
    )
    at_least: Count = Field(default=1, description="How many of 'any' must be found.")
    min_score: Count | None = Field(
        default=None, description="What the weights of those of 'any' that are found must reach together."
    )
    near: Distance | None = Field(default=None, description="How close together the items of 'all' stand.")
    feeds: Feeds | None = Field(default=None, description="Only these feeds: ids, or tag:name.")
    languages: Codes | None = Field(default=None, description="Only texts in these languages.")
    search_in: Fields | None = Field(default=None, description="The parts of an entry that are searched.")
    killed: NumberOfPeople | None = Field(
        default=None, description='How many killed the text must tell of: ">=5", ">10", "=0"; 5 means ">=5".'
    )
    wounded: NumberOfPeople | None = Field(default=None, description="How many wounded, in the same way.")
    max_age: SomeDuration | None = Field(default=None, description="Older entries are recorded and never announced.")
    expires: Day | None = Field(default=None, description="The last day on which the rule looks.")
    enabled: Flag = Field(default=True, description="false: the rule is kept and does not look.")
    throttle: Duration | None = Field(default=None, description="How long updates of one story wait after an alert.")
    min_sources: Count = Field(
        default=1, description="How many independent sources must tell a story before it is told."
    )
    escalate: WrittenEscalate | None = Field(
        default=None, description="Raise the severity: {sources: 3, within: 2h, to: critical}."
    )
    digest: Digest | None = Field(
        default=None, description="Its alerts wait and go as one message: hourly, daily 07:00, weekly mon 07:00."
    )
    inhibit: WrittenInhibit | None = Field(
        default=None,
        description="While this was told, others are not: {rules: [local-truce], for: 12h, same: country}.",
    )
    kind: RuleKind | None = Field(
        default=None, description="volume: tells when many stories come. silence: tells when nothing comes."
    )
    count: NumberOfStories | None = Field(default=None, description="Of kind: volume. So many stories: 5 stories.")
    surge: Surge | None = Field(
        default=None, description="Of kind: volume, instead of count. So many times what is usual at these hours: 3x."
    )
    within: SomeDuration | None = Field(default=None, description="Of kind: volume. In so long a time.")
    lasts: SomeDuration | None = Field(
        default=None, alias="for", description="Of kind: silence. How long nothing new came from the feeds."
    )
    notify: Channels | None = Field(default=None, description="The channels that are told.")
    acknowledge: WrittenAcknowledge | None = Field(
        default=None, description="Who is told next where nobody says so: {within: 15m, then: [phone, chief]}."
    )
    tests: Annotated[list[WrittenTest], FullList] | None = Field(
        default=None, description="Texts that it must and must not match."
    )
    owner: Text | None = Field(default=None, description="Who looks after the rule.")
    tags: Texts = Field(default_factory=list, description="Labels of your own.")
    description: Text | None = Field(default=None, description="What the rule is for.")
    false_positives: Texts = Field(default_factory=list, description="What it is known to match wrongly.")

    @model_validator(mode="after")
    def _can_find(self) -> WrittenRule:
        """That there is something to find at all is looked at over the whole, in `overall`."""
        if isinstance(self.at_least, int) and self.at_least > max(1, len(self.any or ())):
            what = f"rule '{self.id}' asks for {self.at_least} of {len(self.any or ())} under 'any'"
            raise Refused("R206", what, "lower 'at_least', or add items under 'any'", self.at)
        return self

    @model_validator(mode="after")
    def _can_rise(self) -> WrittenRule:
        if self.escalate and self.severity and self.escalate.to.rank <= self.severity.rank:
            what = f"'escalate' raises to '{self.escalate.to.value}', and the rule is '{self.severity.value}' already"
            raise Refused("R206", what, "name a higher severity under 'to', or lower the rule's own", self.escalate.at)
        return self

    @model_validator(mode="after")
    def _can_be_passed_on(self) -> WrittenRule:
        for channel in self.acknowledge.then if self.acknowledge else ():
            if channel in (self.notify or ()):
                what = f"the channel '{shown(channel)}' is told at once already, by 'notify'"
                raise Refused("R209", what, "name another channel, or remove it from one of the two", channel.at)
        return self

    @model_validator(mode="after")
    def _can_hold(self) -> WrittenRule:
        if self.all and not can_hold(self.all, self.near, self.search_in):
            raise Refused("R320", NEVER, REMEDY, self.all[0].at)
        return self


class WrittenFeed(Shape):
    """A news feed to read: RSS, RDF or Atom."""

    url: addresses.FeedUrl = Field(description="Its http or https address. Secrets in it as ${NAME} or ${file:/path}.")
    id: Id | None = Field(default=None, description="Its lasting name; made from the address when it is left out.")
    name: Text | None = Field(default=None, description="What alerts call it; its host when it is left out.")
    source: Source | None = Field(default=None, description="The newsroom: two feeds of one newsroom are one voice.")
    tags: Texts = Field(default_factory=list, description="Labels that rules choose feeds by: feeds: [tag:syria].")
    every: Every = Field(default=timedelta(minutes=5), description="How often it is asked; 30s at least, or auto.")
    language: Codes = Field(default_factory=list, description="The language or languages it is written in.")
    headers: addresses.Headers = Field(default_factory=dict, description="Request headers that it needs.")
    proxy: addresses.Proxy | None = Field(default=None, description="An http, socks5 or socks5h proxy to ask through.")
    allow_private: Flag = Field(default=False, description="true: its own host may lie inside your network.")
    pin: addresses.Pins = Field(
        default_factory=list, description="The key that its server must show, as sha256//…, or several."
    )

    @model_validator(mode="after")
    def _can_be_pinned(self) -> WrittenFeed:
        addresses.check_pinned(self.url, self.pin)
        return self


class WrittenSource(Shape):
    """A newsroom of your own, or a change to a shipped one."""

    name: Names = Field(default_factory=dict, description="Its name, one or one per language.")
    owner: Id | None = Field(
        default=None, description="Who owns it: newsrooms of one owner are one voice. Itself if it is left out."
    )
    agency: Flag | None = Field(default=None, description="true: others print what it sells.")
    hosts: addresses.Hosts = Field(default_factory=list, description="The hosts of its site and feeds: news.example.")
    credits: Spellings = Field(default_factory=list, description="How others name it as their source.")


class WrittenHeartbeat(Shape):
    """An address that is asked as long as all is well."""

    url: addresses.HeartbeatUrl = Field(
        description='Its http or https address, kept out of the file: "${HEARTBEAT_URL}".'
    )
    every: SomeDuration = Field(default=timedelta(minutes=1), description="How often it is asked.")


def _heartbeat(written: Node) -> Node:
    """A text alone is its address."""
    if not isinstance(written, Scalar):
        return written
    block = Block(written.at)
    block[Scalar.make("url", written.at)] = values.text(written)
    return block


Heartbeat = Annotated[WrittenHeartbeat, BeforeValidator(_heartbeat, json_schema_input_type=WrittenHeartbeat | Text)]


class WrittenQuietHours(Shape):
    """When a channel is left in peace; what comes meanwhile is sent at the end."""

    begin: TimeOfDay = Field(alias="from", description="When they begin, in the channel's time zone.")
    end: TimeOfDay = Field(alias="to", description="When they end; on the next day where that is the earlier.")
    let_through: SeverityName = Field(
        default=Severity.CRITICAL, description="Alerts as severe as this are sent all the same."
    )

    @model_validator(mode="after")
    def _ends(self) -> WrittenQuietHours:
        if isinstance(self.begin, time) and self.begin == self.end:
            what = "the quiet hours end when they begin"
            raise Refused("R209", what, "write two times, e.g. {from: 22:00, to: 06:00}, or a 'digest'", self.at)
        return self


class WrittenChannel(Shape):
    """Where alerts go."""

    url: addresses.ChannelUrl | None = Field(
        default=None, description='Its Apprise address, kept out of the file: "${DESK_URL}".'
    )
    language: MessageLanguage | None = Field(default=None, description="The language of its messages.")
    min_severity: SeverityName = Field(default=Severity.INFO, description="Alerts below it are not sent here.")
    rate: RateOfMessages | None = Field(
        default=None, description="At most so many messages; what the service is known to take if it is left out."
    )
    fallback: ChannelName | None = Field(default=None, description="The channel told instead where this one refuses.")
    secret: addresses.SharedKey | None = Field(
        default=None, description="What a webhook of cloudevents+https:// is signed with, kept out of the file."
    )
    purpose: Purpose = Field(
        default="alerts", alias="for", description="operations: takes the monitor's own trouble, no alerts."
    )
    canary: Canary | None = Field(
        default=None, description='When a test is sent every day to see that it arrives: "08:00", or true.'
    )
    timezone: Timezone | None = Field(
        default=None, description="Of its times: quiet hours, digests, daily test, messages. The file's if left out."
    )
    quiet_hours: WrittenQuietHours | None = Field(
        default=None, description='When it is left in peace: {from: "22:00", to: "06:00", let_through: critical}.'
    )
    digest: Digest | None = Field(
        default=None, description="Its alerts wait and go as one message: hourly, daily 07:00, weekly mon 07:00."
    )

    @model_validator(mode="after")
    def _may_wait(self) -> WrittenChannel:
        waits = "quiet_hours" if self.quiet_hours is not None else "digest" if self.digest is not None else ""
        if waits and self.purpose == "operations":
            what = (
                f"'{waits}' is for alerts, and this channel is told of the monitor's own trouble, which does not wait"
            )
            raise Refused("R209", what, f"remove '{waits}', or 'for: operations'", self.at)
        return self

    @model_validator(mode="after")
    def _can_be_signed(self) -> WrittenChannel:
        addresses.check_signed(self.url, self.secret)
        return self


class WrittenWeb(Shape):
    """Where people reach what `monitor run --listen` serves."""

    url: addresses.WebUrl = Field(
        description="The address that links in messages begin with: https://monitor.example.org."
    )


def _words_alone(items: list[Any]) -> list[Any]:
    """Items that are found by their words alone, or lists of them."""
    for item in walk(items):
        if not isinstance(item, WORDS_ALONE):
            what = "the context of a place takes words and names only"
            raise Refused("R209", what, "write texts, {name: …}, {word: …}, {exact: …} or {starts: …}", item.at)
    return items


class WrittenPlace(Shape):
    """A place of your own, or changes to a shipped one of the same id."""

    name: Names = Field(
        default_factory=dict, description="Its name, one text or one per language; every name is a spelling too."
    )
    terms: Spellings = Field(default_factory=list, description="Its other spellings.")
    inflected: Spellings = Field(
        default_factory=list, description="Spellings in languages that put endings on names: tr, ru, fa, ku, he."
    )
    guarded: Spellings = Field(
        default_factory=list, description="Spellings that are ordinary words, too: they count near the context only."
    )
    context: Annotated[Items, AfterValidator(_words_alone)] | None = Field(
        default=None, description="Words and names near which a guarded spelling is the place."
    )
    ban: WordList = Field(default_factory=list, description="Words, or words side by side, that are never this place.")
    within: PlaceName | None = Field(default=None, description="The id of the place around it.")

    @model_validator(mode="after")
    def _can_be_found(self) -> WrittenPlace:
        for ban in self.ban:
            for spelling in (*self.name.values(), *self.terms, *self.inflected, *self.guarded):
                if covers(ban, spelling):
                    what = f"the spelling '{shown(spelling)}' is never found: '{shown(ban)}' under 'ban' covers it"
                    remedy = "ban only what stands around the name, as in [حماة الوطن], or remove the spelling"
                    raise Refused("R209", what, remedy, ban.at)
        return self


class WrittenTemplates(Shape):
    """Own templates for the messages of alerts, by format: files, relative to this one."""

    text: Text | None = Field(default=None, description="For services that take plain text, and the console.")
    html: Text | None = Field(default=None, description="For mail.")
    telegram: Text | None = Field(default=None, description="For Telegram, in its HTML.")
    slack: Text | None = Field(default=None, description="For Slack, in its mrkdwn.")
    markdown: Text | None = Field(default=None, description="For Discord, Mattermost and others that take Markdown.")
    matrix: Text | None = Field(default=None, description="For Matrix, in its HTML.")


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
        default=None, description="Where people reach what 'monitor run --listen' serves; messages then have links."
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
    if "tests" in path:
        return WrittenTest.setting_names()
    return _SECTION_MODELS.get(str(path[0]), RulesFile).setting_names() if path else RulesFile.setting_names()
