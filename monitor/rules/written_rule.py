"""A rule as its author writes it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from monitor.rules import values
from monitor.rules.items import Items
from monitor.rules.never import NEVER, REMEDY, can_hold
from monitor.rules.nodes import Block, Node, Scalar
from monitor.rules.problems import Refused, shown
from monitor.rules.shape import (
    Count,
    Day,
    Digest,
    Distance,
    Duration,
    Flag,
    FullList,
    Id,
    NumberOfPeople,
    NumberOfStories,
    RuleKind,
    SeverityName,
    Shape,
    Shared,
    SomeDuration,
    Sources,
    Surge,
    Text,
    Texts,
    TimeToAnswer,
)
from monitor.rules.written_names import (
    Channels,
    Codes,
    Feeds,
    Fields,
    RuleNames,
    Titles,
    WrittenQuery,
)


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
