"""Feeds: what the operator wrote, what we learned, what a server answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from monitor.model.basics import Secret
from monitor.model.evidence import Exchange

LONGEST_HOST: Final = 253  # characters (RFC 1035 §2.3.4); what is longer fits no index either


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What the operator wrote.

    `url` has its `${…}` filled in and may hold a secret; `address` is the same as written, for people.
    `source` is the newsroom: two feeds of one newsroom are one voice. `auto`: asked by the feed's own rhythm, between
    1 minute and 1 hour; `every` is then only where it starts. `allow_private`: its own host may lie inside the
    operator's network. `pins`: keys of its server in libcurl's form, 'sha256//' and base64; none: by its certificate.
    `full_text`: the page that an entry links to is read too, and its text is the entry's body.
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
    full_text: bool = False


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
    token: int | None = field(default=None, compare=False)  # of the lease that it was claimed with; None: of none


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """`moved_to`: the address to ask first; if it fails, the feed's own is asked.

    `page`: what to ask instead, an address that the feed named: whoever writes the feed chose it, not the operator. So
    it goes by the feed's proxy, but with none of its headers and passwords, wherever it leads; and it may lie inside
    the operator's network only at the very host and port at which the feed itself may.
    """

    feed: Feed
    validators: Validators | None = None
    moved_to: str | None = None
    page: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A 200 with a body. `body` is inflated and within the size cap.

    `url` is the final address, without user name and password; of a feed without the query too where its own holds a
    secret. A page that a feed names is asked without any, so its address has none unless the feed wrote it there.
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
    exchange: Exchange | None = None  # for evidence


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
