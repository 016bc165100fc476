"""Which box of the page a place in a rule's text belongs to, and which line of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import yaml

from monitor.web.editing import samples
from monitor.web.editing.boxes import FIELDS, LISTS, NAMES, TITLES
from monitor.web.editing.places import Block, Node, Series, Text, composed

TEXT: Final = "yaml"  # the rule's text as a whole, of what no box has


def box_at(snippet: str, line: int, column: int) -> tuple[str, int]:
    """The field and its line, from 1; 0 for a field of one line. `line` and `column` count from 1, in the text of the
    rule with its dash in the first column."""
    at = (line, column)
    found = [(name, value) for name, value, start in _settings(snippet) if start <= at]
    if not found:
        return TEXT, line
    name, value = found[-1]
    if name == samples.SETTING:
        return _test_at(value, at) or (TEXT, line)
    if name == "title":
        return _title_at(value, at), 0
    if name in (*LISTS, *NAMES):
        return name, len([item for item in _items(value) if _start(item) <= at]) or 1
    return (name, 0) if name in FIELDS else (TEXT, line)


def _settings(snippet: str) -> Iterator[tuple[str, Node, tuple[int, int]]]:
    try:
        root = composed(snippet)
    except yaml.YAMLError:
        return
    if isinstance(root, Series) and root.value and isinstance(root.value[0], Block):
        for key, value in root.value[0].value:
            if isinstance(key, Text):
                yield key.value, value, _start(key)


def _start(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _items(value: Node) -> list[Node]:
    return list(value.value) if isinstance(value, Series) else []


def _test_at(tests: Node, at: tuple[int, int]) -> tuple[str, int] | None:
    """Of the last test that begins at it or above: of which kind it is, and which one of these."""
    before = [entry for entry in _items(tests) if _start(entry) <= at]
    kinds = [kind for entry in before for kind in samples.kinds_of(entry)[:1]]
    if not before or not samples.kinds_of(before[-1]):
        return None
    return kinds[-1], kinds.count(kinds[-1])


def _title_at(value: Node, at: tuple[int, int]) -> str:
    """That of the language, where each has its own; else the first of them."""
    languages = {language: field for field, language in TITLES.items()}
    pairs = value.value if isinstance(value, Block) else ()
    above = [languages[key.value] for key, _ in pairs if _start(key) <= at and key.value in languages]
    return above[-1] if above else next(iter(TITLES))
