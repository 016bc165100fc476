"""What was seen of an entry as its feed served it, so that it can be shown later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and the answer to it. Neither holds a secret: what might (a password, a cookie, the operator's own
    headers) is left out or masked.

    `peer` is the address that we were connected to ('' if unknown), `proxied`: that of a proxy. `secure`: how we knew
    whom we spoke to, '' for a connection without TLS. Names of the answer's headers are in lower case, and lines of one
    name are one.
    """

    method: str
    request: Headers
    status: int
    response: Headers
    peer: str = ""
    proxied: bool = False
    secure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSeen:
    """A document that held entries which a rule matched. `address` is what the operator wrote, `url` the final address;
    neither holds a secret. `sha256` and `size` are of all its bytes, inflated.

    `body` is there where an entry could not be cut out of it: then of at most its first bytes, of all unless `is_cut`.
    `note`: why something is not kept.
    """

    feed_id: str
    address: str
    url: str
    fetched_at: datetime
    exchange: Exchange | None
    sha256: bytes
    size: int
    monitor: str  # its version
    normal_form: int
    body: bytes | None = None
    is_cut: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleText:
    """A rule as it was loaded, in one way of writing; `sha256` is that of the text in UTF-8."""

    rule_id: str
    text: str
    sha256: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Of one version of an entry. `item` are the bytes of its element in the document, of all unless `is_cut`; None
    where they could not be told, or hold a secret: `note` says which. `sha256` and `size` are of all of them.
    `encoding`: in which they read as what was matched.

    `of_article`: the page is not the feed's document but that of the article that the entry links to. There is no
    element to be cut out then; `note` says why the page is not kept, '' where it is.
    """

    page: PageSeen
    rules: Mapping[str, RuleText]
    item: bytes | None = None
    sha256: bytes | None = None
    size: int = 0
    is_cut: bool = False
    encoding: str = ""
    note: str = ""
    of_article: bool = False
