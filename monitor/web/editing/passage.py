"""The lines of one rule in the text of its file: cut out to be edited, put back, a new one added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

import yaml

from monitor.web.editing.places import (
    Block,
    Node,
    Series,
    Text,
    colon_after,
    composed,
    data,
    end_of,
    is_nothing,
    line_end_of,
    line_start,
    lines,
    next_line,
    start_of,
)

BOM: Final = "\ufeff"


class NotHere(ValueError):
    """The rule cannot be edited where it stands; the text says why, for people."""

    def __init__(self, why: str, key: str) -> None:
        super().__init__(why)
        self.key = key  # of the words of the pages


@dataclass(frozen=True, slots=True)
class Passage:
    """A rule's whole lines [start, end) in the text of a file; `number` is its place among the file's rules, `dash`
    the column of its '-', `line` that of its first line, from 1."""

    text: str
    start: int
    end: int
    number: int
    dash: int

    @property
    def line(self) -> int:
        return len(lines(self.text[: self.start])) + 1

    @property
    def snippet(self) -> str:
        """The rule alone, its dash in the first column, lines ended by newlines."""
        return "".join(map(self._shown, self._raw()))

    def with_snippet(self, edited: str) -> str:
        """The file with the rule as edited. Lines that were not edited are what they were, to the byte."""
        raw = self._raw()
        new = _ended(edited)
        steps = SequenceMatcher(None, [self._shown(line) for line in raw], new, autojunk=False).get_opcodes()
        made: list[str] = []
        for step, old_from, old_to, new_from, new_to in steps:
            made += raw[old_from:old_to] if step == "equal" else map(self._indented, new[new_from:new_to])
        return self.text[: self.start] + "".join(_joined(made, self._newline)) + self.text[self.end :]

    @property
    def _newline(self) -> str:
        return line_end_of(self.text)

    def _raw(self) -> list[str]:
        return lines(self.text[self.start : self.end])

    def _shown(self, raw: str) -> str:
        line = raw.rstrip("\r\n")
        return line[min(self.dash, len(line) - len(line.lstrip(" "))) :] + "\n"

    def _indented(self, line: str) -> str:
        bare = line.rstrip("\n")
        return (" " * self.dash + bare if bare else "") + self._newline


def _ended(edited: str) -> list[str]:
    """Lines as browsers send them, each ended by a newline."""
    text = edited.replace("\r\n", "\n").replace("\r", "\n")
    return lines(text if text.endswith("\n") else text + "\n")


def _joined(made: Sequence[str], newline: str) -> Iterator[str]:
    for number, line in enumerate(made):
        yield line if line.endswith(("\n", "\r")) or number == len(made) - 1 else line + newline


def passage(text: str, rule_id: str) -> Passage:
    """Raises NotHere; yaml.YAMLError for a text that YAML cannot read."""
    rules = _rules(text)
    for number, node in enumerate(rules.value if rules is not None else ()):
        if isinstance(node, Block) and _id_of(node) == rule_id:
            assert rules is not None
            if rules.flow_style:
                raise NotHere("the rules of this file stand in brackets", "editor.in_brackets")
            dash = int(rules.start_mark.column)
            start = _line_of_dash(text, start_of(node), rules)
            return Passage(text, start, _with_comments(text, end_of(node, text), dash), number, dash)
    raise NotHere(f"there is no rule '{rule_id}' in this file", "editor.gone")


def with_new(text: str, snippet: str) -> str:
    """The file with one more rule, behind the last. Raises NotHere, yaml.YAMLError."""
    newline = line_end_of(text)
    rules, key = _rules(text), _key(text)
    if rules is not None and rules.value:
        if rules.flow_style:
            raise NotHere("the rules of this file stand in brackets", "editor.in_brackets")
        dash = int(rules.start_mark.column)
        last = rules.value[-1]
        at = _with_comments(text, end_of(last, text), dash)
        new = _at_column(snippet, dash, newline)
        made = _put(text, at, newline + new if _blank_between(text, rules) else new, newline)
        # An empty line may belong to the text of the last rule ('|+').
        return made if elsewhere_the_same(text, made, number=None) else _put(text, at, new, newline)
    if key is None:
        return _put(text, len(text), f"rules:{newline}" + _at_column(snippet, 2, newline), newline)
    name, value = key
    if not is_nothing(value) and not (isinstance(value, Series) and not value.value):
        raise NotHere("'rules' is no list in this file", "editor.in_brackets")
    at = colon_after(name, text)
    rest = text[at : end_of(value, text)] if not is_nothing(value) or _tilde(value) else ""
    line = next_line(text, at)
    head = _ended_before(text[:at] + text[at + len(rest) : line], newline)
    return head + _at_column(snippet, int(name.start_mark.column) + 2, newline) + text[line:]


def elsewhere_the_same(before: str, after: str, *, number: int | None) -> bool:
    """Whether two texts of a file say the same but for the rule of this place among their rules; None: a last one that
    only the second has. Raises yaml.YAMLError."""
    old, new = _parts(before), _parts(after)
    if old is None or new is None:
        return False
    (old_rest, old_rules), (new_rest, new_rules) = old, new
    if number is None:
        return old_rest == new_rest and old_rules == new_rules[:-1] and len(new_rules) == len(old_rules) + 1
    same_others = old_rules[:number] + old_rules[number + 1 :] == new_rules[:number] + new_rules[number + 1 :]
    return old_rest == new_rest and len(old_rules) == len(new_rules) and same_others


def _parts(text: str) -> tuple[list[object], list[object]] | None:
    root = composed(text)
    if not isinstance(root, Block):
        return None
    rest = [(data(key), data(value)) for key, value in root.value if data(key) != ("rules", False)]
    rules = [value for key, value in root.value if isinstance(key, Text) and key.value == "rules"]
    found = rules[0].value if rules and isinstance(rules[0], Series) else []
    return list(rest), [data(each) for each in found]


def _put(text: str, at: int, new: str, newline: str) -> str:
    return _ended_before(text[:at], newline) + new + text[at:]


def _ended_before(text: str, newline: str) -> str:
    return text if not text or text.endswith(("\n", "\r")) else text + newline


def _at_column(snippet: str, column: int, newline: str) -> str:
    return "".join((" " * column + line[:-1] if line != "\n" else "") + newline for line in _ended(snippet))


def _tilde(node: Node) -> bool:
    return isinstance(node, Text) and bool(node.value)


def _blank_between(text: str, rules: Series) -> bool:
    """Whether the file keeps an empty line between its rules."""
    if len(rules.value) < 2:
        return True
    first, second = rules.value[:2]
    between = lines(text[end_of(first, text) : start_of(second)])
    return any(not line.strip() for line in between[1:])


def _key(text: str) -> tuple[Node, Node] | None:
    root = composed(text)
    if root is None or is_nothing(root):
        return None
    if not isinstance(root, Block) or root.flow_style:
        raise NotHere("the file holds no settings, one a line", "editor.in_brackets")
    return next(((key, value) for key, value in root.value if isinstance(key, Text) and key.value == "rules"), None)


def _rules(text: str) -> Series | None:
    key = _key(text)
    return key[1] if key is not None and isinstance(key[1], Series) else None


def _id_of(node: Block) -> str | None:
    return next((v.value for k, v in node.value if k.value == "id" and isinstance(v, Text)), None)


def _line_of_dash(text: str, at: int, rules: Series) -> int:
    """Where the line of the dash begins whose rule begins at `at`. Raises NotHere."""
    dash, first = int(rules.start_mark.column), line_start(text, start_of(rules))
    here = line_start(text, at)
    while text[here : here + dash].strip() or text[here + dash : here + dash + 1] != "-":
        if here <= first:  # '? rules' and ': - id: …' are sound, and no lines of a rule
            raise NotHere("the rule does not begin on a line of its own", "editor.mid_line")
        here = line_start(text, here - 1)
    return here


def _with_comments(text: str, end: int, dash: int) -> int:
    """The end of a rule's last line, or of the comments below that are indented as its settings are."""
    at = end if end and text[end - 1] in "\r\n" else next_line(text, end)
    for line in lines(text[at:]):
        bare = line.lstrip(" ")
        if bare.startswith("#") and len(line) - len(bare) > dash:
            at += len(line)
        else:
            break
    return at


def first_id(snippet: str) -> str:
    """The id of the rule in a snippet; '' where there is none that can be read."""
    try:
        node = composed(snippet)
    except yaml.YAMLError:
        return ""
    rule = node.value[0] if isinstance(node, Series) and node.value else None
    return (_id_of(rule) or "") if isinstance(rule, Block) else ""
