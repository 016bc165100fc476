"""Lists of feeds, as other readers exchange them: OPML 2.0. Folders there are tags here."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import yaml

from monitor.errors import UsageError
from monitor.feeds.clean import drop_controls
from monitor.feeds.decode import decode
from monitor.feeds.urls import BadAddress, read_address
from monitor.model import Feed

LARGEST = 2 * 1024 * 1024  # bytes; ten thousand feeds
MOST_FEEDS = 10_000
_DECLARATION = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_PLACEHOLDER = "${"
_SEPARATORS = re.compile(r"[,/]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One feed of a list. `title` is '' where the list has none; `tags`: its folders and categories, no two alike."""

    url: str
    title: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriptions:
    """A list that was read, in its order, each address once. `skipped` says what was left out and why, for people."""

    feeds: tuple[Subscription, ...]
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpmlFailed:
    detail: str


def read_opml(data: bytes) -> Subscriptions | OpmlFailed:
    """The feeds of an OPML file. Nothing that it names is fetched, and a DOCTYPE is refused."""
    if len(data) > LARGEST:
        return OpmlFailed(detail=f"the file is larger than {LARGEST:,} bytes")
    text = drop_controls(decode(data, None).text)
    if _DECLARATION.search(text):
        return OpmlFailed(detail="the file holds a DOCTYPE, which no list of feeds needs")
    found = _listparser(text)
    if found is None or not found.get("version"):
        return OpmlFailed(detail="the file is no OPML")
    return _subscriptions(found["feeds"])


def import_opml(data: bytes) -> str:
    """The feeds of an OPML file as YAML, for `feeds:` in a rules file; what was left out stands in comments.

    Raises `UsageError` for a file that cannot be read.
    """
    found = read_opml(data)
    if isinstance(found, OpmlFailed):
        raise UsageError(f"{found.detail}: export the list of feeds again, as OPML")
    skipped = "".join(f"# left out: {_one_line(reason)}\n" for reason in found.skipped)
    feeds = [_as_setting(feed) for feed in found.feeds]
    return skipped + (yaml.safe_dump(feeds, allow_unicode=True, sort_keys=False, width=1000) if feeds else "")


def export_opml(feeds: Iterable[Feed], *, title: str = "monitor") -> bytes:
    """The feeds as OPML, each in the folder of its first tag; further tags are its categories.

    A feed whose address holds a secret is left out: the list is for other programs, and other people.
    """
    root = ElementTree.Element("opml", version="2.0")
    head = ElementTree.SubElement(root, "head")
    ElementTree.SubElement(head, "title").text = drop_controls(title)
    body = ElementTree.SubElement(root, "body")
    for folder, members in sorted(_folders(feed for feed in feeds if not _holds_secret(feed)).items()):
        parent = _outline(body, text=folder, title=folder) if folder else body
        for feed in members:
            _outline(parent, **_attributes(feed))
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _listparser(text: str) -> Mapping[str, Any] | None:
    """listparser on bytes: a str that looks like an address it would fetch."""
    import listparser  # with it comes requests: a command that reads no OPML need not load them

    try:
        found: Mapping[str, Any] = listparser.parse(text.encode("utf-8"))
    except Exception:  # noqa: BLE001 - it raises IndexError and others for tags that do not pair
        return None
    return found


def _subscriptions(found: Sequence[Mapping[str, Any]]) -> Subscriptions:
    feeds: dict[str, Subscription] = {}
    skipped: list[str] = []
    for each in found[:MOST_FEEDS]:
        why = _objection(each["url"])
        if why:
            skipped.append(f"{each.get('title') or 'a feed without a name'}: {why}")
        else:
            feeds[each["url"]] = Subscription(url=each["url"], title=each.get("title", ""), tags=_tags(each))
    if len(found) > MOST_FEEDS:
        skipped.append(f"{len(found) - MOST_FEEDS} feeds after the first {MOST_FEEDS:,}")
    return Subscriptions(feeds=tuple(feeds.values()), skipped=tuple(skipped))


def _objection(url: str) -> str:
    """Why an address is not taken over; '' if it is. `${NAME}` in somebody's list would send our secrets there."""
    if _PLACEHOLDER in url:
        return "the address holds '${', which would be filled in from our environment"
    try:
        read_address(url)
    except BadAddress as why:
        return str(why)
    return ""


def _as_setting(feed: Subscription) -> dict[str, object]:
    setting: dict[str, object] = {"url": feed.url}
    if feed.title:
        setting["name"] = _plain(feed.title)
    if feed.tags:
        setting["tags"] = [_plain(tag) for tag in feed.tags]
    return setting


def _plain(text: str) -> str:
    return _one_line(text).replace(_PLACEHOLDER, "$ {")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _holds_secret(feed: Feed) -> bool:
    return _PLACEHOLDER in feed.address or feed.url.reveal() != feed.address


def _tags(found: Mapping[str, Any]) -> tuple[str, ...]:
    """Every folder and category, the outer ones first; a path of folders is as many tags."""
    names = (name.strip() for path in found.get("categories", ()) for name in path)
    return tuple(dict.fromkeys(name for name in names if name))


def _folders(feeds: Iterable[Feed]) -> dict[str, list[Feed]]:
    folders: dict[str, list[Feed]] = defaultdict(list)
    for feed in feeds:
        folders[min(feed.tags, default="")].append(feed)
    return folders


def _attributes(feed: Feed) -> dict[str, str]:
    attributes = {"text": feed.name, "title": feed.name, "type": "rss", "xmlUrl": feed.address}
    others = sorted(tag for tag in feed.tags if not _SEPARATORS.search(tag))
    return {**attributes, "category": ",".join(others)} if len(feed.tags) > 1 else attributes


def _outline(parent: ElementTree.Element, **attributes: str) -> ElementTree.Element:
    return ElementTree.SubElement(parent, "outline", {name: drop_controls(value) for name, value in attributes.items()})
