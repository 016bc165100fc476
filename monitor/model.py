"""Every value that crosses a module line. Frozen; imports nothing of ours.

Instants are aware UTC and named `_at`. What a person wrote (`Feed`, `Channel`) and what we learned
(`FeedState`) are different types. Expected failure is a value: `FetchFailed`, `NotSent`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import Enum
from typing import Final, Literal

FieldName = Literal["title", "summary", "body"]
FIELDS: tuple[FieldName, ...] = ("title", "summary", "body")


class Secret:
    """A text that never shows: not in a log, a repr, an error or a page. `reveal()` where it is used."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash((Secret, self._value))


class Severity(Enum):
    """How much an alert matters; compared by `rank`, the least first."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        return tuple(Severity).index(self)


# --- feeds ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What the operator wrote.

    `url` has its `${…}` filled in and may hold a secret; `address` is the same as written, for people.
    `source` is the newsroom: two feeds of one newsroom are one voice. `auto`: asked by the feed's own rhythm, between
    1 minute and 1 hour; `every` is then only where it starts. `allow_private`: its own host may lie inside the
    operator's network. `pins`: keys of its server in libcurl's form, 'sha256//' and base64; none: by its certificate.
    """

    id: str
    url: Secret
    address: str
    name: str
    source: str
    every: timedelta
    auto: bool = False
    tags: frozenset[str] = frozenset()
    languages: tuple[str, ...] = ()
    headers: tuple[tuple[str, Secret], ...] = ()
    proxy: Secret | None = None
    allow_private: bool = False
    pins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave us to ask conditionally with, byte for byte (latin-1).

    `url` is the final address that they are bound to, as a digest: the address may hold a secret, and this is stored.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What we learned about a feed; one row."""

    feed_id: str
    next_poll_at: datetime
    baselined: bool = False  # a first poll was read and its entries recorded
    validators: Validators | None = None
    body_hash: bytes | None = None  # of the last body that was parsed without failure
    failures: int = 0  # consecutive
    last_polled_at: datetime | None = None
    last_success_at: datetime | None = None
    last_new_at: datetime | None = None  # when an entry that we had not seen last came
    last_error: str | None = None
    failing_since: datetime | None = None  # the first of the failures that `failures` counts
    unchanged: int = 0  # consecutive polls that brought the same document, or none
    asked_wait: timedelta | None = None  # what the publisher asks between two polls (ttl, Cache-Control)
    moved_to: str | None = None  # where permanent redirects led, `moved_times` polls in a row: see `feeds.moves`
    moved_times: int = 0
    rhythm: bytes | None = None  # when its new entries come: `feeds.rhythm` reads and writes it
    entry_marks: bytes | None = None  # of the entries in the last document: `feeds.known` reads and writes it
    window: int | None = None  # entries in the last document that was read
    newest_at: datetime | None = None  # the latest publication time of any entry, none of them in the future
    gap_at: datetime | None = None  # when a document last shared no entry with the one before: some may be lost
    warnings: tuple[str, ...] = ()  # oddities of the last document that was read


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """`moved_to`: the address to ask first; if it fails, the feed's own is asked."""

    feed: Feed
    validators: Validators | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A 200 with a body. `body` is inflated and within the size cap.

    `url` is the final address, without user name and password; without the query too where the feed's holds a secret.
    """

    url: str
    body: bytes
    content_type: str | None
    validators: Validators | None
    fetched_at: datetime
    asked_wait: timedelta | None = None  # how long the server calls the answer fresh (RFC 9111 §4.2.1), uncapped
    moved_to: str | None = None  # where permanent redirects (301, 308) lead, if nothing else came before them; '…'
    # where that is not kept, because the feed's own address holds a secret that it may repeat
    dated_at: datetime | None = None  # what the clock of the server showed, by its word


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """`asked_wait`, `moved_to`: as in `Fetched`."""

    fetched_at: datetime
    asked_wait: timedelta | None = None
    moved_to: str | None = None


class FetchFailure(Enum):
    """Why a feed could not be read."""

    BAD_ADDRESS = "the address cannot be used"
    FORBIDDEN_ADDRESS = "the address is not on the public internet"
    NAME = "the host name was not found"
    CONNECT = "no connection"
    TLS = "no secure connection"
    TIMEOUT = "too slow"
    TOO_LARGE = "too large"
    BROKEN = "the answer broke off or was damaged"
    REDIRECTS = "too many redirects"
    STATUS = "the server refused"
    NOT_A_FEED = "the answer is not a feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchFailed:
    """`detail` is fit for an operator and holds no secret. `retry_after` is the server's wish, uncapped."""

    failure: FetchFailure
    detail: str
    status: int | None = None
    retry_after: timedelta | None = None
    fetched_at: datetime


FetchResult = Fetched | NotModified | FetchFailed


