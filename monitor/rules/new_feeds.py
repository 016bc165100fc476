"""Feeds added to a rules file by surgery on its text: every other byte stays, comments and all. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import yaml

from monitor.rules.yaml_nodes import composed
from monitor.text.clean import display

LONGEST_NAME: Final = 80  # characters: what alerts call it stands in a line of each
_PLACEHOLDER: Final = "${"
_NULLS: Final = frozenset(("~", "null", "Null", "NULL"))
_INDENT: Final = 2


class CannotInsert(Exception):
    """The file is written in a way that this does not understand. Nothing is lost: an author can add the feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFeed:
    """As it will be written; '' and empty settings are left out."""

    id: str
    url: str
    name: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    allow_private: bool = False
    full_text: bool = False

    def settings(self) -> dict[str, object]:
        written: dict[str, object] = {"id": self.id, "name": plain_name(self.name), "url": self.url}
        written |= {"language": self.language, "tags": [plain_name(tag) for tag in self.tags]}
        written |= {"allow_private": self.allow_private, "full_text": self.full_text}
        return {key: value for key, value in written.items() if value}


def plain_name(published: str) -> str:
    """A name that others chose, fit to be written: one line, nothing invisible, and no `${` that would be filled in."""
    return display(published)[:LONGEST_NAME].strip().replace(_PLACEHOLDER, "$ {")


def with_feeds(text: str, feeds: Sequence[NewFeed]) -> str:
    """The file with these at the end of its `feeds:`, which is made where there is none. Raises CannotInsert.

    What comes out was read again, and holds all that was there and the new feeds: nothing else is ever returned.
    """
    root = _composed(text)
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise CannotInsert
    changed = _inserted(text, root, feeds)
    if _data(_composed(changed)) != _expected(root, feeds):
        raise CannotInsert
    return changed


def has_feeds(text: str) -> bool:
    """Whether the file has a section of feeds, be it empty. False also for what is no YAML."""
    try:
        root = _composed(text)
    except CannotInsert:
        return False
    return isinstance(root, yaml.MappingNode) and _section(root) is not None


# --- where


def _inserted(text: str, root: yaml.MappingNode, feeds: Sequence[NewFeed]) -> str:
    ends = "\r\n" if "\r\n" in text else "\n"
    section = _section(root)
    column = root.value[0][0].start_mark.column if root.value else 0
    if section is None:
        begun = " " * column + "feeds:" + ends + _block(feeds, column + _INDENT, ends)
        whole = text if not text or text.endswith(("\n", "\r")) else text + ends
        return f"{whole}{ends}{begun}"
    key, value = section
    if isinstance(value, yaml.ScalarNode):
        if value.style or (value.value and value.value not in _NULLS):
            raise CannotInsert
        return _below(_without(text, value), key.end_mark.index, _block(feeds, column + _INDENT, ends), ends)
    if not isinstance(value, yaml.SequenceNode):
        raise CannotInsert
    if value.flow_style:
        return _in_brackets(text, key, value, feeds, column, ends)
    return _below(text, _end(value), _block(feeds, value.start_mark.column, ends), ends)


def _in_brackets(
    text: str, key: yaml.Node, value: yaml.SequenceNode, feeds: Sequence[NewFeed], column: int, ends: str
) -> str:
    """`[]` becomes a block, which is easier to read; what is in brackets already stays so."""
    if not value.value and text[value.start_mark.index : value.end_mark.index].strip("[] ") == "":
        return _below(_without(text, value), key.end_mark.index, _block(feeds, column + _INDENT, ends), ends)
    at = _end(value.value[-1]) if value.value else value.end_mark.index - 1
    written = ", ".join(_flow(feed) for feed in feeds)
    return f"{text[:at]}{', ' if value.value else ''}{written}{text[at:]}"


def _below(text: str, at: int, block: str, ends: str) -> str:
    """The block on lines of its own, below the line where `at` is; at `at` where that begins a line."""
    if at and text[at - 1] in "\r\n":
        return text[:at] + block + text[at:]
    end = re.compile(r"\r\n|\r|\n").search(text, at)
    if end is None:
        return text + ends + block.removesuffix(ends)  # it had no line end after its last line, and has none
    return text[: end.end()] + block + text[end.end() :]


def _without(text: str, value: yaml.Node) -> str:
    """Without an empty value and the space before it."""
    start = value.start_mark.index
    if start == value.end_mark.index:
        return text
    while text[start - 1] == " ":
        start -= 1
    return text[:start] + text[value.end_mark.index :]


def _end(node: yaml.Node) -> int:
    """Where the last thing in a node ends: a block's own end is where the next begins, comments between them."""
    if isinstance(node, yaml.SequenceNode) and not node.flow_style and node.value:
        return _end(node.value[-1])
    if isinstance(node, yaml.MappingNode) and not node.flow_style and node.value:
        return _end(node.value[-1][1])
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        return node.end_mark.index - node.end_mark.column
    return int(node.end_mark.index)


def _section(root: yaml.MappingNode) -> tuple[yaml.Node, yaml.Node] | None:
    return next(((key, value) for key, value in root.value if key.value == "feeds"), None)


# --- what


def _block(feeds: Sequence[NewFeed], column: int, ends: str) -> str:
    lines = []
    for feed in feeds:
        for number, (key, value) in enumerate(feed.settings().items()):
            lines.append(f"{' ' * column}{'  ' if number else '- '}{key}: {_written(value)}{ends}")
    return "".join(lines)


def _flow(feed: NewFeed) -> str:
    return (
        "{" + ", ".join(f"{key}: {_written(value, in_brackets=True)}" for key, value in feed.settings().items()) + "}"
    )


def _written(value: object, *, in_brackets: bool = False) -> str:
    """A value as YAML has it; a list always stands in brackets."""
    if in_brackets or isinstance(value, list):
        return _dumped([value], in_brackets=True)[1:-1]
    return _dumped({"_": value}, in_brackets=False).removeprefix("_: ")


def _dumped(value: object, *, in_brackets: bool) -> str:
    return str(yaml.safe_dump(value, default_flow_style=in_brackets, allow_unicode=True, width=float("inf"))).strip()


# --- read again


def _composed(text: str) -> yaml.Node | None:
    try:
        return composed(text)
    except yaml.YAMLError as error:
        raise CannotInsert from error


def _data(node: Any) -> object:
    """Every scalar as its text, in the order written."""
    if isinstance(node, yaml.MappingNode):
        return [(_data(key), _data(value)) for key, value in node.value]
    if isinstance(node, yaml.SequenceNode):
        return [_data(value) for value in node.value]
    return node.value if node is not None else None


def _expected(root: yaml.MappingNode, feeds: Sequence[NewFeed]) -> object:
    new = [_data(_composed(_flow(feed))) for feed in feeds]
    told = [(_data(key), _data(value)) for key, value in root.value]
    if _section(root) is None:
        return [*told, ("feeds", new)]
    return [
        (key, [*(value if isinstance(value, list) else []), *new] if key == "feeds" else value) for key, value in told
    ]
