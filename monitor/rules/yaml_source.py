"""YAML text to plain data with positions. Pure: the text is given, and so is the file's name.

Reads PyYAML's parse events (the C parser where there is one) instead of its nodes: depth, aliases, tags and second
documents are then refused as they come, before anything is built out of them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import yaml

from monitor.language import Location
from monitor.regular import MAX_BYTES
from monitor.rules.characters import forbidden, invisible
from monitor.rules.mending import MAX_MENDS, Draft
from monitor.rules.nodes import Block, Node, Scalar, Series
from monitor.rules.problems import MAX_PROBLEMS, Report, shown
from monitor.rules.yaml_hints import FLATTER, MAX_DEPTH, TOO_DEEP, explain

try:
    from yaml.cyaml import CParser as _Parser  # type: ignore[attr-defined]
except ImportError:  # a PyYAML built without libyaml: the same events, about ten times slower
    from yaml import SafeLoader as _Parser  # type: ignore[assignment]

Parser: Callable[[str], Any] = _Parser
_LINE_END = re.compile(r"\r\n|\r|\n")
_HASHTAG = re.compile(r"[ \t]+#(?=[^\s#!$-])")
_TAB_INDENT = re.compile(r"[ \t]*?(?=\t)")


@dataclass(frozen=True, slots=True)
class Source:
    """A file that YAML could read. `digest` is the SHA-256 of its bytes."""

    file: str
    data: Block = field(repr=False)
    digest: str = ""


def decode(raw: bytes, file: str, report: Report) -> str | None:
    """The file's text, or None with a problem told."""
    start = Location(file, 1, 1)
    if len(raw) > MAX_BYTES:
        remedy = "split it: put rules into further files and name them under 'include'"
        report.error(start, "R108", f"the file has {len(raw):,} bytes; at most {MAX_BYTES:,} are read", remedy)
        return None
    remedy = "save it as UTF-8 (in Windows Notepad: Save as, Encoding: UTF-8)"
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        report.error(start, "R111", "the file is saved as UTF-16", remedy)
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", "replace")
        at = _offset_location(before, len(before), file)
        report.error(at, "R111", f"the byte {raw[error.start]:#04x} here is not UTF-8", remedy)
        return None


def read_yaml(raw: bytes, file: str, report: Report, *, parser: Callable[[str], Any] = Parser) -> Source | None:
    """One file as data, or None when it cannot be read at all; every problem found goes into the report."""
    text = decode(raw, file, report)
    if text is None:
        return None
    lines = _LINE_END.split(text)
    report.add_file(file, lines)
    draft = _draft(text, lines, file, report)
    try:
        data = _composed(text, draft, file, report, parser)
    except _Stop:
        return None
    if not isinstance(data, Block):
        _not_settings(data, file, report)
        return None
    if text and not text.endswith(("\n", "\r")):
        at = Location(file, len(lines), len(lines[-1]) + 1)
        what = "the last line has no line end: was the file cut off while it was written or copied?"
        report.warning(at, "R114", what, "look at the end of the file, then add an empty line")
    return Source(file, data, hashlib.sha256(raw).hexdigest())


def _composed(text: str, draft: Draft | None, file: str, report: Report, parser: Callable[[str], Any]) -> Node:
    """What the file holds, read on behind each mistake that can be mended; raises `_Stop` at one that cannot."""
    while draft is not None:
        try:
            return _Builder(file, report, draft).build(parser(draft.text if draft.changed else text))
        except yaml.MarkedYAMLError as error:
            stop = explain(error, draft.lines, file)
        if stop.what and not draft.follows_from_mending(stop):
            report.error(draft.at(stop.at), stop.code, stop.what, stop.remedy)
        if not draft.mend(stop):
            break
    raise _Stop


def _draft(text: str, lines: list[str], file: str, report: Report) -> Draft | None:
    """The lines without what no line may hold, each told; None when too much is wrong for a text."""
    draft = Draft(lines)
    unsound = list(islice(forbidden(text), MAX_PROBLEMS + 1))
    for offset, name in unsound:
        at = _offset_location(text, offset, file)
        report.error(
            at, "R102", f"the character {name} cannot stand in a YAML file", "delete it and type the line anew"
        )
        if len(unsound) <= MAX_MENDS:
            draft.without_forbidden(at.line)
    for number, line in enumerate(lines, 1):
        tab = _TAB_INDENT.match(line)
        if tab and line.strip() and not line.lstrip().startswith("#"):
            at = Location(file, number, tab.end() + 1)
            report.error(
                at, "R101", "this line is indented with a tab", "YAML allows only spaces: use two for each tab"
            )
            draft.without_tabs(number)
    return draft if len(unsound) <= MAX_MENDS else None


def _offset_location(text: str, offset: int, file: str) -> Location:
    before = text[:offset]
    ends = list(_LINE_END.finditer(before))
    return Location(file, len(ends) + 1, offset - (ends[-1].end() if ends else 0) + 1)


def _not_settings(data: Node, file: str, report: Report) -> None:
    if data is None or (isinstance(data, Scalar) and data.nothing):
        what = "the file is empty, or everything in it is commented out"
        report.error(Location(file, 1, 1), "R107", what, "a rules file has at least 'version: 1' and 'rules:'")
    else:
        remedy = "begin with 'version: 1' and then 'rules:', each on a line of its own"
        report.error(data.at, "R207", "the file holds no settings (lines like 'version: 1')", remedy)


class _Stop(Exception):
    """The file cannot be read on; its problem is told."""


