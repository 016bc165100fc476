"""Changing one setting of a block: its value, a new one, one less."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from monitor.web.editing.items import yaml_of
from monitor.web.editing.lists import changed_list, without
from monitor.web.editing.places import (
    Block,
    Node,
    Series,
    Splice,
    Text,
    colon_after,
    end_of,
    is_nothing,
    line_at,
    line_start,
    lines,
    next_line,
    scalar,
    start_of,
    written,
)


class Beyond(ValueError):
    """What the boxes cannot change here without touching something else; the YAML itself can be changed."""


class Settings:
    """The settings of one block in its text. `order`: in which a new one is put in; it may have others."""

    def __init__(self, block: Block, text: str, order: Sequence[str], newline: str) -> None:
        self.block, self.text, self.order, self.newline = block, text, order, newline
        self.values: dict[str, Node] = {key.value: value for key, value in block.value if isinstance(key, Text)}
        self._keys: dict[str, Node] = {key.value: key for key, _ in block.value if isinstance(key, Text)}

    def text_of(self, name: str) -> str:
        """'' where it is not there, or no text."""
        node = self.values.get(name)
        return node.value if isinstance(node, Text) and not is_nothing(node) else ""

    def with_text(self, name: str, value: str) -> Iterator[Splice]:
        """One line of text; '' takes the setting away."""
        node = self.values.get(name)
        if not value:
            yield from self.without(name)
        elif node is None:
            yield self._with_new(name, scalar(value))
        else:
            yield self._instead(name, node, scalar(value, node))

    def with_list(self, name: str, wanted: Sequence[str], *, in_lines: bool) -> Iterator[Splice]:
        """`in_lines`: how a new list is written, one item a line or in brackets. An empty one is taken away."""
        node = self.values.get(name)
        if not wanted:
            yield from self.without(name)
        elif isinstance(node, Series) and node.value:
            yield from changed_list(node, wanted, self.text, self.newline)
        elif node is None:
            yield self._with_new(name, self._list(wanted, in_lines=in_lines))
        else:
            yield self._instead(name, node, "[" + ", ".join(map(yaml_of, wanted)) + "]")

    def without(self, name: str) -> Iterator[Splice]:
        """With its lines; comments that have lines of their own stay."""
        if name not in self._keys:
            return
        if self.block.flow_style:
            yield from self._without_in_braces(name)
            return
        start, end = start_of(self._keys[name]), self._ends(name)
        first = line_start(self.text, start)
        if self.text[first:start].strip():
            yield self._without_first(name, start)
            return
        kept = [line for line in lines(self.text[first:end]) if line.lstrip().startswith("#")]
        if kept and isinstance(self.values[name], Text):
            kept = []  # within a text of several lines it is no comment
        yield Splice(first, end, "".join(kept))

    def with_block(self, name: str, yaml: str) -> Iterator[Splice]:
        """A value as YAML of one line."""
        node = self.values.get(name)
        yield self._with_new(name, yaml) if node is None else self._instead(name, node, yaml)

    # --- how

    def _instead(self, name: str, node: Node, value: str) -> Splice:
        if is_nothing(node) and not written(node, self.text):
            at = colon_after(self._keys[name], self.text)
            return Splice(at, at, f" {value}")
        if isinstance(node, Block | Series) and not node.flow_style:
            raise Beyond(name)
        return Splice(start_of(node), end_of(node, self.text), value)

    def _with_new(self, name: str, value: str) -> Splice:
        before = self._before(name)
        if self.block.flow_style:
            if not before:
                raise Beyond(name)
            at = max(end_of(self.values[before], self.text), colon_after(self._keys[before], self.text))
            return Splice(at, at, f", {name}: {value}")
        at = self._ends(before) if before else line_start(self.text, start_of(self.block))
        if not before and self.text[at : start_of(self.block)].strip():
            raise Beyond(name)
        gap = "" if value.startswith(("\n", "\r")) else " "
        indent = " " * int(self.block.start_mark.column)
        return Splice(at, at, f"{indent}{name}:{gap}{value}{self.newline}")

    def _list(self, wanted: Sequence[str], *, in_lines: bool) -> str:
        items = list(map(yaml_of, wanted))
        if self.block.flow_style or not in_lines:
            return "[" + ", ".join(items) + "]"
        indent = self.newline + " " * (int(self.block.start_mark.column) + 2)
        return "".join(f"{indent}- {item}" for item in items)

    def _before(self, name: str) -> str:
        """The setting behind which a new one belongs."""
        place = self.order.index(name)
        earlier = [key for key in self._keys if key in self.order and self.order.index(key) < place]
        return max(earlier, key=self.order.index, default=next(reversed(self._keys), ""))

    def _ends(self, name: str) -> int:
        """Of the last line of its value."""
        value = self.values[name]
        empty = is_nothing(value) and not written(value, self.text)
        at = colon_after(self._keys[name], self.text) if empty else end_of(value, self.text)
        return at if at and self.text[at - 1] in "\r\n" else next_line(self.text, at)

    def _without_in_braces(self, name: str) -> Iterator[Splice]:
        names = list(self._keys)
        if len(names) < 2:
            raise Beyond(name)
        spans = [(start_of(self._keys[each]), end_of(self.values[each], self.text)) for each in names]
        yield from without(spans, names.index(name), names.index(name) + 1, self.text)

    def _without_first(self, name: str, start: int) -> Splice:
        """Of a setting behind a dash: the next one comes up to it."""
        names = list(self._keys)
        if len(names) < 2 or names[0] != name:
            raise Beyond(name)
        end = start_of(self._keys[names[1]])
        if "#" in self.text[start:end] or "#" in line_at(self.text, start):
            raise Beyond(name)
        return Splice(start, end, "")