# --- entries -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Exactly what was published: markup and escapes stand as the feed parser gave them.

    `guid` is '' and `link` is None where the feed has none (a link that is not http or https counts as none).
    `position` is the entry's place in its document, 0 first.
    """

    feed_id: str
    guid: str = ""
    link: str | None = None
    title: str = ""
    summary: str = ""
    body: str = ""
    published_at: datetime | None = None
    updated_at: datetime | None = None
    author: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A document's entries, in its order. `warnings` are oddities that an operator may want to know, no failure.

    `is_whole` is False where the document broke off before its end: its validators are not worth keeping.
    """

    entries: tuple[Entry, ...]
    is_whole: bool = True
    title: str = ""
    ttl: timedelta | None = None
    warnings: tuple[str, ...] = ()
    marks: bytes | None = None  # of all entries in the document, for `FeedState.entry_marks`; None: cannot be told
    window: int = 0  # entries in the document, those among them that were not read because they are known
    overlaps: bool | None = None  # whether it shares an entry with the last document; None: cannot be told


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseFailed:
    detail: str


ParseResult = Parsed | ParseFailed


# --- matches -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Where a clause was found: code points of the field as published, half-open, never empty."""

    field: FieldName
    start: int
    end: int
    clause: str  # as in 'place deir-ez-zor', 'group airport', 'event clash', 'مطار'


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A rule that holds for a document. Spans are sorted by field (title, summary, body), then start."""

    rule_id: str
    severity: Severity
    spans: tuple[Span, ...]


# --- decisions, stories, alerts ------------------------------------------------------------------


class Reason(Enum):
    """Why we did, or did not, tell someone. `tells` says which."""

    FIRST_REPORT = "first report"
    UPDATED = "the story changed"
    BASELINE = "the feed was polled for the first time"
    DUPLICATE = "already alerted"
    STALE = "older than max_age"
    THROTTLED = "within the rule's throttle"

    @property
    def tells(self) -> bool:
        return self in (Reason.FIRST_REPORT, Reason.UPDATED)


ONLY: Final = "only"  # the recipient's key that stands for the address as a whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One person, room or address behind a channel: the unit of delivery.

    `key` tells the recipients of one channel apart. It holds no secret, and it is 'only' for a channel with a
    single recipient, so that a changed token does not orphan what is pending.
    """

    channel_id: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """At most `count` messages in any `per`."""

    count: int
    per: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """`url` is an Apprise address; None is the console. `canary`: when it gets its daily test, in the rules' zone.
    `rate` None: what its service is known to take.

    `fallback` names the channel that is told instead where this one refuses. It takes alerts; it may be left out.
    """

    id: str
    url: Secret | None
    language: Literal["ar", "en", "both"]
    min_severity: Severity = Severity.INFO
    operations: bool = False  # takes trouble of the monitor itself, no alerts
    canary: time | None = None
    rate: Rate | None = None
    fallback: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Beacon:
    """An address elsewhere that is asked as long as all is well: whoever watches it hears of our silence."""

    url: Secret
    every: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Our decision to tell someone: the `number`-th decision in a story. Everything a message needs.

    `title`, `summary` and `link` are as published (`title` may hold markup and escapes); `spans` refer to them.
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


class DeliveryStatus(Enum):
    PENDING = "pending"  # never tried
    RETRYING = "retrying"
    SENT = "sent"
    DEAD = "dead"  # given up; listed and re-sendable


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One alert to one recipient, claimed for sending. `attempts` counts the tries before this one.

    `doubts` are those among them after which it may have arrived all the same. `stands_in_for`: the channel that
    refused it, where this one is its fallback.
    """

    id: int
    alert: Alert
    recipient: Recipient
    attempts: int
    created_at: datetime
    doubts: int = 0
    stands_in_for: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    sent_at: datetime


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


# --- what ingest reads and writes ----------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What an entry version is known by.

    `raw`: hash of the entry as published; equal means nothing changed at all.
    `text`: hash of the normal text of all fields. `headline`: of the title's normal words (of all fields where the
    title has fewer than four); equal headlines tell one story. `words`: the normal words of title and summary, for
    similarity.
    """

    raw: bytes
    text: bytes
    headline: bytes
    words: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEntry:
    """A stored entry that an incoming one may be a version of."""

    id: int
    guid: str
    link: str | None
    published_at: datetime | None
    texts: frozenset[bytes]  # text hashes of every version seen
    words: frozenset[str]  # of the latest version
    matched_rules: frozenset[str]  # rules that any version matched, alerted or not
    story_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LastAlert:
    rule_id: str
    alerted_at: datetime
    feed_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownStory:
    """A stored story with the same headline. `feed_ids` told it; `alerts` has the newest alert of each rule."""

    id: int
    feed_ids: frozenset[str]
    texts: frozenset[bytes]
    alerts: tuple[LastAlert, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was decided about one match: stored also when nobody is told."""

    match: Match
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestEntry:
    """One entry to write.

    `known_id` is the stored entry that this is a version of, None for a new one. `story_id` is the stored story
    that it joins, None to begin one (needed only if there is a verdict).
    """

    entry: Entry
    fingerprint: Fingerprint
    known_id: int | None
    story_id: int | None
    verdicts: tuple[Verdict, ...] = ()


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
