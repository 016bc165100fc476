"""What the monitor and its parsing processes say to each other.

A request is trusted, a reply is not: whoever publishes in a feed may have taken the process over. So a reply is JSON,
and everything in it is looked at before it counts. That costs no more than a tenth of what parsing does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

from monitor.feeds.entries import LONGEST
from monitor.feeds.parts import MOST_ENTRIES
from monitor.feeds.speech import REPLY, REQUEST, Nonsense, Speech
from monitor.model import Entry, Parsed, ParseFailed, ParseResult

LARGEST_REPLY: Final = 48 << 20  # bytes; a body has 16 MiB at most, and in UTF-8 its text is twice that or less
_LONGEST_NOTE = 500  # characters of a warning or a detail
_MOST_NOTES = 300
_DIGEST = 16  # characters
_POSITIONS = 1_000_000

_T = TypeVar("_T")
Remedies = Mapping[str, bool]
"""What to do about entries that broke the parser, by their digest: read them reduced to their essentials, or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`apart`: read each entry by itself, in a process that may die of it."""

    feed_id: str
    body: bytes
    content_type: str | None
    base_url: str
    fetched_at: datetime | None = None
    known: bytes | None = None
    apart: bool = False
    remedies: Remedies = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """`remedies`: for what broke the parser just now."""

    result: ParseResult
    remedies: Remedies = field(default_factory=dict)


def pack_request(request: Request) -> tuple[bytes, bytes]:
    """Header and body, to be sent one after the other."""
    header = json.dumps(
        {
            "feed_id": request.feed_id,
            "content_type": request.content_type,
            "base_url": request.base_url,
            "fetched_at": _written(request.fetched_at),
            "known": _hex(request.known),
            "apart": request.apart,
            "remedies": dict(request.remedies),
        }
    ).encode()
    return REQUEST.pack(len(header), len(request.body)) + header, request.body


def unpack_request(header: bytes, body: bytes) -> Request:
    said = json.loads(header)
    fetched_at, known = said.pop("fetched_at"), said.pop("known")
    return Request(
        **said,
        body=body,
        fetched_at=datetime.fromisoformat(fetched_at) if fetched_at else None,
        known=bytes.fromhex(known) if known is not None else None,
    )


def pack_reply(reply: Reply) -> bytes:
    result = _parsed(reply.result) if isinstance(reply.result, Parsed) else {"failed": reply.result.detail}
    said = {**result, "remedies": dict(reply.remedies)}
    packed = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return REPLY.pack(len(packed)) + packed


def _parsed(parsed: Parsed) -> dict[str, Any]:
    return {
        "entries": [
            (
                entry.guid, entry.link, entry.title, entry.summary, entry.body,
                _written(entry.published_at), _written(entry.updated_at), entry.author, entry.position,
            )
            for entry in parsed.entries
        ],
        "is_whole": parsed.is_whole,
        "title": parsed.title,
        "ttl": parsed.ttl.total_seconds() if parsed.ttl is not None else None,
        "warnings": parsed.warnings,
        "marks": _hex(parsed.marks),
        "window": parsed.window,
        "overlaps": parsed.overlaps,
    }  # fmt: skip


def unpack_reply(packed: bytes | bytearray, *, feed_id: str) -> Reply:
    """Raises `Nonsense`."""
    try:
        said = json.loads(packed)
        remedies = {_text(_DIGEST)(digest): _flag(reduced) for digest, reduced in said.pop("remedies").items()}
        result = ParseFailed(detail=_text(_LONGEST_NOTE)(said["failed"])) if "failed" in said else _read(said, feed_id)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise Nonsense(type(error).__name__) from None
    return Reply(result=result, remedies=remedies)


def _read(said: Mapping[str, Any], feed_id: str) -> Parsed:
    return Parsed(
        entries=tuple(_entry(each, feed_id) for each in _at_most(MOST_ENTRIES, said["entries"])),
        is_whole=_flag(said["is_whole"]),
        title=_text(LONGEST["title"])(said["title"]),
        ttl=_optional(_seconds, said["ttl"]),
        warnings=tuple(_text(_LONGEST_NOTE)(each) for each in _at_most(_MOST_NOTES, said["warnings"])),
        marks=_optional(bytes.fromhex, said["marks"]),
        window=_count(said["window"]),
        overlaps=_optional(_flag, said["overlaps"]),
    )


def _entry(said: list[Any], feed_id: str) -> Entry:
    guid, link, title, summary, body, published, updated, author, position = said
    return Entry(
        feed_id=feed_id,
        guid=_GUID(guid),
        link=_optional(_link, link),
        title=_TITLE(title),
        summary=_SUMMARY(summary),
        body=_BODY(body),
        published_at=_optional(_instant, published),
        updated_at=_optional(_instant, updated),
        author=_AUTHOR(author),
        position=_count(position),
    )


def _text(longest: int) -> Callable[[object], str]:
    def text(value: object) -> str:
        if not isinstance(value, str) or len(value) > longest:
            raise Nonsense
        value.encode()  # half a surrogate pair could not be stored
        return value

    return text


_GUID, _LINK, _TITLE, _SUMMARY, _BODY, _AUTHOR = (
    _text(LONGEST[name]) for name in ("guid", "link", "title", "summary", "body", "author")
)


def _link(value: object) -> str:
    link = _LINK(value)
    if not link[:8].lower().startswith(("http://", "https://")):
        raise Nonsense
    return link


def _instant(value: object) -> datetime:
    instant = datetime.fromisoformat(_text(40)(value))
    if instant.tzinfo is None:
        raise Nonsense
    return instant.astimezone(UTC)


def _seconds(value: object) -> timedelta:
    if not isinstance(value, int | float):
        raise Nonsense
    return timedelta(seconds=value)


def _count(value: object) -> int:
    if not isinstance(value, int) or not 0 <= value <= _POSITIONS:
        raise Nonsense
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise Nonsense
    return value


def _at_most(most: int, values: object) -> list[Any]:
    if not isinstance(values, list) or len(values) > most:
        raise Nonsense
    return values


def _optional(read: Callable[[Any], _T], value: object) -> _T | None:
    return None if value is None else read(value)


def _written(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant is not None else None


def _hex(data: bytes | None) -> str | None:
    return data.hex() if data is not None else None


SPEECH: Final[Speech[Request, Reply]] = Speech(
    child="monitor.feeds.box_child",
    needs="feedparser",
    pack=pack_request,
    unpack=lambda packed, request: unpack_reply(packed, feed_id=request.feed_id),
    largest=LARGEST_REPLY,
)
