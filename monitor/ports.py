"""What the pipeline needs from the world, written for it as the caller. One contract suite proves each promise."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol

from monitor.model import (
    Alert,
    ArticleResult,
    Channel,
    Counted,
    CountedStory,
    Delivery,
    Entry,
    Feed,
    FeedState,
    Fetched,
    FetchRequest,
    FetchResult,
    Fingerprint,
    Hold,
    IngestEntry,
    KnownEntry,
    KnownStory,
    Mute,
    NotSent,
    Outcome,
    ParseResult,
    Recipient,
    Report,
    SendResult,
    Sent,
    ToldStory,
    VolumeTold,
    Wait,
    WantedArticle,
    Watch,
)


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware UTC."""

    def monotonic(self) -> float:
        """Seconds that only go forward; the zero means nothing."""


class Fetcher(Protocol):
    def submit(self, request: FetchRequest) -> Future[FetchResult]:
        """Ask for a feed, in the background; returns at once.

        The future always ends, within the total deadline after its request begins, and never raises for anything
        the network or the server does. One request per host is under way at a time (a few for a host of the
        operator's own), and a bounded number in all.
        Safe to call from any thread. A future that was cancelled before it began is not asked. One for a `page` may
        come cancelled: its host has no turn to give soon, and it is to be asked for later.
        """

    def close(self) -> None:
        """Stop. What is under way ends as `FetchFailed`. Idempotent."""


class Parser(Protocol):
    def parse(self, feed_id: str, page: Fetched, *, known: bytes | None = None) -> ParseResult:
        """Read a document. `known` are the marks that the last one was answered with (`Parsed.marks`).

        Always ends, within two minutes. Whatever the document holds costs at most itself: nothing is raised for it, it
        neither stops this process nor holds up its other threads. Safe to call from any thread.
        """

    def close(self) -> None:
        """Stop; nothing of ours outlives it. Idempotent."""


class ArticleReader(Protocol):
    def read(self, page: Fetched) -> ArticleResult:
        """The text of the article that a web page shows; as `Parser.parse` in all else, within a minute."""

    def close(self) -> None:
        """Stop; nothing of ours outlives it. Idempotent."""


class Sender(Protocol):
    def recipients(self, channel: Channel) -> tuple[Recipient, ...]:
        """Who stands behind a channel: at least one, always in the same order, no two with the same key."""

    def send(self, channel: Channel, delivery: Delivery) -> SendResult:
        """Try once, and end within a minute. Never raises for a remote failure; never retries."""

    def send_digest(self, channel: Channel, deliveries: Sequence[Delivery]) -> SendResult:
        """Several deliveries of one recipient as one message, at least one; as `send` in all else.

        What comes back holds for each of them. Told in the order newest first, whatever the order given; those that
        one message has no room for are counted in it, and not sent otherwise.
        """

    def problem(self, channel: Channel) -> str | None:
        """Why nothing can be sent to this channel as it is configured; None if nothing is known against it."""

    def tell(self, channel: Channel, title: str, body: str) -> SendResult:
        """Send a notice of the monitor itself to everybody behind a channel, once; as `send` in all else."""

    def close(self) -> None:
        """Stop; nothing of ours outlives it. Idempotent."""


class Watches(Protocol):
    """What rules that count stories, wait for entries or stand for others know: within the transaction it is of."""

    def told(self, rule_id: str, *, since: datetime) -> tuple[ToldStory, ...]:
        """What was told under the rule since then, a bounded number, the newest first; without what was denied last."""

    def watch(self, rule_id: str, looks: bytes, *, now: datetime, version: int | None = None) -> Watch:
        """What is known of a rule that counts or waits. Begins anew where it looked for something else before, but not
        for whoever works by an older `version` of the rules than others do: see `Setup.version`."""

    def heard(self, rule_id: str, *, at: datetime) -> None:
        """Something came that the rule waits for; the rule is watched."""

    def counted(self, watch: Watch, own: CountedStory, *, within: timedelta, compares: bool) -> Counted:
        """What a volume has counted around a story; `compares`: and what is usual there."""

    def count(self, rule_id: str, story: CountedStory) -> None:
        """Count a story; of two times of one story the earlier stays."""

    def note(self, rule_id: str, told: VolumeTold) -> None:
        """An alert of a volume that is stored already."""

    def headlines(self, story_ids: Sequence[int]) -> Mapping[int, str]:
        """The newest of each story, as published; stories without any are left out."""


