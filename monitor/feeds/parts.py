"""A cleaned feed cut into its head, its entries and its tail, so that one bad entry can be treated by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST_ENTRIES = 2_000
LONGEST_ENTRY = 256 * 1024  # characters of markup
LONGEST_HEAD = 256 * 1024
LONGEST_VALUE = 64 * 1024  # characters of one element in what an entry is reduced to
# Of a document: beyond, its entries are reduced. feedparser takes some 20 µs for each tag, and for each attribute.
MOST_TAGS = 100_000
MOST_ATTRIBUTES = 200_000
_ROOT = re.compile(r"<((?:[\w.-]{1,40}:)?(rss|feed|rdf|channel))(?=[\s/>])[^<>]*>", re.IGNORECASE)
_HTML = re.compile(r"<html(?=[\s/>])", re.IGNORECASE)
_ENTRY = re.compile(r"<((?:[\w.-]{1,40}:)?(?:item|entry))(?=[\s/>])", re.IGNORECASE)
_PLAIN_ENTRY = re.compile(r"<(item|entry)(?=[\s/>])", re.IGNORECASE)
_MOST_PIECES = 30
# An entry that is a plain row of these elements leaves feedparser as it was: by our own fuzzing of its handlers, it is
# nesting, other elements and renamed ones through which an entry changes how the next is read.
_PLAIN = (
    r"title|link|guid|id|description|summary|content(?::encoded)?|pubDate|published|updated|dc:(?:date|creator|subject)"
    r"|author|category|enclosure|comments|slash:comments|wfw:commentRss|media:(?:content|thumbnail|credit)|post-id"
)
# No possessive repeats: with groups in them Python 3.11 can end in a SystemError (seen with 3.11.7).
_PLAIN_ROW = re.compile(
    rf"""<(item|entry)(?=[\s>])[^<>]*>
    (?: [^<]* (?: <(?:{_PLAIN})(?=[\s/>])[^<>]*(?<=/)>
                 | <({_PLAIN})(?=[\s>])[^<>]*>[^<]*</\2\s*>
                 | <author>\s*(?:<(name|email|uri)>[^<]*</\3>\s*)*</author> ) )*
    [^<]*</\1\s*>""",
    re.VERBOSE,
)
_RENAMING = re.compile(r"<[^<>]*\s(?:xmlns|xml:base|base)[\s:=]")
# What an entry is reduced to, and a head.
_ESSENTIAL = re.compile(
    r"<((?:[\w.-]{1,40}:)?(title|link|guid|id|description|summary|encoded|content|pubDate|date|published|updated|creator))"
    r"(?=[\s/>])[^<>]*>",
    re.IGNORECASE,
)
_HEAD = re.compile(r"<((?:[\w.-]{1,40}:)?(channel|title|link|ttl))(?=[\s/>])[^<>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """`head` ends before the first entry, `tail` begins after the last; together they are a document without entries.
    `left_out` entries were too many. `is_whole` is False for a document that breaks off before its end."""

    head: str
    entries: tuple[str, ...]
    tail: str
    left_out: int = 0
    is_whole: bool = True

    def document(self, *entries: str) -> str:
        return "".join(("<?xml version='1.0' encoding='utf-8'?>\n", self.head, *entries, self.tail))

    def is_plain(self) -> bool:
        """Whether the entries hold nothing by which one could change how feedparser reads the next."""
        return all(_PLAIN_ROW.fullmatch(entry) and not _RENAMING.search(entry) for entry in self.entries)


class NoFeed(ValueError):
    """There is no feed in the text. The message says what there is instead, as far as it can be told."""


def split(text: str) -> Parts:
    """Cut a cleaned document. What is too large to be given to a parser is reduced. Raises `NoFeed`."""
    root = _root(text)
    end = _last_close(text, root[1])
    marks = _entry_marks(text, root.end(), end)
    first, last = (marks[0][0], marks[-1][1]) if marks else (end, end)
    head = _small_head(text[root.start() : first], root)
    must_reduce = text.count("<", root.start(), end) > MOST_TAGS or text.count("=", root.start(), end) > MOST_ATTRIBUTES
    return Parts(
        head=head,
        entries=tuple(_bounded(text[start:stop], must_reduce) for start, stop in marks[:MOST_ENTRIES]),
        tail=f"{_closing(text[last:end], head)}</{root[1]}>",
        left_out=max(0, len(marks) - MOST_ENTRIES),
        is_whole=end < len(text),
    )


def has_root(before: str, after: str) -> bool:
    """Whether the root opens in the text before the entries and closes in the text after them."""
    root = _ROOT.search(before)
    return root is not None and f"</{root[1]}" in after


def _bounded(entry: str, must_reduce: bool) -> str:
    is_closed = entry.endswith(">") and entry[entry.rfind("<") :].startswith("</")
    return entry if is_closed and len(entry) <= LONGEST_ENTRY and not must_reduce else reduce_entry(entry)


def reduce_entry(entry: str) -> str:
    """An entry with nothing but what an alert needs: the first of each essential element, markup within it as text."""
    opening = _ENTRY.match(entry)
    if opening is None:
        return ""
    kept = "".join(_first_of_each(entry, _ESSENTIAL))
    return f"<{opening[1]}>{kept}</{opening[1]}>"


def _root(text: str) -> re.Match[str]:
    root, page = _ROOT.search(text), _HTML.search(text)
    if page is not None and (root is None or page.start() < root.start()):
        raise NoFeed("a web page, where a feed should be (a login, a captcha, or the wrong address)")
    if root is None:
        raise NoFeed("no RSS, RDF or Atom document")
    return root


def _last_close(text: str, name: str) -> int:
    """Where the root ends: what hosts append after it is not read. The end of the text, if it never does."""
    at = text.rfind(f"</{name}")
    return at if at >= 0 else len(text)


def _entry_marks(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where each entry begins and ends. One that is not closed ends where the next begins; the last where all ends."""
    first = _PLAIN_ENTRY.search(text, start, end) or _ENTRY.search(text, start, end)
    if first is None:
        return []
    tags = re.compile(rf"<(/?){re.escape(first[1])}(?=[\s/>])[^<>]*>")
    marks: list[tuple[int, int]] = []
    opened: int | None = None
    for tag in tags.finditer(text, first.start(), end):
        if opened is not None:
            marks.append((opened, tag.end() if tag[1] else tag.start()))
        opened = None if tag[1] else tag.start()
    return marks if opened is None else [*marks, (opened, end)]


