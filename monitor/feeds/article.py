"""An article's web page to an entry: its headline, its description, its paragraphs.

Told apart by what pages say of themselves (`og:title`, `<article>`), not by any look at their layout. So a page that
fetches its text by script has only its headline and description here, and one that marks no article gives all of its
paragraphs, menus left out as far as they are marked as such. What is kept stands as it was published, with its markup.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Final

from monitor.feeds.decode import decode
from monitor.model import Entry
from monitor.text.clean import display

_MOST: Final = 2_000_000  # characters of a page that are read; the longest articles that we know are below 300,000
_LONGEST_BODY: Final = 200_000

# As in `text.markup`: what does not close before the next '<' is text, and every character is read a bounded number of
# times, whatever a page holds.
_TAG = re.compile(
    r"""<(?P<close>/?)(?P<name>[A-Za-z][^\s/<>"']*+)(?P<rest>(?:[^<>"']++|"[^"<]*+"|'[^'<]*+'|["'])*+)>|<!--"""
)
_ATTRIBUTE = re.compile(r"""([A-Za-z:_-]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'<>=`]++))""")
_META_CHARSET = re.compile(rb"""<meta[^<>]{1,200}?charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_IS_PAGE = re.compile(r"<(?:!doctype\s{1,9}html|html|head|body)\b", re.IGNORECASE)

_RAW = ("script", "style", "textarea", "title")  # up to their own ends, tags in them are text
_BESIDE = ("nav", "footer", "aside", "form", "noscript", "template", "button", "select", "dialog", "menu")
_ENDS_PARAGRAPH = (
    "p", "div", "article", "section", "main", "ul", "ol", "li", "table", "blockquote", "figure", "header", "body",
    "h1", "h2", "h3", "h4", "h5", "h6", *_BESIDE,
)  # fmt: skip
_TITLES = ("og:title", "twitter:title")
_DESCRIPTIONS = ("og:description", "twitter:description", "description")


@dataclass(frozen=True, slots=True)
class _Piece:
    """Something of a page, as published. `of_article`, `of_main`: where it stands; `beside`: in a menu or the like."""

    html: str
    of_article: bool
    of_main: bool
    beside: bool


def is_page(body: bytes, content_type: str | None) -> bool:
    """Whether it is a web page, by what it says or what its beginning has. A feed may look like one: ask that first."""
    said = (content_type or "").partition(";")[0].strip().lower()
    return said in ("text/html", "application/xhtml+xml") or bool(
        _IS_PAGE.search(decode(body[:8192], content_type).text)
    )


def tags_in(text: str) -> Iterator[tuple[str, str]]:
    """Each opening tag: its name in small letters, and what stands behind it, for `attributes_of`."""
    for tag in _TAG.finditer(text):
        if tag["name"] and not tag["close"]:
            yield tag["name"].lower(), tag["rest"]


def page_text(body: bytes, content_type: str | None) -> str:
    """Its characters, as far as they are read."""
    labelled = _META_CHARSET.search(body[:8192])
    if labelled and "charset" not in (content_type or "").lower():
        content_type = f"{content_type or 'text/html'}; charset={labelled[1].decode('ascii')}"
    return decode(body, content_type).text[:_MOST]


def read_article(body: bytes, content_type: str | None, *, url: str) -> Entry:
    """What a page tells; its parts are empty where it does not say them."""
    page = _Page(page_text(body, content_type))
    title = next((page.meta[name] for name in _TITLES if page.meta.get(name)), "")
    headings = [piece.html for piece in page.headings if not piece.beside and display(piece.html)]
    summary = next((page.meta[name] for name in _DESCRIPTIONS if page.meta.get(name)), "")
    paragraphs = _chosen(page.paragraphs)
    text = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs) or page.told_to_machines()
    return Entry(
        feed_id="",
        link=url,
        title=title or next(iter(headings), "") or page.title,
        summary=summary,
        body=text[:_LONGEST_BODY],
    )


def _chosen(pieces: list[_Piece]) -> list[str]:
    """The paragraphs of the article, where one is marked; else of the main part; else all that are not beside it."""
    told = [piece for piece in pieces if display(piece.html)]
    ways = (
        [piece for piece in told if piece.of_article and not piece.beside],
        [piece for piece in told if piece.of_main and not piece.beside],
        [piece for piece in told if not piece.beside],
        told,
    )
    return [piece.html for piece in next(filter(None, ways), [])]


class _Page:
    """One walk over a page."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._absent: set[str] = set()
        self._depth = dict.fromkeys(("article", "main", *_BESIDE), 0)
        self.title = ""
        self.meta: dict[str, str] = {}
        self.headings: list[_Piece] = []
        self.paragraphs: list[_Piece] = []
        self._data: list[str] = []
        self._walk()

    def _walk(self) -> None:
        at, begun = 0, dict[str, int]()  # where the paragraph or heading that is open begins
        while tag := _TAG.search(self._text, at):
            at = tag.end()
            if tag[0] == "<!--":
                at = self._after("-->", at)
                continue
            name, closes = tag["name"].lower(), bool(tag["close"])
            if "p" in begun and name in _ENDS_PARAGRAPH:
                self.paragraphs.append(self._piece(begun.pop("p"), tag.start()))
            if "h1" in begun and name == "h1":
                self.headings.append(self._piece(begun.pop("h1"), tag.start()))
            if name in ("p", "h1") and not closes:
                begun[name] = at
            if name in self._depth:
                self._depth[name] = max(0, self._depth[name] + (-1 if closes else 1))
            elif name == "meta":
                self._note_meta(attributes_of(tag["rest"]))
            elif name in _RAW and not closes:
                at = self._raw(name, tag["rest"], at)
        if "p" in begun:
            self.paragraphs.append(self._piece(begun["p"], len(self._text)))

    def _piece(self, start: int, end: int) -> _Piece:
        return _Piece(
            html=self._text[start:end].strip(),
            of_article=self._depth["article"] > 0,
            of_main=self._depth["main"] > 0,
            beside=any(self._depth[name] for name in _BESIDE),
        )

    def _note_meta(self, said: Mapping[str, str]) -> None:
        name = (said.get("property") or said.get("name") or "").lower()
        if name and "content" in said:
            self.meta.setdefault(name, said["content"].strip())

    def _raw(self, name: str, attributes: str, start: int) -> int:
        """Over an element whose content is no markup; where its end tag begins."""
        end = self._closing(name, start)
        if end < 0:
            return start
        if name == "title" and not self.title:
            self.title = self._text[start:end].strip()
        if name == "script" and attributes_of(attributes).get("type", "").lower() == "application/ld+json":
            self._data.append(self._text[start:end])
        return end

    def _after(self, ending: str, start: int) -> int:
        at = -1 if ending in self._absent else self._text.find(ending, start)
        if at < 0:
            self._absent.add(ending)
            return start
        return at + len(ending)

    def _closing(self, name: str, start: int) -> int:
        if name in self._absent:
            return -1
        found = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE | re.ASCII).search(self._text, start)
        if found is None:
            self._absent.add(name)
            return -1
        return found.start()

    def told_to_machines(self) -> str:
        """The text that some pages give search engines and no reader (schema.org, `articleBody`); '' without."""
        for data in self._data:
            try:
                told = json.loads(data)
            except (ValueError, RecursionError):
                continue
            for text in _article_bodies(told):
                return text
        return ""


def _article_bodies(told: object) -> Iterator[str]:
    """Breadth first, and no deeper than such data are."""
    level: list[object] = [told]
    for _ in range(5):
        for node in level:
            if isinstance(node, dict) and isinstance(node.get("articleBody"), str) and node["articleBody"].strip():
                yield node["articleBody"].strip()
        inner = [each for node in level if isinstance(node, dict) for each in node.values()]
        inner += [each for node in level if isinstance(node, list) for each in node]
        level = inner[:10_000]


def attributes_of(rest: str) -> dict[str, str]:
    """By name in small letters; of two the first counts, as in browsers."""
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(rest):
        found.setdefault(name.lower(), unescape(double or single or bare))
    return found
