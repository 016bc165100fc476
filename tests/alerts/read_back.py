"""Messages read as their programs read them: what people see, and what of it is live."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from markdown_it import MarkdownIt

# What monitor's own templates write; `br` and the head are of no consequence.
TAGS = {
    "telegram": {"b", "a"},
    "matrix": {"b", "a", "br"},
    "html": {"html", "head", "meta", "title", "style", "body", "div", "p", "a", "mark", "bdi"},
}
_MENTIONS = re.compile(r"@(?=\w)|<[!@#]")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066\u2067]")
_ISOLATES = re.compile("[\u2068\u2069\u2060]")


@dataclass
class Shown:
    """`text`: what people see, without isolating characters and word joiners. `links`: what can be followed, in order.
    `strong`: what stands out."""

    text: str = ""
    links: list[str] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    strong: list[str] = field(default_factory=list)


def read_back(body: str, format: str) -> Shown:
    shown = {"slack": _slack, "markdown": _markdown}.get(format, _html if format in TAGS else _text)(body)
    shown.text = _ISOLATES.sub("", shown.text)
    return shown


def assert_dead(body: str, format: str, allowed: set[str]) -> Shown:
    """Nothing in it is live but the addresses allowed; no bidirectional control, no half of a pair."""
    shown = read_back(body, format)
    assert shown.tags <= TAGS.get(format, set()) | {"strong"}, shown.tags
    assert set(shown.links) <= allowed, shown.links
    assert not {name for name in shown.attributes if name.startswith("on")}
    assert not _BIDI.search(body)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]", body)
    for line in body.split("\n"):
        assert line.count("\u2068") == line.count("\u2069"), line
    body_without = body
    for address in allowed:
        body_without = body_without.replace(address, "").replace(address.replace("&", "&amp;"), "")
    assert not _MENTIONS.search(body_without.replace("<!DOCTYPE", "").replace("@media", "")), format
    return shown


# --- one reader a format


def _text(body: str) -> Shown:
    return Shown(text=body, links=re.findall(r"https?://\S+", body))


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.shown, self._open = Shown(), list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.shown.tags.add(tag)
        self.shown.attributes |= {name for name, _ in attrs}
        self.shown.links += [str(value) for name, value in attrs if name in ("href", "src", "action", "background")]
        if tag not in ("meta", "br"):
            self._open.append(tag)
        if tag in ("b", "mark"):
            self.shown.strong.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("meta", "br"):
            assert self._open.pop() == tag, f"<{tag}> is not nested"

    def handle_data(self, data: str) -> None:
        if "style" in self._open or "title" in self._open:
            return
        self.shown.text += data
        if {"b", "mark"} & set(self._open):
            self.shown.strong[-1] += data
        if "a" not in self._open:
            self.shown.links += re.findall(r"https?://\S+", data)

    def close(self) -> None:
        super().close()
        assert self._open == []


def _html(body: str) -> Shown:
    reader = _Html()
    reader.feed(body)
    reader.close()
    return reader.shown


def _slack(body: str) -> Shown:
    """Slack's own reading: `<…>` is live, `*…*` between spaces is bold, three entities are undone."""
    live = re.findall(r"<([^<>]*)>", body)
    bare = re.sub(r"<[^<>|]*\|?([^<>]*)>", r"\1", body)
    assert not re.search(r"[<>]", bare), bare
    links = [_unescaped(each.partition("|")[0]) for each in live]
    links += [_unescaped(each) for each in re.findall(r"https?://\S+", bare)]
    strong = re.findall(r"(?<!\S)\*(\S[^*\n]*?)\*(?!\S)", bare)
    text = re.sub(r"(?<!\S)\*(\S[^*\n]*?)\*(?!\S)", r"\1", bare)
    return Shown(text=_unescaped(text), links=links, strong=[_unescaped(each) for each in strong])


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _markdown(body: str) -> Shown:
    """CommonMark, with what Discord and others add that can be seen from outside: `~~`, `||`, bare addresses."""
    shown, depth = Shown(), 0
    for block in MarkdownIt("commonmark").enable("strikethrough").parse(body):
        assert block.type in ("paragraph_open", "paragraph_close", "inline"), block.type
        for token in block.children or ():
            match token.type:
                case "text":
                    shown.text += token.content
                    if depth:
                        shown.strong[-1] += token.content
                    if not shown.tags & {"in a link"}:
                        shown.links += re.findall(r"https?://\S+", token.content)
                case "text_special":
                    shown.text += token.content
                    if depth:
                        shown.strong[-1] += token.content
                case "softbreak" | "hardbreak":
                    shown.text += "\n"
                case "strong_open":
                    depth += 1
                    shown.strong.append("")
                case "strong_close":
                    depth -= 1
                case "link_open":
                    shown.links.append(str(token.attrs["href"]))
                    shown.tags.add("in a link")
                case "link_close":
                    shown.tags.discard("in a link")
                case other:
                    raise AssertionError(f"{other}: {token.content}")
        shown.text += "\n" if block.type == "paragraph_close" else ""
    return shown
