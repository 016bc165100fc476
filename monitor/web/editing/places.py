"""Where things stand in the text of a YAML file: what a node takes up, and the lines around it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import yaml

from monitor.rules.yaml_nodes import Block, Node, Series, Text, composed

__all__ = ["Block", "Node", "Series", "Splice", "Text", "composed", "data", "spliced"]

_NOTHING: Final = ("", "~", "null", "Null", "NULL")
_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")


@dataclass(frozen=True, slots=True)
class Splice:
    """Put `text` instead of the characters [start, end)."""

    start: int
    end: int
    text: str


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """The text with all of them made; they do not overlap. Those at one place stand in the order given."""
    made: list[str] = []
    at = 0
    for splice in sorted(splices, key=lambda each: (each.start, each.end)):
        made += [text[at : splice.start], splice.text]
        at = splice.end
    return "".join([*made, text[at:]])


def data(node: Node | None) -> object:
    """What a node says, every scalar a text. Two texts of one data say the same."""
    if isinstance(node, Block):
        return [(data(key), data(value)) for key, value in node.value]
    if isinstance(node, Series):
        return [data(each) for each in node.value]
    return (node.value, is_nothing(node)) if isinstance(node, Text) else None


def is_nothing(node: Node | None) -> bool:
    return node is None or (isinstance(node, Text) and not node.style and node.value in _NOTHING)


def start_of(node: Node) -> int:
    return int(node.start_mark.index)


def end_of(node: Node, text: str) -> int:
    """Behind the node's last character. Comments behind it are not its own, though the parser's marks take them in."""
    if isinstance(node, Text):
        return _end_of_scalar(node, text)
    assert isinstance(node, Block | Series)
    if node.flow_style:
        return int(node.end_mark.index)
    last = node.value[-1] if node.value else None
    inner = last[1] if isinstance(last, tuple) else last
    if inner is None:
        return start_of(node)
    if isinstance(last, tuple) and is_nothing(inner) and not written(inner, text):
        return colon_after(last[0], text)
    return max(end_of(inner, text), start_of(node))


def _end_of_scalar(node: Text, text: str) -> int:
    end = int(node.end_mark.index)
    if node.style not in ("|", ">"):
        return end
    start = start_of(node)
    if "+" in line_at(text, start)[start - line_start(text, start) :].partition("#")[0]:
        return line_start(text, end) if not text[line_start(text, end) : end].strip() and end < len(text) else end
    return start + len(text[start:end].rstrip())


def written(node: Node, text: str) -> str:
    return text[start_of(node) : int(node.end_mark.index)].strip() if isinstance(node, Text) else "…"


def colon_after(key: Node, text: str) -> int:
    """Behind the colon of a key."""
    return text.index(":", int(key.end_mark.index)) + 1


# --- lines


def lines(text: str) -> list[str]:
    """With their ends."""
    return [found[0] for found in _LINE.finditer(text) if found[0]]


def line_start(text: str, at: int) -> int:
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def line_at(text: str, at: int) -> str:
    found = _LINE.match(text, line_start(text, at))
    return found[0] if found else ""


def next_line(text: str, at: int) -> int:
    """Where the line behind that of `at` begins; the end of the text behind the last one."""
    found = _LINE.match(text, at)
    return found.end() if found else len(text)


def line_end_of(text: str) -> str:
    """How the lines of a text end: as its first one does."""
    found = re.search(r"\r\n|\r|\n", text)
    return found[0] if found else "\n"


# --- writing


def scalar(value: str, like: Node | None = None) -> str:
    """A text as YAML of one line, that may stand anywhere. In quotes as `like` has them, else only where needed."""
    style = like.style if isinstance(like, Text) else None
    if style == "'" and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    if style == '"' or not _is_plain(value):
        return json.dumps(value, ensure_ascii=False)
    return value


@lru_cache(maxsize=1 << 12)
def _is_plain(value: str) -> bool:
    if value in _NOTHING or not value.isprintable() or value != value.strip():
        return False
    return all(list(_alone(shape.format(value))) == [value] for shape in ("[{}]", "- {}\n", "[{{a: {}}}]", "a: {}\n"))


def _alone(text: str) -> Iterator[str]:
    try:
        node = composed(text)
    except yaml.YAMLError:
        return
    while node is not None:
        if isinstance(node, Series) and len(node.value) == 1:
            (node,) = node.value
        elif isinstance(node, Block) and len(node.value) == 1 and node.value[0][0].value == "a":
            node = node.value[0][1]
        else:
            break
    if isinstance(node, Text) and not node.style:
        yield node.value
