"""Feeds, newsrooms, places, channels and what else stands beside the rules, as their author writes them."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from monitor.model import Severity
from monitor.rules import addresses, values
from monitor.rules.items import WORDS_ALONE, Items, WordList, walk
from monitor.rules.nodes import Block, Node, Scalar
from monitor.rules.problems import Refused, shown
from monitor.rules.shape import (
    Canary,
    Digest,
    Every,
    Flag,
    Id,
    MessageLanguage,
    Purpose,
    RateOfMessages,
    SeverityName,
    Shape,
    SomeDuration,
    Text,
    Texts,
    TimeOfDay,
    Timezone,
)
from monitor.rules.written_names import (
    ChannelName,
    Codes,
    Names,
    PlaceName,
    Source,
    Spellings,
)
from monitor.text.guarded import covers


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

    full_text: Flag = Field(
        default=False,
        description="true: the page an entry links to is read too; for feeds that carry only a line.",
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
