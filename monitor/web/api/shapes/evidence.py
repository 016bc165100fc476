"""What is kept of a story's reports as their feeds served them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pydantic import Field

from monitor.model import Exchange, PageSeen
from monitor.store.views.evidence import Item, Seen
from monitor.web.api.shapes.alerts import FeedId, RuleId, StoryId
from monitor.web.api.shapes.base import Count, Shape, Text, text_of

_DIGEST = "SHA-256, in hexadecimal; '' where none was taken."


class ItemShape(Shape):
    """The bytes of the entry's own element in the feed's document."""

    sha256: str = Field(description=_DIGEST)
    size: Count = Field(description="Bytes.")
    encoding: str
    kept: bool = Field(description="Whether the bytes are there, in the bundle; of a long one its beginning.")
    cut: bool
    note: str = Field(description="Why they are not there; English.")


class ExchangeShape(Shape):
    """One request and the answer to it. What is secret is left out or masked."""

    method: str
    status: int
    request: tuple[tuple[str, str], ...] = Field(description="Names and values of headers, in the order sent.")
    response: tuple[tuple[str, str], ...] = Field(description="Names are in lower case; lines of one name are one.")
    peer: str = Field(description="The address that was connected to; '' where it is unknown.")
    proxied: bool = Field(description="It was that of a proxy.")
    secure: str = Field(description="How it was known who answers; '' without TLS.")


class DocumentShape(Shape):
    """The feed's document in which it stood."""

    url: str = Field(description="Where it was found in the end. It holds no secret, and may lead nowhere.")
    asked_for: str = Field(description="The address as it stands in the rules, without what is secret.")
    fetched_at: datetime
    sha256: str = Field(description="Of all its bytes, inflated; hexadecimal.")
    size: Count = Field(description="Bytes, inflated.")
    exchange: ExchangeShape | None
    monitor: str = Field(description="The version of monitor that read it.")
    normal_form: int = Field(description="The version of the normal form in which rules read it.")
    note: str = Field(description="Why something is not kept; English.")


class SeenShape(Shape):
    """One text of an entry that a rule matched, or that led to the article in which one did."""

    version: str = Field(description="The id of the text.", examples=["9"])
    entry: str = Field(examples=["7"])
    number: int = Field(ge=1, description="Which of the entry's texts it is.")
    feed: FeedId
    seen_at: datetime
    published_at: datetime | None
    headline: Text
    item: ItemShape | None = Field(description="null where nothing was kept: it is older, or was in no document.")
    document: DocumentShape | None
    rules: dict[RuleId, str] = Field(
        description="The rules that matched, each by the SHA-256 of its text then; none of one that led."
    )


class EvidenceShape(Shape):
    """A page of what is known; the bytes are in the bundle."""

    story: StoryId
    seen: tuple[SeenShape, ...] = Field(description="In the order seen.")
    next: str | None = Field(description="To be handed back as `after`; null at the end.", examples=["9"])


def seen_shape(each: Seen, documents: Mapping[int, PageSeen]) -> SeenShape:
    document = documents.get(each.page_id) if each.page_id is not None else None
    return SeenShape(
        version=str(each.version_id),
        entry=str(each.entry_id),
        number=each.number,
        feed=each.feed_id,
        seen_at=each.seen_at,
        published_at=each.published_at,
        headline=text_of(each.title or each.summary),
        item=_item(each.item) if each.item else None,
        document=_document(document) if document else None,
        rules=dict(each.rules),
    )


def _item(item: Item) -> ItemShape:
    return ItemShape(
        sha256=item.sha256,
        size=item.size,
        encoding=item.encoding,
        kept=item.is_kept,
        cut=item.is_cut,
        note=item.note,
    )


def _document(page: PageSeen) -> DocumentShape:
    return DocumentShape(
        url=page.url,
        asked_for=page.address,
        fetched_at=page.fetched_at,
        sha256=page.sha256.hex(),
        size=page.size,
        exchange=_exchange(page.exchange) if page.exchange else None,
        monitor=page.monitor,
        normal_form=page.normal_form,
        note=page.note,
    )


def _exchange(told: Exchange) -> ExchangeShape:
    return ExchangeShape(
        method=told.method,
        status=told.status,
        request=tuple(told.request),
        response=tuple(told.response),
        peer=told.peer,
        proxied=told.proxied,
        secure=told.secure,
    )
