"""The entries of an ordinary RSS 2.0 document, as feedparser would give them, at a tenth of its cost.

Most feeds are a row of items, each a row of a few well-known elements that hold text. For just those this reads what
feedparser reads; for anything else it says so, and feedparser reads the document. `tests/feeds/test_plain.py` holds
both against each other. The text was cleaned (`clean`), cut (`parts`), and found well-formed by expat.

What feedparser 6 does to a value, and is done here: white space around it goes; a text that is UTF-8 read as Latin-1 is
read again; the controls U+0080 to U+009F are what windows-1252 has at their place; slashes after '://' beyond two go,
in links; and '&name;' in a link loses its semicolon.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from monitor.feeds.parts import Parts

_ROOT = re.compile(r"""<rss((?:\s+(?:version|xmlns:[A-Za-z0-9_.-]+)\s*=\s*(?:"[^"<>]*"|'[^'<>]*'))+)\s*>""")
_ATTRIBUTE = re.compile(r"""(\S+?)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
# The prefixes that elements below may have, and what they must stand for.
_PREFIXES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "media": "http://search.yahoo.com/mrss/",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "atom": "http://www.w3.org/2005/Atom",
}
# Elements of the channel that feedparser takes in without a trace on what follows.
_CHANNEL = re.compile(r"\s*<channel>")
_OF_CHANNEL = re.compile(
    r"""\s*(?: <(title|link|description|language|copyright|generator|ttl|docs|pubDate|lastBuildDate|category
                |managingEditor|webMaster|sy:updatePeriod|sy:updateFrequency|sy:updateBase)>[^<]*</\1\s*>
        | <atom:link\s[^<>]*/>
        | <image>\s*(?:<(?:url|title|link|width|height|description)>
            [^<]*</(?:url|title|link|width|height|description)\s*>\s*)*</image\s*> )""",
    re.VERBOSE,
)
_TAIL = re.compile(r"\s*</channel\s*>\s*</rss>")
_BASE = re.compile(r"\s(?:xml:base|base|xml:lang|lang)\s*=")
_ITEM = re.compile(r"<item>(.*)</item\s*>", re.DOTALL)
_ELEMENT = re.compile(
    r"""\s*<(?: (title|link|description|pubDate|author|comments|slash:comments|wfw:commentRss
                  |dc:creator|dc:date|content:encoded)\s*>([^<]*)</\1\s*>
        | (guid)((?:\s+isPermaLink\s*=\s*(?:"[a-z]*"|'[a-z]*'))?)\s*>([^<]*)</guid\s*>
        | (?:category|dc:subject)(?:\s[^<>]*)?>[^<]*</(?:category|dc:subject)\s*>
        | (?:enclosure|media:content|media:thumbnail)\s[^<>]*/> )""",
    re.VERBOSE,
)
_REFERENCES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_REFERENCE = re.compile(r"&(amp|lt|gt|quot|apos);")
_LINE_END = re.compile(r"\r\n?")
_SLASHES = re.compile(r"([A-Za-z][A-Za-z0-9+-.]*://)/*")
_NAMED = re.compile(r"&([A-Za-z0-9_]+);")
_WINDOWS = {code: bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xA0)}
_MARKED = re.compile("[\x80-\x9f]")


def read_plain(parts: Parts) -> list[Mapping[str, Any]] | None:
    """One dictionary an entry, with those of feedparser's keys that `entries.read_entry` reads; None for a document
    that is not as plain as that."""
    root = _ROOT.match(parts.head)
    declared = _declared(root[1]) if root else None
    if root is None or declared is None:
        return None
    if not _is_plain_head(parts.head, root.end()) or not _TAIL.fullmatch(parts.tail):
        return None
    strange = tuple(f"<{prefix}:" for prefix, uri in _PREFIXES.items() if declared.get(f"xmlns:{prefix}") != uri)
    if any(prefix in parts.head for prefix in strange):
        return None
    entries: list[Mapping[str, Any]] = []
    for written in parts.entries:
        entry = None if any(prefix in written for prefix in strange) else _entry(written)
        if entry is None:
            return None
        entries.append(entry)
    return entries


def _declared(attributes: str) -> dict[str, str] | None:
    """The root's attributes, if it says that it is RSS 2.0."""
    declared = {found[1]: found[2] or found[3] or "" for found in _ATTRIBUTE.finditer(attributes)}
    return declared if declared.get("version") == "2.0" else None


def _is_plain_head(head: str, at: int) -> bool:
    channel = _CHANNEL.match(head, at)
    if channel is None or _BASE.search(head):
        return False
    *_, end = (channel.end(), *(element.end() for element in _row(_OF_CHANNEL, head, channel.end())))
    return not head[end:].strip()


def _row(element: re.Pattern[str], text: str, at: int = 0) -> Iterator[re.Match[str]]:
    """Elements that follow each other, as far as they do."""
    while found := element.match(text, at):
        yield found
        at = found.end()


def _entry(written: str) -> dict[str, Any] | None:
    item = _ITEM.fullmatch(written)
    values = _values(item[1]) if item else None
    if values is None or ("author" in values and "dc:creator" in values):
        return None
    entry: dict[str, Any] = {}
    _texts(values, entry)
    _links(values, entry)
    for key, name in _COPIED:
        if name in values:
            entry[key] = _text(values[name])
    return entry


_COPIED = (
    ("title", "title"),
    ("author", "author"),
    ("author", "dc:creator"),
    ("published", "pubDate"),
    ("updated", "dc:date"),
)


def _values(inner: str) -> dict[str, str] | None:
    """The elements that count, by name, in their order; None if there is anything else, or one of them twice."""
    values: dict[str, str] = {}
    at = 0
    for element in _row(_ELEMENT, inner):
        at = element.end()
        name = element[1] or element[3]
        if name is None:
            continue
        if name in values:
            return None
        values[name] = element[2] if element[1] else element[5]
        if name == "guid":
            values["isPermaLink"] = element[4].partition("=")[2].strip().strip("\"'") if element[4] else "true"
    return None if inner[at:].strip() else values


def _texts(values: Mapping[str, str], entry: dict[str, Any]) -> None:
    if "description" in values:
        entry["summary"] = _text(values["description"])
    if "content:encoded" in values:
        entry["content"] = [{"value": _text(values["content:encoded"])}]


def _links(values: Mapping[str, str], entry: dict[str, Any]) -> None:
    is_link = values.get("isPermaLink") == "true"
    if "guid" in values:
        entry["id"] = _text(values["guid"], is_address=is_link)
    if "link" in values:
        entry["link"] = _NAMED.sub(r"&\1", _text(values["link"], is_address=True).replace("&amp;", "&"))
    elif is_link:
        entry["link"] = entry["id"]


def _text(written: str, *, is_address: bool = False) -> str:
    text = _LINE_END.sub("\n", written) if "\r" in written else written
    if "&" in text:
        text = _REFERENCE.sub(lambda found: _REFERENCES[found[1]], text)
    text = text.strip()
    if is_address:
        text = _SLASHES.sub(r"\1", text, count=1) if _SLASHES.match(text) else text
    if not text.isascii():
        with contextlib.suppress(UnicodeError):
            text = text.encode("latin-1").decode("utf-8")
        if _MARKED.search(text):
            text = text.translate(_WINDOWS)
    return text