class Ingest(Protocol):
    """One write transaction: what it reads cannot change before it ends. All or nothing."""

    def known_entries(
        self, feed_id: str, *, guids: Sequence[str], links: Sequence[str], texts: Sequence[bytes]
    ) -> tuple[KnownEntry, ...]:
        """The feed's stored entries that share a guid (never the empty one), a link or a text hash of any version."""

    def stories(self, keys: Sequence[int], *, since: datetime) -> tuple[KnownStory, ...]:
        """Those that a report with one of these keys, seen since then, belongs to: a bounded number, those that share
        the most keys first, among them the newest. Of their reports only the first and some of the newest are there,
        and of no stored report the spans of its facts.
        """

    def story(self, story_id: int) -> KnownStory | None:
        """With as many reports as a `KnownStory` has."""

    def report(self, entry_id: int) -> Report | None:
        """An entry's report as last written; None where no rule matched, or an older monitor wrote the entry."""

    def decides(self, own: Callable[[], datetime]) -> datetime | None:
        """From here on nobody else decides about stories until the transaction ends. The time then: others may have
        been waited for, and what they decided lies before it. By `own`, the caller's clock, unless those who decide
        share another. None where who writes is alone from the beginning."""

    def mutes(self, now: datetime) -> tuple[Mute, ...]:
        """Those in force, by id."""

    @property
    def watches(self) -> Watches: ...

    def write(self, entry: IngestEntry, *, seen_at: datetime) -> tuple[int, int | None, int]:
        """Store one entry or version with its verdicts.

        Returns its entry id, its story id (None without a verdict), and the number that the story's next alert has.
        """

    def still_there(self, feed_id: str, raws: Sequence[bytes], *, seen_at: datetime) -> None:
        """Note that these stored versions stand in the feed's document of now, so that retention keeps their keys."""

    def alert(
        self,
        entry_id: int,
        alert: Alert,
        recipients: Sequence[Recipient],
        *,
        hold: Hold | None = None,
        due_at: datetime | None = None,
        waits: Mapping[str, Wait] | None = None,
    ) -> bool:
        """Store an alert and one pending delivery per recipient. False, and nothing stored, if it is there already.

        `due_at`: when they may be sent, None for at once; `hold` is what they wait for meanwhile. `waits` has what the
        recipients of a channel wait for instead, by its id. A delivery of an
        earlier alert of the story under the rule that waits for the end of a throttle, and is not due by now
        (`alert.decided_at`), is replaced by this one's to the same recipient.
        """

    def wait_for_acknowledgement(
        self, alert_id: str, channels: Sequence[str], *, every: timedelta, due_at: datetime
    ) -> None:
        """These channels, at least one, are told of an alert of this transaction until somebody acknowledges it: the
        first at `due_at`, each further one `every` later."""

    def want_article(self, entry_id: int, entry: Entry, raw: bytes, *, now: datetime) -> None:
        """The page that a new entry links to is to be read. A feed has a bounded number of those waiting and a day;
        what is beyond it is left, and counted. `raw`: the hash of the form in which the feed shows the entry."""

    def article_shown(self, entry_id: int, entry: Entry, mark: Fingerprint) -> None:
        """The feed shows a stored entry as this one, in a form that it did not show last: the version with the text of
        `mark`, which is stored, is the one that the entry's article belongs to."""

    def want_article_again(self, entry_id: int, *, now: datetime) -> None:
        """The entry was edited. Of no effect where its page was not wanted before, or often enough."""

    def has_article_body(self, entry_id: int, text: bytes, *, completed: bool) -> None:
        """The entry's version of this text hash has a body that was read from its page. `completed`: it is new, and by
        that alone: the feed edited nothing."""

    def article_is_wanted(self, wanted: WantedArticle) -> bool:
        """Whether it still is, at that address: the entry may have gone, or been edited."""

    def article_read(self, entry_id: int, page: str, *, now: datetime) -> None:
        """It is not wanted any more. `page`: the address where it was found."""

    def feed_state(self, state: FeedState) -> None:
        """Replace what we know of the feed and give up its lease."""


