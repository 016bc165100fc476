"""YAML text to nodes that know where they stand, for surgery on the text. Pure.

Made of the parser's events by ourselves, for what `yaml.compose` makes of a hostile text has no bound: an alias is its
anchor's node, so a few hundred bytes are gigabytes to whoever walks through them, or have no end. What rules may not
have anyway is not refused here, so that the reader of the rules tells it, with line and remedy: it is a text without
anything inside.
"""

from __future__ import annotations

import re
from typing import Any, Final

import yaml

from monitor.rules.yaml_hints import FLATTER, MAX_DEPTH, TOO_DEEP, Stop, explain, is_too_deep
from monitor.rules.yaml_source import Parser

Node = yaml.Node
Block = yaml.MappingNode
Series = yaml.SequenceNode
Text = yaml.ScalarNode

DEEPEST: Final = 2 * MAX_DEPTH  # so that the reader, which is asked next, sees what is too deep for it as it stands
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_OPENS: Final = (yaml.SequenceStartEvent, yaml.MappingStartEvent)
_CLOSES: Final = (yaml.SequenceEndEvent, yaml.MappingEndEvent)


class Unfit(yaml.MarkedYAMLError):
    """Sound YAML that no rule is; its problem is in our words."""


def hint(error: yaml.YAMLError, text: str) -> Stop | None:
    """What the author of this text most likely did, and is to do; None where there is no more to say than `error`."""
    if isinstance(error, Unfit) or not isinstance(error, yaml.MarkedYAMLError):
        return None
    stop = explain(error, _LINE_END.split(text), "")
    return stop if stop.what else None


def composed(text: str) -> Node | None:
    """What the text holds; None for nothing. An alias is a text, `*name`; so is what stands deeper than DEEPEST, as it
    is written. Anchors and tags are left out; a list with a dash a line begins at its first dash. Raises
    yaml.YAMLError, marked with a place where there is one."""
    try:
        return _Composer(text).root()
    except yaml.MarkedYAMLError as error:
        if not is_too_deep(error):
            raise
        raise Unfit(problem=f"{TOO_DEEP}; {FLATTER}", problem_mark=error.problem_mark) from None


class _Composer:
    """Without recursion. `open` are the collections that have not ended, `keys` the key that each block waits with."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._parser: Any = Parser(text)
        self._open: list[Block | Series] = []
        self._keys: list[Node | None] = []
        self._root: Node | None = None
        self._documents = 0

    def root(self) -> Node | None:
        while self._parser.check_event():
            self._take(self._parser.get_event())
        return self._root

    def _take(self, event: Any) -> None:
        match event:
            case yaml.ScalarEvent():
                self._place(_text(event.value, event, style=event.style))
            case yaml.AliasEvent():
                self._place(_text(f"*{event.anchor}", event))
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._begin(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._keys.pop()
                self._open.pop().end_mark = event.end_mark
            case yaml.DocumentStartEvent():
                self._document(event)

    def _begin(self, event: Any) -> None:
        if len(self._open) == DEEPEST:
            last = self._last_of()
            written = self._text[event.start_mark.index : last.end_mark.index]
            self._place(Text("", written, event.start_mark, last.end_mark))
            return
        kind = Block if isinstance(event, yaml.MappingStartEvent) else Series
        start = event.start_mark if event.flow_style or kind is Block else self._dash(event)
        made = kind("", [], start, event.end_mark, flow_style=event.flow_style)
        self._place(made)
        self._open.append(made)
        self._keys.append(None)

    def _last_of(self) -> Any:
        """The event that ends the collection that has just begun; those before it are left out."""
        depth, event = 1, None
        while depth:
            event = self._parser.get_event()
            depth += isinstance(event, _OPENS) - isinstance(event, _CLOSES)
        return event

    def _dash(self, event: Any) -> Any:
        """Where anchor or tag begin is its `start_mark`; `end_mark` stands at the dash, or behind it where the list is
        no further in than its key."""
        if event.anchor is None and event.tag is None:
            return event.start_mark
        at = event.end_mark
        if self._text[at.index : at.index + 1] == "-":
            return at
        return yaml.Mark("", at.index - 1, at.line, at.column - 1, None, 0)

    def _place(self, node: Node) -> None:
        if not self._open:
            self._root = node
        elif isinstance(into := self._open[-1], Series):
            into.value.append(node)
        elif self._keys[-1] is None:
            self._keys[-1] = node
        else:
            into.value.append((self._keys[-1], node))
            self._keys[-1] = None

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            what = "a second document begins here; remove the line '---'"
            raise Unfit(problem=what, problem_mark=event.start_mark)


def _text(value: str, event: Any, *, style: Any = "") -> Text:
    return Text("", value, event.start_mark, event.end_mark, style=style)