def _small_head(head: str, root: re.Match[str]) -> str:
    if len(head) <= LONGEST_HEAD and head.count("<") <= MOST_TAGS // 10:
        return head
    rest = "".join(piece for piece in _first_of_each(head[root.end() - root.start() :], _HEAD))
    return root[0] + rest


def _closing(tail: str, head: str) -> str:
    """The tail, so that it closes what the head leaves open: in RSS 2.0, the channel."""
    if len(tail) > LONGEST_HEAD or tail.count("<") > MOST_TAGS // 10:
        tail = ""
    channel = re.search(r"<((?:[\w.-]{1,40}:)?channel)(?=[\s/>])", head)
    is_open = channel is not None and f"</{channel[1]}" not in head and f"</{channel[1]}" not in tail
    return f"{tail}</{channel[1]}>" if channel and is_open else tail


def _first_of_each(text: str, wanted: re.Pattern[str]) -> Iterator[str]:
    seen: set[str] = set()
    for tag in wanted.finditer(text):
        is_empty = tag[0].endswith("/>")
        key = tag[0] if is_empty else tag[1]  # an Atom entry has several links, each one empty element
        if key in seen or len(seen) == _MOST_PIECES:
            continue
        seen.add(key)
        end = text.find(f"</{tag[1]}", tag.end())
        if is_empty or tag[2].lower() == "channel":
            yield tag[0]
        elif end >= 0:
            yield f"{tag[0]}{_as_text(text[tag.end() : end])}</{tag[1]}>"


def _as_text(markup: str) -> str:
    """Tags as text; references stand, and none is cut in two."""
    text = markup[:LONGEST_VALUE].replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"&[^;]{0,8}$", "", text) if len(markup) > LONGEST_VALUE else text
