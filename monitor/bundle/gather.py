"""The files of a bundle, made of nothing but what is stored: equal state, equal bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from monitor import canon
from monitor.bundle import readable
from monitor.model import PageSeen
from monitor.store.read import Reader
from monitor.store.views import evidence
from monitor.store.views.evidence import Seen
from monitor.store.why import account, alerts_of_story

FORMAT: Final = "monitor evidence"
FORMAT_VERSION: Final = 1
MANIFEST: Final = "manifest.json"
_MOST_ALERTS: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What a bundle is made of. `bodies`: of pages that are kept whole; `items`: by versions. `missing`: what is not
    there and why, in English."""

    story_id: int
    seen: tuple[Seen, ...]
    pages: Mapping[int, PageSeen]
    items: Mapping[int, bytes]
    bodies: Mapping[int, bytes]
    rules: Mapping[str, str]  # by digest
    story: Mapping[str, Any]
    missing: tuple[str, ...] = field(default=())


def gather(reader: Reader, story_id: int) -> Gathered:
    seen = evidence.of_story(reader, story_id)
    page_ids = sorted({each.page_id for each in seen if each.page_id is not None})
    digests = sorted({digest for each in seen for digest in each.rules.values()})
    return Gathered(
        story_id=story_id,
        seen=seen,
        pages=evidence.pages(reader, page_ids),
        items=_kept((each.version_id, evidence.item_of(reader, each.version_id)) for each in seen),
        bodies=_kept((page_id, evidence.body_of(reader, page_id)) for page_id in page_ids),
        rules={digest: text for digest in digests if (text := evidence.rule_text(reader, digest)) is not None},
        story=_story(reader, story_id, seen),
        missing=tuple(_missing(seen)),
    )


def _kept(found: Iterator[tuple[int, bytes | None]]) -> dict[int, bytes]:
    return {key: data for key, data in found if data is not None}


def _missing(seen: Sequence[Seen]) -> Iterator[str]:
    for each in seen:
        where = f"entry {each.entry_id}, version {each.number}"
        if each.item is None:
            yield f"{where}: nothing was kept (matched by a version of monitor that kept no evidence)"
        elif not each.item.is_kept and each.item.note:
            yield f"{where}: {each.item.note}"
        elif each.item.is_cut:
            yield f"{where}: only the first bytes of {each.item.size:,} are kept"
    if len(seen) == evidence.MOST:
        yield f"the story has more versions than the first {evidence.MOST:,}"


def _story(reader: Reader, story_id: int, seen: Sequence[Seen]) -> dict[str, Any]:
    """Its decisions and deliveries."""
    entries = [account(reader, entry_id) for entry_id in sorted({each.entry_id for each in seen})]
    alerts = alerts_of_story(reader, story_id, below=2**62, limit=_MOST_ALERTS)
    told: dict[str, Any] = canon.plain({"story": story_id, "entries": entries, "alerts": list(reversed(alerts))})
    return told


# --- files


def files(gathered: Gathered) -> dict[str, bytes]:
    """All but the manifest, by name."""
    found = {
        "README.txt": readable.notes().encode(),
        "page.html": readable.page(gathered.seen, gathered.pages, gathered.story, gathered.missing).encode(),
        "story.json": _json(gathered.story),
    }
    found |= {item_name(each): gathered.items[each.version_id] for each in gathered.seen if _is_kept(gathered, each)}
    found |= {document_name(gathered.pages[page_id]): body for page_id, body in gathered.bodies.items()}
    found |= {exchange_name(page): _json(exchange(page)) for page in gathered.pages.values()}
    found |= {rule_name(digest): text.encode("utf-8", "surrogatepass") for digest, text in gathered.rules.items()}
    return found


def manifest(gathered: Gathered, found: Mapping[str, bytes], extra_missing: Sequence[str] = ()) -> bytes:
    told = {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "story": gathered.story_id,
        "files": {name: {"sha256": sha256(data).hexdigest(), "size": len(data)} for name, data in found.items()},
        "records": [_record(gathered, each) for each in gathered.seen],
        "missing": [*gathered.missing, *extra_missing],
    }
    return _json(told)


def _record(gathered: Gathered, each: Seen) -> dict[str, Any]:
    page = gathered.pages.get(each.page_id) if each.page_id is not None else None
    record: dict[str, Any] = {
        "entry": each.entry_id,
        "version": each.number,
        "feed": each.feed_id,
        "link": each.link,
        "published_at": canon.plain(each.published_at),
        "seen_at": canon.plain(each.seen_at),
        "rules": {rule_id: {"sha256": digest, "file": rule_name(digest)} for rule_id, digest in each.rules.items()},
    }
    if each.item is not None:
        kept = {"file": item_name(each)} if _is_kept(gathered, each) else {}
        record["item"] = kept | {
            "sha256": each.item.sha256 or None,
            "size": each.item.size,
            "is_cut": each.item.is_cut,
            "encoding": each.item.encoding,
            "note": each.item.note,
            "of_article": each.item.of_article,
        }
    if page is not None:
        whole = {"document_file": document_name(page)} if each.page_id in gathered.bodies else {}
        record["document"] = whole | {
            "sha256": page.sha256.hex(),
            "size": page.size,
            "is_cut": page.is_cut,
            "exchange_file": exchange_name(page),
        }
    return record


def _is_kept(gathered: Gathered, each: Seen) -> bool:
    return each.version_id in gathered.items


def item_name(each: Seen) -> str:
    return f"items/entry-{each.entry_id}-version-{each.number}.xml"


def document_name(page: PageSeen) -> str:
    return f"documents/{page.sha256.hex()}.bin"


def exchange_name(page: PageSeen) -> str:
    return f"exchanges/{page.fetched_at:%Y%m%dT%H%M%S.%fZ}-{page.sha256.hex()[:16]}.json"


def rule_name(digest: str) -> str:
    return f"rules/{digest}.json"


def exchange(page: PageSeen) -> dict[str, Any]:
    """What was asked and answered, for people and programs."""
    seen = page.exchange
    told: dict[str, Any] = {
        "feed": page.feed_id,
        "address_as_written": page.address,
        "final_address": page.url,
        "fetched_at": canon.plain(page.fetched_at),
        "document": {"sha256": page.sha256.hex(), "size": page.size, "note": page.note},
        "monitor_version": page.monitor,
        "normal_form_version": page.normal_form,
    }
    if seen is not None:
        told |= {
            "request": {"method": seen.method, "headers": [list(each) for each in seen.request]},
            "response": {"status": seen.status, "headers": [list(each) for each in seen.response]},
            "peer": seen.peer,
            "peer_is_a_proxy": seen.proxied,
            "transport": seen.secure or "no TLS",
        }
    return told


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8", "replace")
