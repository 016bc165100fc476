"""What feedparser makes of one entry, as an `Entry`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from monitor.feeds.dates import MOST_AHEAD, first_date
from monitor.model import Entry

# Characters. What is longer is cut: a headline of 4,096 characters is none.
LONGEST = {"guid": 2_048, "link": 4_096, "title": 4_096, "summary": 65_536, "body": 262_144, "author": 512}
_BREAKS = re.compile(r"[\t\r\n]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What an entry's values are read against. `base_url` is what relative links are relative to."""

    feed_id: str
    base_url: str
    fetched_at: datetime | None


def read_entry(raw: Mapping[str, Any], source: Source, *, position: int) -> Entry:
    """The entry as published: title, summary and body stand as feedparser gave them."""
    guid = _text(raw, "id", "guid")
    summary, body = _texts(raw)
    published, updated = _dates(raw, source.fetched_at)
    return Entry(
        feed_id=source.feed_id,
        guid=guid,
        link=_link(raw, guid, source.base_url),
        title=_text(raw, "title", "title"),
        summary=summary[: LONGEST["summary"]],
        body=body[: LONGEST["body"]],
        published_at=published,
        updated_at=updated,
        author=_text(raw, "author", "author"),
        position=position,
    )


def lies_ahead(entry: Entry, now: datetime | None) -> bool:
    """Whether a date of an entry that was read without `fetched_at` would be none with it."""
    dates = (entry.published_at, entry.updated_at)
    return now is not None and any(at is not None and at > now + MOST_AHEAD for at in dates)


def web_link(written: str, base_url: str) -> str | None:
    """A link as an absolute http or https address, or None for anything else.

    Line breaks within it are dropped and spaces encoded, as browsers do; a user name (which serves to make one site
    look like another) makes it none.
    """
    written = _BREAKS.sub("", written.strip()).replace(" ", "%20")
    if not written:
        return None
    try:
        link = urljoin(base_url, written)
        parts = urlsplit(link)
        usable = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    except ValueError:  # an IPv6 host that is none
        return None
    return link if usable and len(link) <= LONGEST["link"] and "\\" not in parts.netloc else None


def _text(raw: Mapping[str, Any], key: str, limit: str) -> str:
    value = dict.get(raw, key) if isinstance(raw, dict) else raw.get(key)
    return value[: LONGEST[limit]] if isinstance(value, str) else ""


def _link(raw: Mapping[str, Any], guid: str, base_url: str) -> str | None:
    """feedparser takes a guid for a link where there is none; that helps only where the guid is a whole address."""
    written = _string(raw.get("link"))
    if written == guid and not written.lower().startswith(("http://", "https://")):
        return None
    return web_link(written, base_url)


def _texts(raw: Mapping[str, Any]) -> tuple[str, str]:
    """Summary and body. Where only one text is given it is the summary, for that is where rules look by default.

    feedparser copies a content into an empty summary, and files a description that follows it under contents: then the
    text that is not the content is the summary.
    """
    summary = _string(raw.get("summary"))
    contents = [_string(content.get("value")) for content in raw.get("content", ()) if isinstance(content, Mapping)]
    others = [content for content in contents if content and content != summary]
    if not summary:
        return (others[0], "") if others else ("", "")
    if not others:
        return summary, ""
    if contents[0] == summary:
        return others[0], summary
    return summary, others[0]


def _dates(raw: Mapping[str, Any], fetched_at: datetime | None) -> tuple[datetime | None, datetime | None]:
    """Published and updated. An entry with only one date was published then, for all that its feed says."""
    published = first_date(_own(raw, "published", "created"), fetched_at=fetched_at)
    updated = first_date(_own(raw, "updated"), fetched_at=fetched_at)
    return (published or updated), updated


def _own(raw: Mapping[str, Any], *keys: str) -> Iterable[str]:
    """The values under these very keys: feedparser's own lookup answers 'updated' with what was published."""
    return (_string(dict.get(raw, key)) for key in keys) if isinstance(raw, dict) else ()


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
