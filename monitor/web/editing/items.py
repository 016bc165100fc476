"""An item of a list as a line of a box: a text, alternatives 'a | b', or YAML as it would stand in one line."""

from __future__ import annotations

import json
from typing import Final

import yaml

from monitor.web.editing.places import Block, Node, Series, Text, composed, scalar

OPENS: Final = ("{", "[", '"', "'")  # a line that begins so is YAML
BETWEEN: Final = "|"


class NotAnItem(ValueError):
    """A line that begins like YAML and is none; its text says what is wrong."""


def line_of(node: Node) -> str:
    if isinstance(node, Text):
        return node.value if _simple(node.value) else json.dumps(node.value, ensure_ascii=False)
    if isinstance(node, Series) and len(node.value) > 1:
        texts = [each.value for each in node.value if isinstance(each, Text)]
        if len(texts) == len(node.value) and all(map(_simple, texts)):
            return f" {BETWEEN} ".join(texts)
    return flow(node)


def flow(node: Node) -> str:
    """Any node in one line."""
    if isinstance(node, Block):
        return "{" + ", ".join(f"{flow(key)}: {flow(value)}" for key, value in node.value) + "}"
    if isinstance(node, Series):
        return "[" + ", ".join(map(flow, node.value)) + "]"
    assert isinstance(node, Text)
    return node.value if not node.style and not node.value else scalar(node.value)


def yaml_of(line: str) -> str:
    """What a line of a box is in a rules file. Raises NotAnItem."""
    if line.startswith(OPENS):
        return _checked(line)
    parts = [part.strip() for part in line.split(BETWEEN)]
    alternatives = [part for part in parts if part]
    if len(parts) > 1 and alternatives:
        return "[" + ", ".join(map(scalar, alternatives)) + "]"
    return scalar(line)


def _simple(value: str) -> bool:
    plain = value.isprintable() and value == value.strip() and value
    return bool(plain) and BETWEEN not in value and not value.startswith(OPENS)


def _checked(line: str) -> str:
    try:
        node = composed(f"[{line}]")
    except yaml.YAMLError as error:
        raise NotAnItem(str(getattr(error, "problem", None) or "it cannot be read")) from error
    if not isinstance(node, Series) or len(node.value) != 1 or node.value[0].end_mark.index != len(line) + 1:
        raise NotAnItem("more stands here than one item")
    return line
