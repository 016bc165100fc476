"""What is kept of the entries that a rule matched, as their feed served them: gathered before the transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from monitor import __version__, canon
from monitor.feeds.exchange import masked, secrets_of, written_address
from monitor.feeds.raw_items import RawItem, raw_items
from monitor.model import Entry, Evidence, Feed, Fetched, PageSeen, Parsed, RuleText
from monitor.text.fold import VERSION

if TYPE_CHECKING:
    from monitor.language import Rule

ITEM_LIMIT: Final = 1_000_000  # bytes of one entry; its parser reads 256 Ki characters
BODY_LIMIT: Final = 4_000_000  # of a document from which entries cannot be cut; real feeds are smaller
REPEATS: Final = "it repeats a secret of the feed's address, headers or proxy"
PAGE_LIMIT: Final = 256_000  # bytes of an article's page: those of most newsrooms; what makes others larger is no text
TOO_LARGE_TO_KEEP: Final = "the page is too large to be kept whole: its digest is that of all its bytes"
NOT_CUT: Final = "its bytes could not be told from those of the document, which is kept whole"


def rule_texts(rules: Iterable[Rule]) -> dict[str, RuleText]:
    """By id."""
    written = ((rule.id, canon.text(rule)) for rule in rules)
    return {
        rule_id: RuleText(rule_id=rule_id, text=text, sha256=sha256(text.encode("utf-8", "surrogatepass")).digest())
        for rule_id, text in written
    }


def witness(
    feed: Feed,
    page: Fetched,
    parsed: Parsed,
    entries: Sequence[Entry],
    rules: Mapping[str, RuleText],
    waiting: Sequence[Entry] = (),
) -> dict[int, Evidence]:
    """Evidence of these entries of a document, by their positions. `rules` are those that matched any of them.

    `waiting`: entries that no rule matched yet. No document is kept whole for their sake.
    """
    items = raw_items(page.body, parsed.marks, parsed.window, [*entries, *waiting])
    secrets = [secret.encode("utf-8", "surrogatepass") for secret in secrets_of(feed)]
    seen = _page(feed, page, is_needed=any(entry.position not in items for entry in entries), secrets=secrets)
    bare = Evidence(page=seen, rules=rules)
    told = [*entries, *(entry for entry in waiting if entry.position in items)]
    return {entry.position: _evidence(bare, items.get(entry.position), secrets) for entry in told}


def witness_article(feed: Feed, link: str, page: Fetched, rules: Mapping[str, RuleText]) -> Evidence:
    """Evidence of the text that was read from an article's page, which is kept whole or not at all."""
    hidden = secrets_of(feed)
    secrets = [secret.encode("utf-8", "surrogatepass") for secret in hidden]
    is_small, repeats = len(page.body) <= PAGE_LIMIT, _repeats(page.body, secrets)
    seen = replace(
        _seen(feed, page, masked(link, hidden)),
        body=page.body if is_small and not repeats else None,
        note=REPEATS if repeats else "" if is_small else TOO_LARGE_TO_KEEP,
    )
    return Evidence(page=seen, rules=rules, note=seen.note, of_article=True)


def _seen(feed: Feed, page: Fetched, address: str) -> PageSeen:
    """Without its bytes."""
    return PageSeen(
        feed_id=feed.id,
        address=address,
        url=masked(page.url, secrets_of(feed)),
        fetched_at=page.fetched_at,
        exchange=page.exchange,
        sha256=sha256(page.body).digest(),
        size=len(page.body),
        monitor=__version__,
        normal_form=VERSION,
    )


def _page(feed: Feed, page: Fetched, *, is_needed: bool, secrets: Sequence[bytes]) -> PageSeen:
    told = is_needed and not _repeats(page.body, secrets)
    return replace(
        _seen(feed, page, written_address(feed)),
        body=page.body[:BODY_LIMIT] if told else None,
        is_cut=told and len(page.body) > BODY_LIMIT,
        note=REPEATS if is_needed and not told else "",
    )


def _evidence(bare: Evidence, item: RawItem | None, secrets: Sequence[bytes]) -> Evidence:
    if item is None:
        return replace(bare, note=bare.page.note or NOT_CUT)
    told = replace(bare, sha256=sha256(item.data).digest(), size=len(item.data), encoding=item.encoding)
    if _repeats(item.data, secrets):
        return replace(told, note=REPEATS)
    return replace(told, item=item.data[:ITEM_LIMIT], is_cut=len(item.data) > ITEM_LIMIT)


def _repeats(data: bytes, secrets: Sequence[bytes]) -> bool:
    return any(secret in data for secret in secrets)