class _Builder:
    """Events to nodes, without recursion. `stack` holds the open collections, `keys` the key each block waits with."""

    def __init__(self, file: str, report: Report, draft: Draft) -> None:
        self.file, self.report, self.draft, self.lines = file, report, draft, draft.lines
        self.stack: list[Block | Series] = []
        self.keys: list[Scalar | None] = []
        self.root: Node = None
        self.documents = 0

    def build(self, parser: Any) -> Node:
        for event in _events(parser):
            self._take(event)
        return self.root

    def _take(self, event: yaml.Event) -> None:
        match event:
            case yaml.ScalarEvent():
                self._refuse_decorations(event)
                self._place(self._scalar(event))
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._refuse_decorations(event)
                self._open(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self.stack.pop()
                self.keys.pop()
            case yaml.AliasEvent():
                self._alias(event)
            case yaml.DocumentStartEvent():
                self._document(event)

    def _open(self, event: yaml.Event) -> None:
        at = self._at(event)
        if len(self.stack) >= MAX_DEPTH:
            self.report.error(at, "R108", TOO_DEEP, FLATTER)
            raise _Stop
        made = Block(at) if isinstance(event, yaml.MappingStartEvent) else Series(at)
        if self.stack and isinstance(self.stack[-1], Block) and self.keys[-1] is None:
            remedy = "a setting's name is a plain word; if this is a search text or a ${…}, put it in quotes"
            self.report.error(at, "R207", "a list or block stands where the name of a setting should be", remedy)
            raise _Stop
        self._place(made)
        self.stack.append(made)
        self.keys.append(None)

    def _place(self, node: Node) -> None:
        if not self.stack:
            self.root = node
            return
        into = self.stack[-1]
        if isinstance(into, Series):
            into.append(node)
        elif self.keys[-1] is None:
            self.keys[-1] = self._key(into, node)
        else:
            key, self.keys[-1] = self.keys[-1], None
            into.setdefault(key, node)

    def _key(self, into: Block, key: Scalar) -> Scalar:
        if key == "<<":  # in quotes, too: no setting has this name, and whoever writes it means that
            remedy = "write the settings out; what many rules share goes under 'defaults' or 'groups'"
            self.report.error(key.at, "R109", "the merge key '<<' is not allowed", remedy)
        elif key in into:
            what = f"'{shown(key)}' stands twice in the same block (first on line {into.key_at(key).line})"
            self.report.error(key.at, "R105", what, "keep one of the two, or put both into one list")
        return key

    def _scalar(self, event: Any) -> Scalar:
        at, plain = self._at(event), bool(event.implicit[0])
        if (at.line, at.column) in self.draft.silent:
            return Scalar.make(event.value, at).filled(None)  # told already
        multiline = plain and event.end_mark.line > event.start_mark.line and bool(event.value)
        if plain:
            self._lost_hashtag(event)
        unseen = list(invisible(event.value))
        for offset, name in unseen:
            self._refuse_invisible(Location(self.file, at.line, at.column + offset) if plain else at, name, event.value)
        # Without them, so that a key is known as what its author sees.
        hidden = {offset for offset, _ in unseen}
        text = "".join(char for index, char in enumerate(event.value) if index not in hidden) if hidden else event.value
        return Scalar.make(text, at, plain=plain, multiline=multiline)

    def _refuse_invisible(self, at: Location, name: str, value: str) -> None:
        remedy = "delete it: it cannot be seen, and the text would never be found" + _space_hint(name)
        self.report.error(at, "R102", f"the invisible character {name} stands in {shown(value)}", remedy)

    def _lost_hashtag(self, event: Any) -> None:
        """`- غارة #عاجل`: YAML takes what follows ' #' for a comment. A comment of ours has a space after its '#'."""
        if not event.value or event.end_mark.line >= len(self.lines):
            return
        line = self.lines[event.end_mark.line]
        hashed = _HASHTAG.match(line, event.end_mark.column)
        if hashed:
            at = self.draft.at(Location(self.file, event.end_mark.line + 1, hashed.end()))
            remedy = "put the whole text in quotes; if it is a comment, write a space after '#'"
            self.report.warning(
                at, "R115", f"YAML ignores everything from here on: {shown(line[hashed.end() - 1 :])}", remedy
            )

    def _refuse_decorations(self, event: Any) -> None:
        if event.anchor is not None:
            remedy = "remove it; what many rules share goes under 'defaults' or 'groups'"
            self.report.error(self._at(event), "R109", f"the anchor '&{shown(event.anchor)}' is not allowed", remedy)
        if event.tag is not None and event.tag != "!":
            remedy = "remove it; if the '!' belongs to the text, put the text in quotes"
            self.report.error(self._at(event), "R109", f"the tag '{shown(event.tag)}' is not allowed", remedy)

    def _alias(self, event: yaml.AliasEvent) -> None:
        remedy = "write it out. For any ending of a word: {starts: word}; for a '*' in the text, put the text in quotes"
        at = self._at(event)
        self.report.error(
            at, "R109", f"'*{shown(str(event.anchor))}' is a YAML alias, and aliases are not allowed", remedy
        )
        self._place(Scalar.make(f"*{event.anchor}", at).filled(None))  # what it stood for is not looked at further

    def _document(self, event: yaml.Event) -> None:
        self.documents += 1
        if self.documents > 1:
            remedy = "remove the line '---'; a second file goes under 'include'"
            self.report.error(self._at(event), "R110", "a second document begins here", remedy)
            raise _Stop

    def _at(self, event: Any) -> Location:
        mark = event.start_mark
        return self.draft.at(Location(self.file, mark.line + 1, mark.column + 1))


def _space_hint(name: str) -> str:
    return " (type an ordinary space instead)" if "SPACE" in name else ""


def _events(parser: Any) -> Iterator[yaml.Event]:
    while parser.check_event():
        yield parser.get_event()
