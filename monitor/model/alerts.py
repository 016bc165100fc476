"""What people are told, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Literal

from monitor.model.basics import Severity
from monitor.model.channels import Recipient
from monitor.model.entries import Span
from monitor.model.facts import Facts, NamedFact
from monitor.model.stories import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTold:
    """A newsroom that told the story, in the order of their first reports. `name` is for people."""

    name: str
    link: str | None
    told_at: datetime
    independent: bool = True  # False: a copy of what an earlier one told


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A piece of a body around what a rule found in it, as published: `spans` refer to `text`. `begins`, `ends`: the
    body has nothing before it, or behind it. It may begin and end within a word."""

    text: str
    spans: tuple[Span, ...]
    begins: bool
    ends: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Our decision to tell someone: the `number`-th decision in a story. Everything a message needs.

    `title`, `summary` and `link` are as published (`title` may hold markup and escapes); `spans` refer to them.
    `sources` counts the independent ones, `reports` the entries; `told_by` names who tells it, at most twenty.
    `follows` is the id of the first alert of this story under this rule, None for the first itself. `before` is what
    was told last where this one changes it, by what it is: 'headline', 'killed', 'wounded', 'severity', 'place'.
    `why` is the reason in hand, for people, as in `Verdict`. `article` has for a clause what it was found by in the
    body, as published and a few only: the body itself is in no message. `held_until`: the end of the throttle that it
    waits for.
    """

    id: str
    story_id: int
    number: int
    rule_id: str
    rule_title: Mapping[str, str]  # language -> text; '' for any
    severity: Severity
    reason: Reason
    feed_id: str
    feed_name: str
    title: str
    summary: str
    link: str | None
    published_at: datetime | None
    decided_at: datetime
    spans: tuple[Span, ...] = ()
    facts: Facts = Facts()  # noqa: RUF009 - frozen
    places: tuple[NamedFact, ...] = ()
    events: tuple[NamedFact, ...] = ()
    actors: tuple[NamedFact, ...] = ()
    sources: int = 1
    reports: int = 1
    told_by: tuple[SourceTold, ...] = ()
    follows: str | None = None
    before: Mapping[str, str] = field(default_factory=dict)
    why: str = ""
    held_until: datetime | None = None
    article: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Hold(Enum):
    """What a delivery waits for that is not due yet. Nothing that is held is dropped."""

    THROTTLE = "the end of the rule's throttle"
    QUIET_HOURS = "the end of the channel's quiet hours"
    DIGEST = "the next digest"
    BURST = "the digest of a burst"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """What a delivery waits for, and until when."""

    hold: Hold
    until: datetime


class DeliveryStatus(Enum):
    PENDING = "pending"  # never tried, or held since
    RETRYING = "retrying"
    SENT = "sent"
    DEAD = "dead"  # given up; listed and re-sendable
    REPLACED = "replaced"  # a later alert of the same story and rule took its place before it was due
    ENDED = "ended"  # somebody muted or acknowledged it before it was sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One alert to one recipient, claimed for sending. `attempts` counts the tries before this one.

    `doubts` are those among them after which it may have arrived all the same. `stands_in_for`: the channel that
    refused it, where this one is its fallback. `hold` is what it waited for, `due_at` until when it waited; from then
    on it may be tried. `thread`: what the service called the message that the first alert of the story came as, if it
    told; opaque. `unacknowledged_since`: why this channel is told, where those before it said nothing.
    """

    id: int
    alert: Alert
    recipient: Recipient
    attempts: int
    created_at: datetime
    doubts: int = 0
    stands_in_for: str | None = None
    hold: Hold | None = None
    due_at: datetime | None = None
    thread: str | None = None
    unacknowledged_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainTold:
    """What became of one message of an alert that waits for an acknowledgement. `by_chain`: the chain made it."""

    channel_id: str
    status: DeliveryStatus
    due_at: datetime
    sent_at: datetime | None
    by_chain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """An alert that nobody has acknowledged. `channels` are those still to be told, in order, one each
    `every`; the next at `due_at`."""

    alert_id: str
    severity: Severity
    decided_at: datetime
    channels: tuple[str, ...]
    every: timedelta
    due_at: datetime
    told: tuple[ChainTold, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainStep:
    """What becomes of it now: who is told (perhaps nobody), since when nobody acknowledged it, who is left and when
    they are told, None where it is over."""

    tell: tuple[Recipient, ...] = ()
    since: datetime | None = None
    left: tuple[str, ...] = ()
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """`thread`: what the service called the message, where a follow-up can hang on it; opaque, no secret. `answer`:
    what it said, for people."""

    sent_at: datetime
    thread: str | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSent:
    """`permanent`: trying again cannot help (the recipient refuses us, the channel is gone).

    `refused`: the service knows us or the recipient no more; somebody may mend that, but until then nobody hears of the
    alert. `ambiguous`: it may have arrived all the same (the connection broke after the request was written).
    """

    detail: str  # fit for an operator; no secret
    permanent: bool = False
    refused: bool = False
    ambiguous: bool = False
    retry_after: timedelta | None = None
    failed_at: datetime


SendResult = Sent | NotSent


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What became of one try to deliver. Not sent and no `retry_at`: given up, or left to the channel `passed_to`."""

    result: SendResult
    retry_at: datetime | None = None
    passed_to: str | None = None

    @property
    def dead(self) -> bool:
        """Whether it was given up, and nobody else is told either."""
        return isinstance(self.result, NotSent) and self.retry_at is None and self.passed_to is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one try means for one delivery. Not sent: tried again at `retry_at`, or told to `instead`; neither: dead."""

    delivery: Delivery
    result: SendResult
    retry_at: datetime | None = None
    instead: tuple[Recipient, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReport:
    """What one poll came to, for the operator. `matches`: by rule, also those that nobody was told of. `window`: how
    many entries stood in the document."""

    feed_id: str
    outcome: Literal["polled", "unchanged", "failed"]
    new: int = 0
    changed: int = 0
    alerts: tuple[Alert, ...] = ()
    verdicts: Mapping[Reason, int] = field(default_factory=dict)
    matches: Mapping[str, int] = field(default_factory=dict)
    window: int = 0
    problems: tuple[str, ...] = ()  # of rules that may have missed something, each once: 'RULE: what'
    detail: str = ""
