"""The past as somebody keeps it: documents as JSON, one a line, in the contract of `monitor match`."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import IO, Any, Final

from monitor.backtest.history import Past, PastMute
from monitor.feeds.dates import EARLIEST_YEAR, read_date
from monitor.lexicon.hosts import host_in
from monitor.store.past import JudgedAlert
from monitor.text.archive import document_of, entry_of

_GZIP: Final = b"\x1f\x8b"
_EARLIEST, _LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_NAMED: Final = 3  # broken lines that are told by number


class Archive:
    """`History` of documents that are read one by one, however many there are.

    `open_it` begins to read anew; gzip is known by how it begins. `size` is of what `open_it` gives, in bytes, None
    where nobody knows. A document is taken as seen when it was published. One without a date that can be read is taken
    as seen with the dated one before it.
    """

    has_feeds = False

    def __init__(
        self,
        open_it: Callable[[], IO[bytes]],
        *,
        size: int | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> None:
        self._open, self._size, self._since, self._until = open_it, size, since, until
        self._raw: IO[bytes] | None = None
        self._count: Counter[str] = Counter()
        self._broken: list[str] = []

    def entries(self, *, run_up: timedelta) -> Iterator[Past]:
        """Those without a date that come before any with one have no time."""
        self._count.clear()
        self._broken.clear()
        last: datetime | None = None
        first = _EARLIEST if self._since is None else self._since - run_up
        end = self._until or _LATEST
        with closing(self._open()) as raw:
            self._raw = raw
            for number, line in enumerate(_lines(raw), start=1):
                document = self._document(number, line)
                if document is None:
                    continue
                past = self._past(document, number, last)
                last = past.at
                if last is None or first <= last < end:
                    yield past
                else:
                    self._count["outside"] += 1

    def share(self) -> float | None:
        if self._raw is None or self._raw.closed or not self._size:
            return None
        return min(1.0, self._raw.tell() / self._size)

    def earlier(self, past: Past) -> Sequence[Past]:  # noqa: ARG002 - each document stands for itself
        return ()

    def mutes(self) -> Sequence[PastMute]:
        return ()

    def judged(self) -> Sequence[JudgedAlert] | None:
        return None

    def notes(self) -> Sequence[str]:
        return tuple(self._notes())

    def _notes(self) -> Iterator[str]:
        if self._broken:
            more = f" and {self._count['broken'] - _NAMED:,} more" if self._count["broken"] > _NAMED else ""
            yield f"Lines that are no document were passed over: {'; '.join(self._broken)}{more}."
        undated, dated = self._count["undated"], self._count["dated"]
        if undated and dated:
            yield (
                f"{undated:,} of {undated + dated:,} documents have no date that can be read in 'published': each was"
                " taken as seen with the dated one before it."
            )
        elif undated:
            yield (
                "No document has a date that can be read in 'published': all were taken as seen at one moment, so"
                " nothing can be said of days, and a throttle lets one alert of a story pass."
            )
        if self._count["outside"]:
            yield f"{self._count['outside']:,} documents lie outside the time asked about."
        yield (
            "An archive does not tell which feed brought a document: rules for certain feeds looked at all, and each"
            " 'source' counts as one newsroom."
        )

    def _document(self, number: int, line: bytes) -> dict[str, Any] | None:
        if not line.strip():
            return None
        try:
            return document_of(line)
        except ValueError as error:
            self._count["broken"] += 1
            if len(self._broken) < _NAMED:
                self._broken.append(f"line {number}: {error}")
            return None

    def _past(self, document: dict[str, Any], number: int, last: datetime | None) -> Past:
        published = _published(document.get("published"))
        self._count["dated" if published else "undated"] += 1
        link = document.get("url")
        link = link if isinstance(link, str) and link.startswith(("http://", "https://")) else None
        source = document.get("source")
        source = source.strip() if isinstance(source, str) else ""
        source = source or host_in(link or "") or "archive"
        at = published or last
        return Past(
            document=_named(document.get("id"), number),
            at=at,
            entry=entry_of(document, feed_id=source, link=link, published_at=published),
            counts=at is None or self._since is None or at >= self._since,
        )


def _lines(raw: IO[bytes]) -> Iterator[bytes]:
    begin = raw.read(2)
    raw.seek(-len(begin), 1)
    return iter(gzip.GzipFile(fileobj=raw)) if begin == _GZIP else iter(raw)


def _published(written: object) -> datetime | None:
    """As feeds write dates; seconds since 1970 too. What most archives have is read in the quick way."""
    if not written or isinstance(written, bool) or not isinstance(written, (str, int, float)):
        return None
    try:
        return _iso(str(written)) or read_date(str(int(written)) if isinstance(written, float) else str(written))
    except (OverflowError, ValueError):  # infinite, or the year 1 in a zone east of us
        return None


def _iso(written: str) -> datetime | None:
    if written[4:5] != "-":
        return None
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return None
    at = at.astimezone(UTC) if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return at if at.year >= EARLIEST_YEAR else None


def _named(given: object, number: int) -> str:
    """Two documents of one id are told apart by their lines."""
    told = given if isinstance(given, (str, int)) and not isinstance(given, bool) and str(given).strip() else ""
    return f"line {number} ({told})" if told else f"line {number}"