class Store(Protocol):
    """State that survives. Every method is safe from any thread; each writes in one short transaction."""

    def claim_due_feeds(
        self, feeds: Sequence[Feed], now: datetime, *, limit: int, lease: timedelta, every: bool = False
    ) -> list[FeedState]:
        """Lease at most `limit` of these feeds that are due (all of them, with `every`), the longest due first.

        A feed that was never seen is due at once. A leased feed is not handed out again before the lease ends.
        """

    def known_raw(self, feed_id: str, raws: Sequence[bytes]) -> frozenset[bytes]:
        """Which of these raw hashes the feed has already shown us."""

    def shown_otherwise(self, feed_id: str, raws: Collection[bytes]) -> frozenset[bytes]:
        """Of these raw hashes, all of them known, those of entries that wait for their articles and that the feed
        showed in another form since then."""

    def article_bodies(self, feed_id: str, entries: Sequence[Entry]) -> Mapping[int, tuple[int, str]]:
        """By the positions of these entries of the feed, where a stored one with the same guid or link has a body that
        was read from its page: that entry's id, and the body."""

    def turn_of(self, feed_id: str, /) -> AbstractContextManager[None]:
        """Had by one at a time: whoever takes in entries of a feed whose articles are read, or an article of it. What
        is judged before its transaction rests on what is stored of the other."""

    def ingest(self) -> AbstractContextManager[Ingest]:
        """Begin the poll's transaction; commits on leaving, rolls back if the block raises."""

    def channels_due(self, now: datetime) -> list[str]:
        """Ids of the channels that have a delivery due and not leased; those with the most urgent first, among them
        the longest due."""

    def waiting(self, now: datetime, *, channel_id: str, limit: int) -> list[Delivery]:
        """What `claim_deliveries` would hand out, without a lease."""

    def claim_deliveries(
        self,
        now: datetime,
        *,
        limit: int,
        lease: timedelta,
        channel_id: str | None = None,
        ids: Sequence[int] | None = None,
        together: bool = False,
    ) -> list[Delivery]:
        """Lease deliveries that are due: of one channel the most urgent first, or of all; the longest due first.

        `ids`: only of these. `together`: they go as one message, so that after a crash each may have arrived; else
        they go one after the other, in this order.
        """

    def record(self, delivery: Delivery, result: Sent | NotSent, *, retry_at: datetime | None) -> None:
        """What became of a try. Not sent and no `retry_at`: dead."""

    def record_together(self, outcomes: Sequence[Outcome], *, now: datetime) -> None:
        """What became of deliveries in one message, of each as `record` and `pass_on` would: all or nothing."""

    def hold(self, held: Sequence[tuple[Delivery, Wait]]) -> None:
        """Let deliveries that nobody has leased wait. Each is pending again, and keeps its attempts."""

    def defer(self, delivery: Delivery, *, until: datetime, why: str | None = None) -> None:
        """Give up the lease of a delivery that was not tried; it is due again then. `why` is shown to operators."""

    def put_off(self, deliveries: Sequence[Delivery], *, until: datetime, why: str | None = None) -> None:
        """As `defer`, of several that are to go together."""

    def pass_on(self, delivery: Delivery, result: NotSent, recipients: Sequence[Recipient], *, now: datetime) -> None:
        """The delivery is dead, and its alert a pending delivery to each of these who has none of it yet: all or
        nothing."""
