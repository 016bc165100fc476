"""One HTTP answer, as it comes in and as it is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.feeds.freshness import asked_wait, dated_at, seconds_or_date
from monitor.feeds.inflate import Spoilt, inflate
from monitor.feeds.urls import BadAddress, WebAddress, follow
from monitor.model import Fetched, FetchFailed, FetchFailure, FetchResult, NotModified, Validators

WIRE_LIMIT = 5 * 1024 * 1024  # bytes of body on the wire
BODY_LIMIT = 16 * 1024 * 1024  # and inflated; the largest real feeds that we know are below 2 MiB
HEADER_BYTES = 64 * 1024  # of all header lines of one request, 1xx answers and trailers included
HEADER_LINES = 200
_UNREAD_LIMIT = 64 * 1024  # of a body that nobody reads: so much is taken to keep the connection, then it is dropped
_VALIDATOR_LIMIT = 1024
_PERMANENT = frozenset({301, 308})
_REDIRECTS = _PERMANENT | {302, 303, 307}
# What people cannot be expected to know by its number.
_MEANT = {
    401: " (it wants a password)",
    403: " (it lets us not read this)",
    404: " (no such page)",
    429: " (asked too often)",
}


class Answer:
    """Takes in header lines and body chunks. Each method says whether to go on; `excess` says why not."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = bytearray()
        self.excess: str | None = None
        self.is_enough = False  # the rest of the body does not matter
        self._unread = self._header_bytes = self._header_lines = 0
        self._headers_ended = False

    def take_header(self, line: bytes) -> bool:
        self._header_bytes += len(line)
        self._header_lines += 1
        if self._header_bytes > HEADER_BYTES or self._header_lines > HEADER_LINES:
            self.excess = f"more than {HEADER_BYTES:,} bytes or {HEADER_LINES} lines of headers"
            return False
        if line.startswith(b"HTTP/") and not self.body and not self._unread:
            self._begin(line)
        elif line.isspace():
            self._headers_ended = True
        elif not self._headers_ended:  # a trailer does not overrule a header
            self._keep(line)
        return True

    def take_chunk(self, chunk: bytes) -> bool:
        if self.status != 200:
            self._unread += len(chunk)
            self.is_enough = self._unread > _UNREAD_LIMIT
            return not self.is_enough
        self.body += chunk
        if len(self.body) > WIRE_LIMIT:
            self.excess = f"more than {WIRE_LIMIT:,} bytes"
            return False
        return True

    def _begin(self, line: bytes) -> None:
        """A status line: of the answer, or of one before it (a 1xx, or a proxy's)."""
        code = line.split(None, 2)[1:2]
        self.status = int(code[0]) if code and code[0].isdigit() else 0
        self.headers, self._headers_ended = {}, False

    def _keep(self, line: bytes) -> None:
        """latin-1 keeps every byte. Repeated lines are one list (RFC 9110 §5.3)."""
        name, colon, value = line.decode("latin-1").partition(":")
        if colon:
            key, value = name.strip().lower(), value.strip(" \t\r\n")
            before = self.headers.get(key)
            self.headers[key] = value if before is None else f"{before}, {value}"


@dataclass(frozen=True, slots=True)
class Redirect:
    to: WebAddress
    permanent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an answer is the answer to: `address`, asked `conditional`ly or not; `url` is the address as it may be kept
    and `binding` what new validators are bound to. `moved_to` is where permanent redirects led on the way."""

    address: WebAddress
    conditional: bool
    url: str
    binding: str
    moved_to: str | None = None


def read_answer(answer: Answer, asked: Asked, *, now: datetime) -> FetchResult | Redirect:
    """What a whole answer says."""
    status = answer.status
    if status == 200:
        return _page(answer, asked, now)
    if status == 304 and asked.conditional:
        wait = asked_wait(answer.headers, now=now)
        return NotModified(fetched_at=now, asked_wait=wait, moved_to=asked.moved_to)
    if status in _REDIRECTS and "location" in answer.headers:
        return _redirect(answer, asked, now)
    detail = (
        "answered 304 to an unconditional request" if status == 304 else f"answered {status}{_MEANT.get(status, '')}"
    )
    return FetchFailed(
        failure=FetchFailure.STATUS,
        detail=f"{asked.address.host} {detail}",
        status=status,
        retry_after=seconds_or_date(answer.headers.get("retry-after"), now=now),
        fetched_at=now,
    )


def _page(answer: Answer, asked: Asked, now: datetime) -> FetchResult:
    body = inflate(bytes(answer.body), answer.headers.get("content-encoding", ""), limit=BODY_LIMIT)
    if isinstance(body, Spoilt):
        failure = FetchFailure.TOO_LARGE if body.too_large else FetchFailure.BROKEN
        return FetchFailed(failure=failure, detail=f"{asked.address.host}: {body.detail}", status=200, fetched_at=now)
    if not body.strip():
        detail = f"{asked.address.host} sent an empty answer"
        return FetchFailed(failure=FetchFailure.BROKEN, detail=detail, status=200, fetched_at=now)
    return Fetched(
        url=asked.url,
        body=body,
        content_type=answer.headers.get("content-type"),
        validators=_validators(answer.headers, asked.binding),
        fetched_at=now,
        asked_wait=asked_wait(answer.headers, now=now),
        moved_to=asked.moved_to,
        dated_at=dated_at(answer.headers),
    )


def _redirect(answer: Answer, asked: Asked, now: datetime) -> FetchFailed | Redirect:
    try:
        to = follow(asked.address, _text(answer.headers["location"]))
    except BadAddress as error:
        return FetchFailed(
            failure=FetchFailure.BAD_ADDRESS,
            detail=f"{asked.address.host}: {error}",
            status=answer.status,
            fetched_at=now,
        )
    return Redirect(to, permanent=answer.status in _PERMANENT)


def _text(header: str) -> str:
    """Many servers write the address of a redirect in bare UTF-8."""
    raw = header.encode("latin-1")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return header


def _validators(headers: dict[str, str], binding: str) -> Validators | None:
    etag, modified = (_validator(headers.get(name)) for name in ("etag", "last-modified"))
    return Validators(url=binding, etag=etag, last_modified=modified) if etag or modified else None


def _validator(value: str | None) -> str | None:
    fit = value and len(value) <= _VALIDATOR_LIMIT and all(c >= " " and c != "\x7f" for c in value)
    return value if fit else None
